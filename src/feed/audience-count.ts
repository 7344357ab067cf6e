import { z } from 'zod'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** A process that has told nothing of a room for this long counts no more there: five tellings were missed. */
export const AUDIENCE_FORGET_MS = 10_000

/** How the viewers of one room hold on to it, in one process or over all. Those who poll are not counted here. */
export interface AudienceKinds {
  readonly sockets: number
  readonly streams: number
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
  return {
    /** Tells what `processId` has in a room now (none: it is forgotten there), and answers how many there are over all. */
    async report(processId: string, { eventId, replayId, ...own }: AudienceReport): Promise<AudienceKinds> {
      const event = keys.event(eventId)
      const all = await redis.dlCountAudience(
        event.audience(replayId),
        event.audienceTotals,
        processId,
        own.sockets,
        own.streams,
        own.joins,
        AUDIENCE_FORGET_MS,
        replayId === undefined ? 1 : 0,
      )
      const [sockets, streams] = Counted.parse(all)
      return { sockets, streams }
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

const Counted = z.tuple([z.int(), z.int()])
