import type { Event } from '../../../src/protocol/event.ts'
import type { Snapshot } from '../../../src/protocol/snapshot.ts'
import type { Update } from '../../../src/protocol/update.ts'
import { anEvent, updateOf, updateSubmission } from '../../support/build.ts'

export const at = (time: string) => `2026-11-24T${time}:00.000Z`

export const idOf = (number: number) => `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** Update `number` of the event `talks`, at `10:<number>` unless told otherwise. */
export function anUpdate(number: number, over: Partial<Update> = {}): Update {
  const time = at(`10:${String(number).padStart(2, '0')}`)
  const body = over.bodyText ?? `Text ${number}.`
  const submission = updateSubmission({ updateId: idOf(number), draft: { body, bodyFormat: 'text' } }, new Date(time))
  return updateOf(submission, { headline: `Headline ${number}`, ...over })
}

export function aSnapshot(
  updates: readonly Update[],
  over: Partial<Omit<Snapshot, 'event'>> & { event?: Partial<Event> } = {},
): Snapshot {
  const { event, ...rest } = over
  return {
    event: { ...anEvent(), ...event },
    position: { epoch: 'e', seq: 50, chain: 'a'.repeat(40) },
    updates: updates.toSorted((a, b) => (a.sortTime < b.sortTime ? 1 : -1)),
    pinned: null,
    keyEvents: [],
    links: {},
    ...rest,
  }
}
