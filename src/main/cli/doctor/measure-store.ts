import { Redis } from 'ioredis'
import { type HostAndPort, type Login, type RedisAddress, readRedisAddress } from '../../../foundation/redis-address.ts'
import { withoutPassword } from '../../../redis/connect.ts'
import { ANSWER_MS, type MeasuredRedis, type MeasureRedisOptions, measureRedis, reasonOf } from './measure-redis.ts'

/** The servers that take writes: one, or each primary of a cluster. */
export interface MeasuredStore {
  /** REDIS_URL names nodes of a cluster. */
  readonly isCluster: boolean
  readonly servers: readonly MeasuredRedis[]
}

/** Looks at every server that takes writes, whatever REDIS_URL names. Never throws for what it finds. */
export async function measureStore(url: string, options: MeasureRedisOptions): Promise<MeasuredStore> {
  const address = readRedisAddress(url)
  if (address === undefined || address.kind === 'one') {
    return { isCluster: false, servers: [await measureRedis(url, options)] }
  }
  const isCluster = address.kind === 'cluster'
  try {
    const found = (await findPrimaries(address)).map(primary => urlOf(primary, address.login))
    return { isCluster, servers: await Promise.all(found.map(each => measureRedis(each, options))) }
  } catch (error) {
    return { isCluster, servers: [{ isReachable: false, at: withoutPassword(url), why: reasonOf(error) }] }
  }
}

/** As the first node or sentinel tells that answers. */
async function findPrimaries(address: Exclude<RedisAddress, { kind: 'one' }>): Promise<HostAndPort[]> {
  const asked = address.kind === 'cluster' ? address.nodes : address.sentinels
  let trouble: unknown
  for (const each of asked) {
    try {
      const login = address.kind === 'cluster' ? address.login : { tls: address.login.tls }
      return await askOne(urlOf(each, login), redis =>
        address.kind === 'cluster' ? primariesIn(redis, each) : [primaryOf(redis, address.name)],
      )
    } catch (error) {
      trouble = error
    }
  }
  throw trouble
}

async function askOne<T>(url: string, ask: (redis: Redis) => Promise<T[]> | Promise<T>[]): Promise<T[]> {
  const redis = new Redis(url, {
    ...{ lazyConnect: true, retryStrategy: () => null, connectTimeout: ANSWER_MS, commandTimeout: ANSWER_MS },
    ...{ protocol: 2, disableClientInfo: true, enableReadyCheck: false, maxRetriesPerRequest: 0 },
  })
  let trouble: Error | undefined
  redis.on('error', error => {
    trouble = error
  })
  try {
    await redis.connect()
    return await Promise.all(await ask(redis))
  } catch (error) {
    throw trouble ?? error
  } finally {
    redis.disconnect()
  }
}

/** A node that has no name for itself tells '': then it is the one that was asked. */
async function primariesIn(redis: Redis, asked: HostAndPort): Promise<HostAndPort[]> {
  const nodes = (await redis.cluster('SLOTS')).flatMap(([, , primary]) => (primary === undefined ? [] : [primary]))
  const found = nodes.map(([host, port]) => ({ host: host === '' ? asked.host : host, port }))
  if (found.length === 0) throw new Error('no node of the cluster has slots')
  return [...new Map(found.map(each => [`${each.host}:${each.port}`, each])).values()]
}

async function primaryOf(redis: Redis, name: string): Promise<HostAndPort> {
  const found = await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)
  if (!Array.isArray(found)) throw new Error(`the sentinel watches no primary of the name ${name}`)
  return { host: String(found[0]), port: Number(found[1]) }
}

function urlOf({ host, port }: HostAndPort, { tls, username = '', password }: Login): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`
  const login = username === '' && secret === '' ? '' : `${encodeURIComponent(username)}${secret}@`
  return `${tls ? 'rediss' : 'redis'}://${login}${host.includes(':') ? `[${host}]` : host}:${port}`
}
