import type { Request } from 'express'
import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { snapshotAt } from '../feed/snapshot-at.ts'
import { type PastPlace, placeAt } from './place-at.ts'
import { type CacheTimes, FULL_PAGE, TOP } from './readable-event.ts'

export interface Wanted {
  readonly snapshot: SnapshotText | undefined
  /** Where in the past it is; undefined when it is of now. */
  readonly past: PastPlace | undefined
  /** How long it may be kept: what lies behind the last entry changes only with a takedown. */
  readonly times: CacheTimes
}

/** The snapshot that `?at=` and `?before=` ask for: of now, or of a place in the past; from the top, or a page of older updates. */
export async function wantedSnapshot(
  reader: FeedReader,
  eventId: string,
  { query }: Pick<Request, 'query'>,
  limit: number,
): Promise<Wanted> {
  const page = { limit, ...(query['before'] === undefined ? {} : { before: String(query['before']) }) }
  if (query['at'] === undefined) {
    return { snapshot: await reader.snapshot(eventId, page), past: undefined, times: TOP }
  }
  const past = await placeAt(reader, eventId, String(query['at']))
  const times = past.seq < past.lastSeq ? FULL_PAGE : TOP
  return { snapshot: await snapshotAt(reader, eventId, past.seq, page), past, times }
}
