import type { FeedReader } from '../feed/feed-reader.ts'
import { committedAtSeq, lastUpTo } from '../feed/find-seq.ts'
import { Refusal } from '../foundation/errors.ts'
import { InstantInput } from '../protocol/time.ts'
import { eventNotFound } from './readable-event.ts'

/** A place in a feed's past. */
export interface PastPlace {
  /** The last entry that had been committed there. */
  readonly seq: number
  /** When it was, RFC 3339: the moment that was asked for, or when that entry was committed. */
  readonly moment: string
  /** Where the feed ends now. */
  readonly lastSeq: number
}

/** The place that `?at=` names: a seq, or a moment. */
export async function placeAt(reader: FeedReader, eventId: string, at: string): Promise<PastPlace> {
  const head = await reader.head(eventId)
  if (head === undefined) throw eventNotFound(eventId)
  const lastSeq = head.seq
  if (/^\d{1,15}$/.test(at)) {
    const seq = Number(at)
    if (seq < 1 || seq > lastSeq) throw outside(`The feed has the entries 1 to ${lastSeq}.`)
    return { seq, moment: new Date(await committedAtSeq(reader, eventId, seq)).toISOString(), lastSeq }
  }
  const parsed = InstantInput.safeParse(at)
  if (!parsed.success) throw outside('Must be a seq, or a moment such as 2026-11-24T10:00:00Z.')
  const seq = await lastUpTo(reader, eventId, lastSeq, Date.parse(parsed.data))
  if (seq === 0) throw outside('The event had not been created then.')
  return { seq, moment: parsed.data, lastSeq }
}

function outside(detail: string): Refusal {
  return new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer: '#/at', detail }] } })
}
