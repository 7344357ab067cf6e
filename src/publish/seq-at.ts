import type { FeedReader } from '../feed/feed-reader.ts'
import { lastUpTo } from '../feed/find-seq.ts'
import { Refusal } from '../foundation/errors.ts'
import { InstantInput } from '../protocol/time.ts'
import { eventNotFound } from './readable-event.ts'

/** The entry that `?at=` names: a seq, or the last one that had been committed at a moment. */
export async function seqAt(reader: FeedReader, eventId: string, at: string): Promise<number> {
  const head = await reader.head(eventId)
  if (head === undefined) throw eventNotFound(eventId)
  if (/^\d{1,15}$/.test(at)) {
    const seq = Number(at)
    if (seq >= 1 && seq <= head.seq) return seq
    throw outside(`The feed has the entries 1 to ${head.seq}.`)
  }
  const parsed = InstantInput.safeParse(at)
  if (!parsed.success) throw outside('Must be a seq, or a moment such as 2026-11-24T10:00:00Z.')
  const seq = await lastUpTo(reader, eventId, head.seq, Date.parse(parsed.data))
  if (seq === 0) throw outside('The event had not been created then.')
  return seq
}

function outside(detail: string): Refusal {
  return new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer: '#/at', detail }] } })
}
