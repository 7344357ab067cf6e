import type { FeedReader } from '../feed/feed-reader.ts'
import { lastBefore, lastUpTo } from '../feed/find-seq.ts'
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
  const { from, to = head.seq } = request
  const first = typeof from === 'number' ? from : (await lastBefore(reader, eventId, head.seq, Date.parse(from))) + 1
  const last = typeof to === 'number' ? to : await lastUpTo(reader, eventId, head.seq, Date.parse(to))
  const errors = [
    ...(first > head.seq ? [{ pointer: '#/from', detail: `The feed ends with entry ${head.seq}.` }] : []),
    ...(last > head.seq ? [{ pointer: '#/to', detail: `The feed ends with entry ${head.seq}.` }] : []),
    ...(last < first ? [{ pointer: '#/to', detail: 'There is no entry in this range.' }] : []),
  ]
  if (errors.length > 0) throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
  return { from: first, to: last }
}
