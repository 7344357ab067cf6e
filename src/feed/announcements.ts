import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Keys } from '../redis/keys.ts'
import type { RedisConnection } from '../redis/nodes.ts'

export interface AnnouncementListener {
  /** A committed line, as published. Announcements may be lost: whoever needs each one compares with the feed. */
  line?(line: string): void
  /** A submission ended: published, dead ... */
  ending?(acceptNumber: number, state: string): void
  /** Ops want viewers sent everything from this seq on once more. */
  again?(from: number): void
  /** What is listened to (a replay, the intake, the revocations) was changed: read it again. */
  changed?(): void
  /** The connection was away: anything may have been missed. */
  reconnected?(): void
}

export interface Announcements extends Part {
  /** Resolves when the subscription stands: what is committed to the event from then on is told. */
  listen(eventId: string, listener: AnnouncementListener): Promise<() => void>
  /** The same of a replay: the lines that it sends, and its changes. */
  listenToReplay(eventId: string, replayId: string, listener: AnnouncementListener): Promise<() => void>
  /** Whether the intake of all events is paused: told when it was changed. */
  listenToIntake(listener: AnnouncementListener): Promise<() => void>
  /** Which tokens were revoked: told when more were. */
  listenToRevocations(listener: AnnouncementListener): Promise<() => void>
}

type Kind = 'line' | 'ending' | 'again' | 'changed'

interface Topic {
  readonly name: string
  readonly channels: ReadonlyMap<string, Kind>
  readonly listeners: Set<AnnouncementListener>
  ready: Promise<unknown>
}

/** One subscriber connection per process, shared by all who listen to any event. Closes the connection on stop. */
export function createAnnouncements(needs: { subscriber: RedisConnection; keys: Keys; log: Logger }): Announcements {
  const { subscriber, keys, log } = needs
  const topics = new Map<string, Topic>()
  const channels = new Map<string, { topic: Topic; kind: Kind }>()

  subscriber.on('smessage', (channel: string, message: string) => {
    const target = channels.get(channel)
    if (target === undefined) return
    for (const listener of target.topic.listeners) tell(listener, target.kind, message)
  })
  let connectedBefore = subscriber.status === 'ready'
  subscriber.on('ready', () => {
    if (connectedBefore) resubscribeAll()
    connectedBefore = true
  })
  // In a cluster: a node was away, or slots have another primary now.
  subscriber.on('subscribersReady', resubscribeAll)

  function resubscribeAll(): void {
    for (const topic of topics.values()) void resubscribe(topic)
  }

  async function resubscribe(topic: Topic): Promise<void> {
    topic.ready = subscriber.ssubscribe(...topic.channels.keys())
    await topic.ready.catch((err: unknown) => log.warn({ err, topic: topic.name }, 'subscription was not renewed'))
    for (const listener of topic.listeners) listener.reconnected?.()
  }

  function open(name: string, kinds: ReadonlyMap<string, Kind>): Topic {
    const ready = subscriber.ssubscribe(...kinds.keys())
    const topic: Topic = { name, channels: kinds, listeners: new Set(), ready }
    topics.set(name, topic)
    for (const [channel, kind] of kinds) channels.set(channel, { topic, kind })
    return topic
  }

  function close(topic: Topic): void {
    topics.delete(topic.name)
    for (const channel of topic.channels.keys()) channels.delete(channel)
    subscriber.sunsubscribe(...topic.channels.keys()).catch((err: unknown) => {
      log.debug({ err, topic: topic.name }, 'subscription ended with its connection')
    })
  }

  async function join(name: string, kinds: ReadonlyMap<string, Kind>, listener: AnnouncementListener) {
    const topic = topics.get(name) ?? open(name, kinds)
    topic.listeners.add(listener)
    let listening = true
    const leave = () => {
      if (!listening) return
      listening = false
      topic.listeners.delete(listener)
      if (topic.listeners.size === 0) close(topic)
    }
    try {
      await topic.ready
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  return {
    name: 'announcements',
    listen(eventId, listener) {
      const { lines, endings, again } = keys.event(eventId)
      return join(
        eventId,
        new Map<string, Kind>([
          [lines, 'line'],
          [endings, 'ending'],
          [again, 'again'],
        ]),
        listener,
      )
    },
    listenToReplay(eventId, replayId, listener) {
      const event = keys.event(eventId)
      const kinds = new Map<string, Kind>([
        [event.replayLines(replayId), 'line'],
        [event.replayControl(replayId), 'changed'],
      ])
      return join(`${eventId} replay ${replayId}`, kinds, listener)
    },
    listenToIntake(listener) {
      // No event has a name with a space.
      return join('the intake', new Map<string, Kind>([[keys.intakeChanged, 'changed']]), listener)
    },
    listenToRevocations(listener) {
      return join('the revocations', new Map<string, Kind>([[keys.revocationsChanged, 'changed']]), listener)
    },
    async stop() {
      subscriber.disconnect()
    },
  }
}

function tell(listener: AnnouncementListener, kind: Kind, message: string): void {
  if (kind === 'line') listener.line?.(message)
  else if (kind === 'again') listener.again?.(Number(message))
  else if (kind === 'changed') listener.changed?.()
  else {
    const [number, state] = message.split(' ')
    listener.ending?.(Number(number), state ?? '')
  }
}
