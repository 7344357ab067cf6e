import { createClient } from '../../src/client/index.ts'
import { createFeedList } from './feed-list.ts'
import type { PlainViewer } from './plain-viewer.ts'

/** A viewer on the SDK, as the pages are; `url` is where it polls when neither sockets nor streams work. */
export function watchingViewer(gatewayUrl: string, eventId: string, url = gatewayUrl): PlainViewer {
  const client = createClient({ url, gatewayUrl })
  const list = createFeedList()
  let isLive = false
  client.watch(eventId, {
    onChange(change) {
      if (change.kind === 'restarted') {
        list.restarted(change.view.position, change.reason)
        isLive = true
      } else if (change.kind === 'entry') list.take(change.view.position.epoch, change.entry)
      else if (change.kind === 'state') {
        if (change.state.name === 'live' && !isLive) list.resumed()
        isLive = change.state.name === 'live'
      }
    },
  })
  return Object.assign(list, { close: () => client.close() })
}
