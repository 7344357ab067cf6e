import { z } from 'zod'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { pollerKeys } from './pollers.ts'

/** A process that has told nothing of a room for this long counts no more there: five tellings were missed. */
export const AUDIENCE_FORGET_MS = 10_000

/** How the viewers of one room hold on to it, in one process. */
export interface AudienceKinds {
  readonly sockets: number
  readonly streams: number
}

/** Over all processes. Those who poll are counted roughly, and for up to a minute after they left. */
export interface AudienceNow extends AudienceKinds {
  readonly pollers: number
}

/** What one process tells of its room. `replayId` is set for a rehearsal. */
export interface AudienceReport extends AudienceKinds {
  readonly eventId: string
  readonly replayId?: string | undefined
  /** How often somebody joined since it last told. */
  readonly joins: number
}

/** Of one event's live room, since the event began. `peakAt` is undefined when nobody has ever been there. */
export interface AudienceTotals {
  readonly peak: number
  readonly peakAt: string | undefined
  /** Who came back counts again. */
  readonly joins: number
}

export type AudienceCount = ReturnType<typeof createAudienceCount>

/** The viewers of each room over all processes: each tells its own number, and nobody counts one by one. */
export function createAudienceCount({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  async function report(processId: string, { eventId, replayId, ...own }: AudienceReport): Promise<AudienceNow> {
    const event = keys.event(eventId)
    const all = await redis.dlCountAudience(
      event.audience(replayId),
      event.audienceTotals,
      ...pollerKeys(event, Date.now()),
      processId,
      own.sockets,
      own.streams,
      own.joins,
      AUDIENCE_FORGET_MS,
      replayId === undefined ? 1 : 0,
    )
    const [sockets, streams, pollers] = Counted.parse(all)
    return { sockets, streams, pollers }
  }

  return {
    /** Tells what `processId` has in a room now (none: it is forgotten there), and answers how many there are over all. */
    report,

    /** How many there are over all, for one that has none. */
    now(eventId: string): Promise<AudienceNow> {
      return report('', { eventId, sockets: 0, streams: 0, joins: 0 })
    },

    async totals(eventId: string): Promise<AudienceTotals> {
      const found = await redis.hmget(keys.event(eventId).audienceTotals, 'peak', 'peakAt', 'joins')
      const [peak, peakAt, joins] = found
      return {
        peak: Number(peak ?? 0),
        peakAt: typeof peakAt === 'string' ? new Date(Number(peakAt)).toISOString() : undefined,
        joins: Number(joins ?? 0),
      }
    },
  }
}

const Counted = z.tuple([z.int(), z.int(), z.int()])
