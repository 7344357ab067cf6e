import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { type Limit, type LimitRule, limitOf, memoryLimiter, type Taken } from '../foundation/limit.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { Keys } from './keys.ts'
import type { RedisConnection } from './nodes.ts'

const TAKE = readFileSync(new URL('scripts/take.lua', import.meta.url), 'utf8')
/** A process takes a hundredth of a limit at a time: who writes much costs few commands, and nobody loses much. */
const SHARE = 100
/** What it took and did not use in this time is lost to the sender; the bucket fills up again anyway. */
const KEPT_MS = 1_000
const MOST_SENDERS = 10_000

export interface SharedLimitNeeds {
  readonly redis: RedisConnection
  readonly keys: Pick<Keys, 'limit'>
  readonly metrics: Pick<Metrics, 'limited'>
}

/** Points that this process has taken for a sender and not used yet. */
interface Purse {
  points: number
  readonly taken: Taken
}

/**
 * A limit that all processes count together, by one command at most. Redis being away refuses nothing: each process counts by
 * itself meanwhile. Undefined with `atOnce` 0: it is off.
 */
export function sharedLimit(rule: LimitRule, { redis, keys, metrics }: SharedLimitNeeds): Limit | undefined {
  if (rule.atOnce === 0) return undefined
  const limiter = new RateLimiterRedis({
    ...{ storeClient: redis, keyPrefix: '', points: rule.atOnce, duration: rule.seconds },
    // Every limit of a connection needs the same script: the library defines it as one command.
    customIncrTtlLuaScript: TAKE,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memoryLimiter(rule),
  })
  const { take } = limitOf(rule, limiter, metrics)
  const share = Math.max(1, Math.floor(rule.atOnce / SHARE))
  const purses = new LRUCache<string, Purse>({ max: MOST_SENDERS, ttl: KEPT_MS })
  const keyOf = (sender: string) => keys.limit(rule.name, createHash('sha256').update(sender).digest('base64url'))

  return {
    rule,
    async take(sender) {
      const purse = purses.get(sender)
      if (purse !== undefined && purse.points > 0) {
        purse.points -= 1
        return { ...purse.taken, remaining: purse.taken.remaining + purse.points }
      }
      const key = keyOf(sender)
      if (share === 1) return take(key)
      // The last few are too few for a whole share.
      const many = await limiter.consume(key, share).catch(() => undefined)
      if (many === undefined) return take(key)
      const taken = { isOver: false, remaining: many.remainingPoints, resetMs: many.msBeforeNext }
      const points = share - 1
      purses.set(sender, { points, taken })
      return { ...taken, remaining: taken.remaining + points }
    },
  }
}
