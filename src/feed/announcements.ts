import type { Redis } from 'ioredis'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Keys } from '../redis/keys.ts'

export interface AnnouncementListener {
  /** A committed line, as published. Announcements may be lost: whoever needs each one compares with the feed. */
  line?(line: string): void
  /** A submission ended: published, dead ... */
  ending?(acceptNumber: number, state: string): void
  /** The connection was away: anything may have been missed. */
  reconnected?(): void
}

export interface Announcements extends Part {
  /** Resolves when the subscription stands: what is committed from then on is told. */
  listen(eventId: string, listener: AnnouncementListener): Promise<() => void>
}

interface Topic {
  readonly eventId: string
  readonly listeners: Set<AnnouncementListener>
  ready: Promise<unknown>
}

/** One subscriber connection per process, shared by all who listen to any event. Closes the connection on stop. */
export function createAnnouncements(needs: { subscriber: Redis; keys: Keys; log: Logger }): Announcements {
  const { subscriber, keys, log } = needs
  const topics = new Map<string, Topic>()
  const channels = new Map<string, { topic: Topic; kind: 'line' | 'ending' }>()

  subscriber.on('smessage', (channel: string, message: string) => {
    const target = channels.get(channel)
    if (target === undefined) return
    if (target.kind === 'line') {
      for (const listener of target.topic.listeners) listener.line?.(message)
      return
    }
    const [number, state] = message.split(' ')
    for (const listener of target.topic.listeners) listener.ending?.(Number(number), state ?? '')
  })
  let connectedBefore = subscriber.status === 'ready'
  subscriber.on('ready', () => {
    if (connectedBefore) for (const topic of topics.values()) void resubscribe(topic)
    connectedBefore = true
  })

  const channelsOf = (eventId: string) => {
    const { lines, endings } = keys.event(eventId)
    return [lines, endings] as const
  }

  async function resubscribe(topic: Topic): Promise<void> {
    topic.ready = subscriber.ssubscribe(...channelsOf(topic.eventId))
    await topic.ready.catch((err: unknown) => log.warn({ err, eventId: topic.eventId }, 'subscription was not renewed'))
    for (const listener of topic.listeners) listener.reconnected?.()
  }

  function open(eventId: string): Topic {
    const [lines, endings] = channelsOf(eventId)
    const topic: Topic = { eventId, listeners: new Set(), ready: subscriber.ssubscribe(lines, endings) }
    topics.set(eventId, topic)
    channels.set(lines, { topic, kind: 'line' }).set(endings, { topic, kind: 'ending' })
    return topic
  }

  function close(topic: Topic): void {
    const [lines, endings] = channelsOf(topic.eventId)
    topics.delete(topic.eventId)
    channels.delete(lines)
    channels.delete(endings)
    subscriber.sunsubscribe(lines, endings).catch((err: unknown) => {
      log.debug({ err, eventId: topic.eventId }, 'subscription ended with its connection')
    })
  }

  return {
    name: 'announcements',
    async listen(eventId, listener) {
      const topic = topics.get(eventId) ?? open(eventId)
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
    },
    async stop() {
      subscriber.disconnect()
    },
  }
}
