import type { Redis } from 'ioredis'
import { StartError } from '../foundation/config.ts'
import { readInfo } from './info.ts'
import { primariesOf, type RedisConnection } from './nodes.ts'

/** Sharded pub/sub came with it. */
export const OLDEST_REDIS_MAJOR = 7

/** In this order: from what a crash costs nothing to what it costs most. */
const DURABILITIES = ['always', 'everysec', 'no'] as const
export type Durability = (typeof DURABILITIES)[number]

/**
 * Refuses (StartError) a Redis that could lose or evict what was accepted. Answers how durable a write is there: in a
 * cluster, on the primary that loses most.
 */
export async function checkRedis(connection: RedisConnection): Promise<Durability> {
  const nodes = primariesOf(connection)
  const found = await Promise.all(nodes.map(node => checkNode(node, node === connection)))
  return DURABILITIES[Math.max(...found.map(durability => DURABILITIES.indexOf(durability)))] ?? 'no'
}

async function checkNode(redis: Redis, isAlone: boolean): Promise<Durability> {
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
  if (isAlone && info.get('redis_mode') === 'cluster') {
    throw new StartError(`Redis is one node of a cluster. Name several of its nodes in REDIS_URL (or this one twice),
separated by commas: redis://host:port,host:port,host:port`)
  }
  return readDurability(redis, info)
}

async function readDurability(redis: Redis, info: ReadonlyMap<string, string>): Promise<Durability> {
  if (info.get('aof_enabled') !== '1') return 'no'
  const config = await redis.config('GET', 'appendfsync').catch(() => undefined) // hosted Redis often forbids CONFIG
  const fsync = Array.isArray(config) ? config[1] : undefined
  return fsync === 'always' || fsync === 'no' ? fsync : 'everysec'
}
