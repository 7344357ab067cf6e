import { z } from 'zod'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** What is remembered of an update for the duplicate alert. */
export const RecentUpdate = z.strictObject({
  updateId: z.string(),
  /** 16 hex digits: SimHash of the words. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  acceptedAt: z.string(),
  /** Who published it. */
  name: z.string(),
})
export type RecentUpdate = z.infer<typeof RecentUpdate>

export interface RecentUpdates {
  /** The event's last published updates, newest first. */
  read(eventId: string): Promise<RecentUpdate[]>
}

export function createRecentUpdates({ redis, keys }: { redis: ScriptedRedis; keys: Keys }): RecentUpdates {
  return {
    async read(eventId) {
      const texts = await redis.lrange(keys.event(eventId).fingerprints, '0', '-1')
      return texts.map(text => RecentUpdate.parse(JSON.parse(text)))
    },
  }
}
