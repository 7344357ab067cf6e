import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { StartError } from '../foundation/config.ts'
import type { Logger } from '../foundation/logger.ts'
import { type Login, type RedisAddress, readRedisAddress } from '../foundation/redis-address.ts'
import type { RedisConnection } from './nodes.ts'

export { checkRedis, type Durability, OLDEST_REDIS_MAJOR } from './check-redis.ts'

/**
 * What a connection is for.
 * - `command`: answers or fails within 2 s, so that a request is refused rather than left hanging.
 * - `worker`: waits as long as Redis is away, as BullMQ's workers need.
 * - `subscriber`: sharded pub/sub; its owner renews the subscriptions.
 */
export type ConnectionUse = 'command' | 'worker' | 'subscriber'

const COMMAND_TIMEOUT_MS = 2_000
const LONGEST_PAUSE_MS = 1_000

type Options = Omit<RedisOptions, 'replyMapping'>

const USES = {
  command: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: false },
} as const satisfies Record<ConnectionUse, Options>

/** A command whose node is away is tried again each so many ms: its slots may have a new primary by then. */
const NODE_RETRY_MS = 100

/**
 * Where another server may take the place of one whose machine is gone without a word: a connection that is not answered is
 * given up (no command of BullMQ waits for over 10 s), and so is an idle one whose other end is silent.
 */
const MAY_BE_REPLACED: Options = { socketTimeout: 20_000, keepAlive: 10_000 }

/** The same for a cluster, where a node that is away is asked for again, so often, before a command fails. */
const CLUSTER_USES = {
  command: { enableOfflineQueue: false, maxRedirections: COMMAND_TIMEOUT_MS / NODE_RETRY_MS },
  worker: { maxRedirections: 600_000 / NODE_RETRY_MS },
  // A subscription goes where the slot is by what was learned last: so it is learned anew before it is tried again.
  subscriber: { shardedSubscribers: true, retryDelayOnMoved: NODE_RETRY_MS, slotsRefreshInterval: 5_000 },
} as const satisfies Record<ConnectionUse, ClusterOptions>

/** Connects to what REDIS_URL says (see readRedisAddress). Resolves when ready; rejects with a StartError. */
export async function connectRedis(url: string, use: ConnectionUse, log: Logger): Promise<RedisConnection> {
  const address = readRedisAddress(url)
  if (address === undefined) throw new StartError(`REDIS_URL cannot be read: ${withoutPassword(url)}`)
  const redis = open(address, use)
  let lastError: Error | undefined
  const note = (err: Error, node?: string) => {
    lastError = err
    log.warn({ err, use, node }, 'redis connection failed')
  }
  redis.on('error', note)
  redis.on('node error', note)
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

function open(address: RedisAddress, use: ConnectionUse): RedisConnection {
  const retryStrategy = (attempt: number) => Math.min(attempt * 50, LONGEST_PAUSE_MS)
  switch (address.kind) {
    case 'one':
      return new Redis(address.url, { ...USES[use], retryStrategy })
    case 'sentinel': {
      const { sentinels, name, login } = address
      // No failoverDetector: it ends a connection for good that is just being made when it hears of the failover.
      const watched = { sentinels: [...sentinels], name, sentinelRetryStrategy: retryStrategy, reconnectOnError }
      const tls = login.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}
      return new Redis({ ...watched, ...greeting(login), ...tls, ...MAY_BE_REPLACED, ...USES[use], retryStrategy })
    }
    case 'cluster': {
      const { enableOfflineQueue: _, ...ofNodes } = { enableOfflineQueue: true, ...USES[use] }
      return new Cluster([...address.nodes], {
        ...CLUSTER_USES[use],
        redisOptions: { ...ofNodes, ...MAY_BE_REPLACED, ...greeting(address.login) },
        ...{ retryDelayOnFailover: NODE_RETRY_MS, retryDelayOnClusterDown: NODE_RETRY_MS },
        clusterRetryStrategy: retryStrategy,
        // A certificate is made out to a name, not to what the name resolves to.
        ...(address.login.tls ? { dnsLookup: (host, tell) => tell(null, host) } : {}),
      })
    }
  }
}

/** A primary that has become a replica: sentinels know which one is the primary now. */
const reconnectOnError = (error: Error) => error.message.startsWith('READONLY')

function greeting({ tls, ...login }: Login): Pick<Options, 'username' | 'password' | 'tls'> {
  return tls ? { ...login, tls: {} } : login
}

/** Fit to be shown: a password, even one with an @ in it, stands in no log and on no screen. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/g, '//')
}
