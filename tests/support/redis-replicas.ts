import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'

/** Whom replicas are to their primary: so that they can be shut out. */
const FOLLOWER = { name: 'follower', password: 'follows' }

/** Options of a server that is, or becomes, a replica. */
export const REPLICA_ARGS = ['--masteruser', FOLLOWER.name, '--masterauth', FOLLOWER.password]

/** Before its replicas are started. */
export async function letReplicasIn(primaryUrl: string): Promise<void> {
  const may = ['+psync', '+replconf', '+ping']
  await askRedis(primaryUrl, 'ACL', 'SETUSER', FOLLOWER.name, 'on', `>${FOLLOWER.password}`, ...may)
}

/** From now on they get nothing more of what is written. */
export async function shutReplicasOut(primaryUrl: string): Promise<void> {
  await askRedis(primaryUrl, 'ACL', 'SETUSER', FOLLOWER.name, 'off')
  await askRedis(primaryUrl, 'CLIENT', 'KILL', 'TYPE', 'REPLICA')
}

/** Waits until it has all that its primary had. */
export async function untilItFollows(replicaUrl: string): Promise<void> {
  await vi.waitFor(async () => expect(await askRedis(replicaUrl, 'INFO')).toContain('master_link_status:up'), {
    timeout: 20_000,
    interval: 50,
  })
}

/** One command, on a connection of its own. */
export async function askRedis(url: string, command: string, ...args: (string | number)[]): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {}) // the command says it
  try {
    return String(await redis.call(command, ...args))
  } finally {
    redis.disconnect()
  }
}
