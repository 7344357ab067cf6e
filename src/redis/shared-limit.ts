import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { type Limit, type LimitRule, limitOf, memoryLimiter } from '../foundation/limit.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { Keys } from './keys.ts'
import type { RedisConnection } from './nodes.ts'

const TAKE = readFileSync(new URL('scripts/take.lua', import.meta.url), 'utf8')

export interface SharedLimitNeeds {
  readonly redis: RedisConnection
  readonly keys: Pick<Keys, 'limit'>
  readonly metrics: Pick<Metrics, 'limited'>
}

/**
 * A limit that all processes count together, by one command. Redis being away refuses nothing: each process counts by itself
 * meanwhile. Undefined with `atOnce` 0: it is off.
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
  const keyOf = (sender: string) => keys.limit(rule.name, createHash('sha256').update(sender).digest('base64url'))
  return { rule, take: sender => take(keyOf(sender)) }
}
