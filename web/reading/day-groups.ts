import type { Update } from '../../src/protocol/update.ts'
import { dayOf } from './times.ts'

/** The note that stays on an open page where an update was retracted: its words are gone. */
export interface RetractionNote {
  readonly id: string
  readonly sortTime: string
  readonly reason?: string
}

export type TimelineItem =
  | { readonly kind: 'update'; readonly id: string; readonly sortTime: string; readonly update: Update }
  | { readonly kind: 'retracted'; readonly id: string; readonly sortTime: string; readonly note: RetractionNote }

export interface DayGroup {
  /** `2023-12-15`, in the event's zone. */
  readonly day: string
  readonly items: readonly TimelineItem[]
}

/** Pure: updates (newest first) and retraction notes as one timeline, cut into the days of the event's zone. */
export function groupByDay(
  updates: readonly Update[],
  notes: readonly RetractionNote[],
  zone: string,
): readonly DayGroup[] {
  const items: TimelineItem[] = [
    ...updates.map(update => ({ kind: 'update' as const, id: update.id, sortTime: update.sortTime, update })),
    ...notes.map(note => ({ kind: 'retracted' as const, id: note.id, sortTime: note.sortTime, note })),
  ]
  // Sorting is stable: updates of one time stay in the order they were given in.
  if (notes.length > 0) items.sort((a, b) => (a.sortTime === b.sortTime ? 0 : a.sortTime < b.sortTime ? 1 : -1))
  const groups: { day: string; items: TimelineItem[] }[] = []
  for (const item of items) {
    const day = dayOf(item.sortTime, zone)
    const last = groups.at(-1)
    if (last?.day === day) last.items.push(item)
    else groups.push({ day, items: [item] })
  }
  return groups
}
