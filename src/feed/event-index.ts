import { createHash } from 'node:crypto'
import { Event } from '../protocol/event.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

export type EventIndex = ReturnType<typeof createEventIndex>

/** What is accepted of an event within this time is noted once. */
const NOTE_EVERY_MS = 1_000
/** So many events are remembered as noted. */
const MAX_NOTED = 10_000

/** Which events there are. */
export function createEventIndex(needs: { redis: ScriptedRedis; keys: Keys; idempotencyMs: number }) {
  const { redis, keys, idempotencyMs } = needs
  const noted = new Map<string, number>()
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

    /** Something was accepted of this event. It only orders what ops see, so nobody waits for it, and one that fails comes with the next. */
    noteActivity(eventId: string, now: Date): void {
      if (now.getTime() - (noted.get(eventId) ?? 0) < NOTE_EVERY_MS) return
      if (noted.size >= MAX_NOTED) noted.clear()
      noted.set(eventId, now.getTime())
      redis.zadd(keys.activity, 'GT', now.getTime(), eventId).catch(() => noted.delete(eventId))
    },

    /**
     * Ids of a page of events, the one that was active last first, and where the next page goes on. Events that are noted
     * nowhere (they came with an import) count as active when they were created.
     */
    async active(limit: number, after?: ActivePlace): Promise<{ ids: string[]; next: ActivePlace | undefined }> {
      const [listed, known] = await Promise.all([redis.zcard(keys.index), redis.zcard(keys.activity)])
      if (known < listed) await redis.zunionstore(keys.activity, 2, [keys.index, keys.activity], 'AGGREGATE', 'MAX')
      const ids: string[] = []
      let last = after
      for (let offset = 0; ; offset += limit + 1) {
        const from = after === undefined ? '+inf' : after.ms
        const [key, range] = [keys.activity, ['LIMIT', offset, limit + 1] as const]
        const found = await redis.zrevrangebyscore(key, from, '-inf', 'WITHSCORES', ...range)
        for (let i = 0; i < found.length; i += 2) {
          const place = { id: String(found[i]), ms: Number(found[i + 1]) }
          if (after !== undefined && place.ms === after.ms && place.id >= after.id) continue
          if (ids.length === limit) return { ids, next: last }
          ids.push(place.id)
          last = place
        }
        if (found.length < 2 * (limit + 1)) return { ids, next: undefined }
      }
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

/** Of the last event on a page; `ms` is when it was active. */
export interface ActivePlace {
  readonly ms: number
  readonly id: string
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
