import { createHash } from 'node:crypto'
import { Event } from '../protocol/event.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

export type EventIndex = ReturnType<typeof createEventIndex>

/** Which events there are. */
export function createEventIndex(needs: { redis: ScriptedRedis; keys: Keys; idempotencyMs: number }) {
  const { redis, keys, idempotencyMs } = needs
  return {
    /**
     * Reserves an Idempotency-Key for the creation of an event, and lists its id. The first caller's id stands:
     * a repeat is given it. Undefined when the key was used for another request.
     */
    async register(scope: { sub: string; key: string; body: string }, eventId: string, now: Date) {
      const value = `${sha(scope.body)} ${eventId}`
      const key = keys.creation(sha(`${scope.sub}\n${scope.key}`))
      const first = (await redis.set(key, value, 'PX', idempotencyMs, 'NX', 'GET')) ?? value
      const [hash, registeredId] = first.split(' ')
      if (hash !== sha(scope.body) || registeredId === undefined) return undefined
      await redis.zadd(keys.index, 'NX', now.getTime(), registeredId)
      return registeredId
    },

    /** All ids, newest first. */
    ids(): Promise<string[]> {
      return redis.zrevrange(keys.index, 0, -1)
    },

    /** A page of events, newest first, and whether there are more. */
    async page(offset: number, limit: number): Promise<{ events: Event[]; more: boolean }> {
      const ids = await redis.zrevrange(keys.index, offset, offset + limit)
      const texts = await Promise.all(ids.slice(0, limit).map(id => redis.get(keys.event(id).event)))
      const events = texts.filter(text => text !== null).map(text => Event.parse(JSON.parse(text)))
      return { events, more: ids.length > limit }
    },
  }
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
