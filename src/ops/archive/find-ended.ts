import type { Archives } from '../../feed/archive/archives.ts'
import type { EventIndex } from '../../feed/event-index.ts'
import type { FeedReader } from '../../feed/feed-reader.ts'

export interface EndedEvent {
  readonly eventId: string
  /** The end of its coverage; where none is told, its last change. */
  readonly endedAt: string
  readonly entries: number
}

/** Events that ended before a moment and are not in the archive store, those that ended first before the others. */
export async function findEnded(
  needs: {
    readonly index: Pick<EventIndex, 'ids'>
    readonly reader: Pick<FeedReader, 'event' | 'head'>
    readonly archives: Pick<Archives, 'storedAs'>
  },
  before: Date,
): Promise<EndedEvent[]> {
  const { index, reader, archives } = needs
  const found: EndedEvent[] = []
  for (const eventId of await index.ids()) {
    const event = await reader.event(eventId)
    if (event === undefined || (event.status !== 'ended' && event.status !== 'archived')) continue
    const endedAt = event.coverageEndTime ?? event.dateModified
    if (endedAt >= before.toISOString() || (await archives.storedAs(eventId)) !== undefined) continue
    found.push({ eventId, endedAt, entries: (await reader.head(eventId))?.seq ?? 0 })
  }
  return found.sort((a, b) => (a.endedAt < b.endedAt ? -1 : 1))
}
