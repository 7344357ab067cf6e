import type { Logger } from '../../foundation/logger.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'

/** Keys that stand aside are gone this long after whoever made them has died. */
export const ASIDE_MS = 60_000
const RENEW_MS = 15_000

export interface AsideKeys {
  /** Lets them go at once. */
  drop(): Promise<void>
}

/** Keeps keys from expiring while this process lives, also while nothing is read from them or written to them. */
export function keepAside(needs: { redis: ScriptedRedis; log: Logger }, keys: readonly string[]): AsideKeys {
  const { redis, log } = needs
  const timer = setInterval(() => {
    const renewal = redis.pipeline()
    for (const key of keys) renewal.pexpire(key, ASIDE_MS)
    // If they expire after all, whoever uses them notices that.
    renewal.exec().catch((err: unknown) => log.warn({ err }, 'keys of an archive were not renewed'))
  }, RENEW_MS)
  timer.unref()
  return {
    async drop() {
      clearInterval(timer)
      await redis.unlink(...keys)
    },
  }
}
