import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

export type Rebroadcast = (eventId: string, from: number) => Promise<void>

/**
 * Has every gateway send its viewers the entries from a seq on once more. Whoever has them ignores them by their seq;
 * others rejoin or heal. Nothing in the feed changes, so it may be done as often as one likes.
 */
export function createRebroadcast({ redis, keys }: { redis: ScriptedRedis; keys: Keys }): Rebroadcast {
  return async (eventId, from) => {
    await redis.spublish(keys.event(eventId).again, String(from))
  }
}
