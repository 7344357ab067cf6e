import type { FeedReader } from './feed-reader.ts'
import { committedAt } from './replays.ts'

/** The last entry that was committed before a moment, in ms; 0 when none was. */
export function lastBefore(reader: FeedReader, eventId: string, lastSeq: number, ms: number): Promise<number> {
  return lastWhere(lastSeq, async seq => (await committedAtSeq(reader, eventId, seq)) < ms)
}

/** The last entry that had been committed at a moment, in ms; 0 when none had. */
export function lastUpTo(reader: FeedReader, eventId: string, lastSeq: number, ms: number): Promise<number> {
  return lastWhere(lastSeq, async seq => (await committedAtSeq(reader, eventId, seq)) <= ms)
}

/** The last seq of 1 to `most` where a test holds that holds for all before it; 0 when it holds for none. */
async function lastWhere(most: number, holds: (seq: number) => Promise<boolean>): Promise<number> {
  let low = 0
  let high = most
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (await holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** When an entry was committed, in ms since 1970. */
export async function committedAtSeq(reader: FeedReader, eventId: string, seq: number): Promise<number> {
  const read = await reader.linesAfter(eventId, { seq: seq - 1 }, 1)
  const line = read.found ? read.lines[0] : undefined
  if (line === undefined) throw new Error(`entry ${seq} of ${eventId} cannot be read`)
  return committedAt(line)
}
