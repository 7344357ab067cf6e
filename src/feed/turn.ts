import type { ScriptedRedis } from '../redis/scripts.ts'

/** What one process of many does at a time. */
export interface Turn {
  /** Whether `holder` has the turn for the next `ms`; who has it already keeps it. */
  take(holder: string, ms: number): Promise<boolean>
  /** Lets others take it at once. */
  giveBack(holder: string): Promise<void>
}

export function createTurn({ redis, key }: { redis: ScriptedRedis; key: string }): Turn {
  return {
    async take(holder, ms) {
      if ((await redis.set(key, holder, 'PX', ms, 'NX')) === 'OK') return true
      if ((await redis.get(key)) !== holder) return false
      await redis.pexpire(key, ms)
      return true
    },
    async giveBack(holder) {
      if ((await redis.get(key)) === holder) await redis.del(key)
    },
  }
}
