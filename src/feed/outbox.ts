import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** A record as found: one may be unreadable (damaged by hand, or by another version), or destroyed. */
export type OutboxRecord = { readonly readable: true; readonly submission: Submission } | { readonly readable: false }

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
