import type { Request } from 'express'
import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { snapshotAt } from '../feed/snapshot-at.ts'
import { seqAt } from './seq-at.ts'

/** The snapshot that `?at=` and `?before=` ask for: of now, or of a place in the past; from the top, or a page of older updates. */
export async function wantedSnapshot(
  reader: FeedReader,
  eventId: string,
  { query }: Pick<Request, 'query'>,
  limit: number,
): Promise<SnapshotText | undefined> {
  const page = { limit, ...(query['before'] === undefined ? {} : { before: String(query['before']) }) }
  if (query['at'] === undefined) return reader.snapshot(eventId, page)
  return snapshotAt(reader, eventId, await seqAt(reader, eventId, String(query['at'])), page)
}
