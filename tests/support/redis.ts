import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { test as base } from 'vitest'
import { type Acceptor, createAcceptor } from '../../src/feed/accept-submission.ts'
import { type Arrivals, createArrivals } from '../../src/feed/arrivals.ts'
import { type Committer, createCommitter } from '../../src/feed/commit-outcome.ts'
import type { FeedReader } from '../../src/feed/feed-reader.ts'
import { createFeedReader } from '../../src/feed/redis-feed-reader.ts'
import { createLogger, type Logger } from '../../src/foundation/logger.ts'
import { createMetrics, type Metrics } from '../../src/foundation/metrics.ts'
import { connectRedis } from '../../src/redis/connect.ts'
import { type Keys, keysFor } from '../../src/redis/keys.ts'
import { type Scripts, withScripts } from '../../src/redis/scripts.ts'

export const HEAD_WAIT_MS = 2_000

export interface RedisFixture {
  log: Logger
  metrics: Metrics
  redis: Redis & Scripts
  keys: Keys
  arrivals: Arrivals
  acceptor: Acceptor
  committer: Committer
  reader: FeedReader
}

/** A real Redis; each test owns a key prefix, so tests run side by side and nobody flushes. */
export const test = base.extend<RedisFixture>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameter to know what a fixture needs
  log: async ({}, use) => use(createLogger('silent', 'test')),
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameter to know what a fixture needs
  metrics: async ({}, use) => use(createMetrics()),
  redis: async ({ log }, use) => {
    const connection = await connectRedis(process.env['REDIS_URL'] ?? '', 'worker', log)
    if (!(connection instanceof Redis)) throw new Error('these tests need one Redis, and no cluster')
    const redis = withScripts(connection)
    await use(redis)
    redis.disconnect()
  },
  keys: async ({ redis }, use) => {
    const prefix = `t${randomUUID().slice(0, 18)}`
    await use(keysFor(prefix))
    const left = await redis.keys(`*${prefix}*`)
    if (left.length > 0) await redis.del(...left)
  },
  arrivals: async ({ redis, keys, log }, use) => {
    const arrivals = createArrivals({ redis, keys, log })
    await use(arrivals)
    await arrivals.stop()
  },
  acceptor: async ({ redis, keys, arrivals, metrics }, use) =>
    use(createAcceptor({ redis, keys, idempotencyMs: 86_400_000, arrivals, metrics })),
  committer: async ({ redis, keys, arrivals, metrics }, use) =>
    use(createCommitter({ redis, keys, headWaitMs: HEAD_WAIT_MS, arrivals, metrics })),
  reader: async ({ redis, keys }, use) => use(createFeedReader({ redis, keys })),
})
