import type { FeedReader } from '../feed/feed-reader.ts'
import { committedAt } from '../feed/replays.ts'
import { Refusal } from '../foundation/errors.ts'
import type { ReplayRequest } from '../protocol/replay.ts'

/** The seqs of a replay's first and last entry. A moment means the entries committed from it on, or up to it. */
export async function rangeOf(
  reader: FeedReader,
  eventId: string,
  request: Pick<ReplayRequest, 'from' | 'to'>,
): Promise<{ from: number; to: number }> {
  const head = await reader.head(eventId)
  if (head === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  const isBefore = (moment: string) => async (seq: number) =>
    (await committedAtSeq(reader, eventId, seq)) < Date.parse(moment)
  const isUpTo = (moment: string) => async (seq: number) =>
    (await committedAtSeq(reader, eventId, seq)) <= Date.parse(moment)

  const { from, to = head.seq } = request
  const first = typeof from === 'number' ? from : (await lastWhere(head.seq, isBefore(from))) + 1
  const last = typeof to === 'number' ? to : await lastWhere(head.seq, isUpTo(to))
  const errors = [
    ...(first > head.seq ? [{ pointer: '#/from', detail: `The feed ends with entry ${head.seq}.` }] : []),
    ...(last > head.seq ? [{ pointer: '#/to', detail: `The feed ends with entry ${head.seq}.` }] : []),
    ...(last < first ? [{ pointer: '#/to', detail: 'There is no entry in this range.' }] : []),
  ]
  if (errors.length > 0) throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
  return { from: first, to: last }
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

async function committedAtSeq(reader: FeedReader, eventId: string, seq: number): Promise<number> {
  const read = await reader.linesAfter(eventId, { seq: seq - 1 }, 1)
  const line = read.found ? read.lines[0] : undefined
  if (line === undefined) throw new Error(`entry ${seq} of ${eventId} cannot be read`)
  return committedAt(line)
}
