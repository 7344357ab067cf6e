import { Redis, type RedisOptions } from 'ioredis'
import { StartError } from '../foundation/config.ts'
import type { Logger } from '../foundation/logger.ts'
import { readInfo } from './info.ts'

/**
 * What a connection is for.
 * - `command`: answers or fails within 2 s, so that a request is refused rather than left hanging.
 * - `worker`: waits as long as Redis is away, as BullMQ's workers need.
 * - `subscriber`: sharded pub/sub; its owner renews the subscriptions.
 */
export type ConnectionUse = 'command' | 'worker' | 'subscriber'

const COMMAND_TIMEOUT_MS = 2_000
const LONGEST_PAUSE_MS = 1_000
/** Sharded pub/sub came with it. */
export const OLDEST_REDIS_MAJOR = 7

type Options = Omit<RedisOptions, 'replyMapping'>

const USES: Record<ConnectionUse, Options> = {
  command: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: false },
}

/** Connects to a redis:// or rediss:// address, or to a unix socket. Resolves when ready; rejects with a StartError. */
export async function connectRedis(url: string, use: ConnectionUse, log: Logger): Promise<Redis> {
  const retryStrategy = (attempt: number) => Math.min(attempt * 50, LONGEST_PAUSE_MS)
  const options: Options = { ...USES[use], retryStrategy }
  const redis = new Redis(url, options)
  let lastError: Error | undefined
  redis.on('error', err => {
    lastError = err
    log.warn({ err, use }, 'redis connection failed')
  })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.disconnect()
      reject(
        new StartError(`Redis does not answer at ${withoutPassword(url)}: ${lastError?.message ?? 'time-out'}.
Start one, or set REDIS_URL. Without REDIS_URL, npm start runs a Redis of its own.`),
      )
    }, COMMAND_TIMEOUT_MS * 2)
    redis.once('ready', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return redis
}

export type Durability = 'always' | 'everysec' | 'no'

/** Refuses (StartError) a Redis that could lose or evict what was accepted. Answers how durable a write is there. */
export async function checkRedis(redis: Redis): Promise<Durability> {
  const info = await readInfo(redis)
  const version = info.get('redis_version') ?? '0'
  if (Number.parseInt(version, 10) < OLDEST_REDIS_MAJOR) {
    throw new StartError(
      `Redis ${version} is too old: Dateline needs ${OLDEST_REDIS_MAJOR}.0 or newer. Upgrade it, or set REDIS_URL.`,
    )
  }
  const policy = info.get('maxmemory_policy')
  if (policy !== 'noeviction') {
    throw new StartError(`Redis may evict what was accepted: its maxmemory-policy is ${policy}.
Run: redis-cli CONFIG SET maxmemory-policy noeviction (and put it into redis.conf).`)
  }
  return readDurability(redis, info)
}

async function readDurability(redis: Redis, info: ReadonlyMap<string, string>): Promise<Durability> {
  if (info.get('aof_enabled') !== '1') return 'no'
  const config = await redis.config('GET', 'appendfsync').catch(() => undefined) // hosted Redis often forbids CONFIG
  const fsync = Array.isArray(config) ? config[1] : undefined
  return fsync === 'always' || fsync === 'no' ? fsync : 'everysec'
}

/** Fit to be shown: a password, even one with an @ in it, stands in no log and on no screen. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//')
}
