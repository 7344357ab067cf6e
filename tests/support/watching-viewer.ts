import { createClient } from '../../src/client/index.ts'
import { createFeedList } from './feed-list.ts'
import type { PlainViewer } from './plain-viewer.ts'

/** A viewer on the SDK, as the pages are. */
export function watchingViewer(url: string, eventId: string): PlainViewer {
  const client = createClient({ url })
  const list = createFeedList()
  client.watch(eventId, {
    onChange(change) {
      if (change.kind === 'restarted') list.restarted(change.view.position, change.reason)
      else if (change.kind === 'entry') list.take(change.view.position.epoch, change.entry)
    },
  })
  return Object.assign(list, { close: () => client.close() })
}
