import type { FeedReader, SnapshotText } from './feed-reader.ts'
import { FeedFold } from './fold-feed.ts'
import { parsePastCursor } from './snapshot-text.ts'

const PAGE = 1_000

/**
 * An event as readers saw it right after its entry `seq`: revisions and retractions as of then; purged text stays purged.
 * `before` is the cursor of `links.older`.
 */
export async function snapshotAt(
  reader: FeedReader,
  eventId: string,
  seq: number,
  { limit, before }: { limit: number; before?: string },
): Promise<SnapshotText | undefined> {
  const cursor = before === undefined ? undefined : parsePastCursor(before)
  const fold = new FeedFold(eventId)
  let position: SnapshotText['position'] | undefined
  while (fold.seq < seq) {
    const read = await reader.linesAfter(eventId, { seq: fold.seq }, Math.min(PAGE, seq - fold.seq))
    if (!read.found || read.lines.length === 0) return undefined
    for (const line of read.lines) fold.take(line)
    position = read.position
  }
  const json = position === undefined ? undefined : fold.snapshot(position, limit, cursor)
  return json === undefined || position === undefined ? undefined : { json, position }
}
