import type { Entry } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { Update } from '../../src/protocol/update.ts'

/** What a reader missed who comes back. */
export interface Away {
  readonly keyEvents: number
  readonly others: number
  /** There is more than what was looked at. */
  readonly isMore: boolean
  /** The first update not seen. */
  readonly firstId: string
  /** The last entry that was seen: catching up begins there. */
  readonly seenSeq: number
}

/** Pure: what a row of entries, from the one after `seen`, has brought. Undefined when nothing of it is there to be read. */
export function awayAfter(seen: Position, entries: readonly Entry[], isMore: boolean): Away | undefined {
  const missed = new Map<string, Update>()
  for (const entry of entries) {
    if (entry.type === 'published') missed.set(entry.update.id, entry.update)
    else if (entry.type === 'revised' && missed.has(entry.update.id)) missed.set(entry.update.id, entry.update)
    else if (entry.type === 'retracted' || entry.type === 'purged') missed.delete(entry.updateId)
  }
  const updates = [...missed.values()].toSorted((a, b) => (a.sortTime < b.sortTime ? -1 : 1))
  const first = updates[0]
  if (first === undefined) return undefined
  const keyEvents = updates.filter(update => update.isKeyEvent).length
  return { keyEvents, others: updates.length - keyEvents, isMore, firstId: first.id, seenSeq: seen.seq }
}

/** `While you were away: 3 key, 9 others`. */
export function awayWords({ keyEvents, others, isMore }: Away): string {
  const plain = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
  const counts =
    keyEvents === 0
      ? [plain(others, 'update', 'updates')]
      : [`${keyEvents} key`, ...(others === 0 ? [] : [plain(others, 'other', 'others')])]
  return `While you were away: ${counts.join(', ')}${isMore ? ' and more' : ''}`
}
