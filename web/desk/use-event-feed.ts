import { useEffect, useRef, useState } from 'preact/hooks'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { type Connection, connectionAfter } from '../reading/connection.ts'
import type { Seen } from './submission.ts'

export interface EventFeed {
  readonly view: Snapshot | undefined
  readonly connection: Connection
  /** Who looks on, over all gateways; undefined until it is told. */
  readonly viewers: number | undefined
}

/** The live feed of an event; `onSeen` is told of each entry, so that submissions end as soon as they are seen. */
export function useEventFeed(client: DatelineClient, eventId: string, onSeen: (seen: Seen) => void): EventFeed {
  const [feed, setFeed] = useState<EventFeed>({
    view: undefined,
    connection: { name: 'connecting' },
    viewers: undefined,
  })
  const tell = useRef(onSeen)
  tell.current = onSeen
  useEffect(() => {
    const onChange = (change: WatchChange) => {
      if (change.kind === 'viewers') {
        setFeed(before => ({ ...before, viewers: change.viewers }))
        return
      }
      if (change.kind === 'state') {
        const nowMs = Date.now()
        setFeed(before => ({ ...before, connection: connectionAfter(before.connection, change.state, nowMs) }))
        return
      }
      setFeed(before => ({ ...before, view: change.view }))
      const seen = change.kind === 'entry' ? seenIn(change.entry) : undefined
      if (seen !== undefined) tell.current(seen)
    }
    const watch = client.watch(eventId, { onChange })
    return () => watch.stop()
  }, [])
  return feed
}

function seenIn(entry: Entry): Seen | undefined {
  switch (entry.type) {
    case 'published':
      return { acceptNumber: entry.acceptNumber, seq: entry.seq, state: 'published', publishedId: entry.update.id }
    case 'revised':
    case 'retracted':
      return { acceptNumber: entry.acceptNumber, seq: entry.seq, state: entry.type }
    case 'event':
      return { acceptNumber: entry.acceptNumber, seq: entry.seq, state: 'applied' }
    default:
      return undefined
  }
}
