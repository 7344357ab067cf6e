import { z } from 'zod'
import { EventStatus } from '../protocol/event.ts'
import type { EventOverview } from '../protocol/ops.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { AUDIENCE_FORGET_MS } from './audience-count.ts'
import { pollerKeys } from './pollers.ts'

/** Over so much of the past the updates of a minute are counted. */
const RATE_MS = 60_000

export type EventOverviews = ReturnType<typeof createEventOverviews>

/** Events as ops see them: numbers, not texts. One script for each, all sent at once. */
export function createEventOverviews({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  async function read(eventId: string, now: Date): Promise<EventOverview[]> {
    const event = keys.event(eventId)
    const found = await redis.dlReadOverview(
      event.meta,
      event.event,
      event.feed,
      event.outboxTimes,
      event.dead,
      event.held,
      event.audience(),
      event.audienceTotals,
      event.purged,
      ...pollerKeys(event, now.getTime()),
      new Date(now.getTime() - RATE_MS).toISOString(),
      AUDIENCE_FORGET_MS,
    )
    const parts = Parts.parse(found)
    if (parts.length === 0) return []
    const [json, accepted, head, seq, waiting, oldest, updatesPerMinute, dead, held, viewers, peak] = parts
    const { headline, status, visibility } = Told.parse(JSON.parse(json))
    return [
      {
        id: eventId,
        ...{
          headline,
          status,
          visibility,
          viewers,
          peakViewers: Math.max(peak, viewers),
          seq,
          accepted,
          head,
          waiting,
        },
        oldestWaitingMs: oldest < 0 ? null : Math.max(0, now.getTime() - oldest),
        ...{ updatesPerMinute, dead, held },
      },
    ]
  }

  return {
    /** In the order of the ids; those without an event (their creation failed) are left out. */
    async read(eventIds: readonly string[], now: Date): Promise<EventOverview[]> {
      return (await Promise.all(eventIds.map(id => read(id, now)))).flat()
    },
  }
}

/** What is told of an event's own words. */
const Told = z.object({ headline: z.string(), status: EventStatus, visibility: z.enum(['public', 'private']) })

const Count = z.int()
const Parts = z.union([
  z.tuple([]),
  z.tuple([z.string(), Count, Count, Count, Count, Count, Count, Count, Count, Count, Count]),
])
