import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** Long enough for every gateway to have sent the entry. */
const KEPT_SECONDS = 60

export type TraceLinks = ReturnType<typeof createTraceLinks>

/**
 * Which trace an accept number belongs to: the worker keeps it, the gateways ask for it. It stands beside the feed, because a
 * trace is nothing for readers, and an entry's line is what they are given.
 */
export function createTraceLinks({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Resolves when it stands. What is asked of the same connection after the call finds it. */
    async keep(eventId: string, acceptNumber: number, traceparent: string): Promise<void> {
      await redis.set(keys.event(eventId).trace(acceptNumber), traceparent, 'EX', KEPT_SECONDS)
    },

    /** The traceparents of those numbers that have one, by number. */
    async find(eventId: string, acceptNumbers: readonly number[]): Promise<Map<number, string>> {
      const event = keys.event(eventId)
      const found = await redis.mget(acceptNumbers.map(number => event.trace(number)))
      return new Map(
        acceptNumbers.flatMap((number, i) => {
          const traceparent = found[i]
          return typeof traceparent === 'string' ? [[number, traceparent]] : []
        }),
      )
    },
  }
}
