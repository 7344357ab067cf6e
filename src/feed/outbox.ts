import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** A record as found: one may be unreadable (damaged by hand, or by another version), or destroyed. */
export type OutboxRecord = { readonly readable: true; readonly submission: Submission } | { readonly readable: false }

/** So many events are asked for at once, so that others who ask Redis get their turn in between. */
const EVENTS_AT_A_TIME = 200

export type Outbox = ReturnType<typeof createOutbox>

/** What was accepted and has not ended. */
export function createOutbox({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Submissions accepted before `beforeMs` that no worker has made ready, oldest first. */
    async overdue(eventId: string, beforeMs: number, most: number) {
      const { outbox, outboxTimes, pending } = keys.event(eventId)
      const numbers = await redis.zrangebyscore(outboxTimes, '-inf', beforeMs, 'LIMIT', 0, most)
      if (numbers.length === 0) return []
      const [records, ready] = await Promise.all([redis.hmget(outbox, ...numbers), redis.hmget(pending, ...numbers)])
      return numbers.flatMap((number, i) => {
        const text = records[i]
        if (typeof ready[i] === 'string') return []
        return [{ acceptNumber: Number(number), record: readRecord(text ?? '') }]
      })
    },

    /** How many submissions of these events have not ended, and when the oldest of them was accepted, in ms. */
    async backlog(eventIds: readonly string[]): Promise<{ size: number; oldestMs: number | undefined }> {
      let size = 0
      let oldestMs: number | undefined
      for (let first = 0; first < eventIds.length; first += EVENTS_AT_A_TIME) {
        const found = await Promise.all(
          eventIds.slice(first, first + EVENTS_AT_A_TIME).map(async eventId => {
            const { outboxTimes } = keys.event(eventId)
            const [count, [, time]] = await Promise.all([
              redis.zcard(outboxTimes),
              redis.zrange(outboxTimes, '0', '0', 'WITHSCORES'),
            ])
            return { count, time }
          }),
        )
        for (const { count, time } of found) {
          size += count
          if (time !== undefined) oldestMs = Math.min(oldestMs ?? Number(time), Number(time))
        }
      }
      return { size, oldestMs }
    },

    /** Whether `sweeper` may sweep for the next `ms`: one at a time does. */
    async takeSweep(sweeper: string, ms: number): Promise<boolean> {
      if ((await redis.set(keys.sweeping, sweeper, 'PX', ms, 'NX')) === 'OK') return true
      if ((await redis.get(keys.sweeping)) !== sweeper) return false
      await redis.pexpire(keys.sweeping, ms)
      return true
    },
  }
}

function readRecord(text: string): OutboxRecord {
  try {
    return { readable: true, submission: Submission.parse(JSON.parse(text)) }
  } catch {
    return { readable: false }
  }
}
