import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { findRedisServer } from '../../scripts/redis.mjs'
import { keptPort } from './dateline-process.ts'
import { askRedis, letReplicasIn, REPLICA_ARGS, shutReplicasOut, untilItFollows } from './redis-replicas.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

const NAME = 'feeds'
/** A primary that is silent for so long is replaced by its replica. */
const DOWN_AFTER_MS = 1_000

export interface WatchedRedis {
  /** For REDIS_URL. */
  readonly url: string
  readonly primary: RedisServer
  readonly replica: RedisServer
  /** What the replica has is all that it will get. */
  cutOff(): Promise<void>
  /** Waits until the replica is the primary. */
  replaced(): Promise<void>
  /** Starts the first primary again, as a replica, and has the sentinel make it the primary while the other one lives. */
  changeBack(): Promise<void>
  stop(): Promise<void>
}

/** A primary, its replica, and a sentinel that watches them, all on loopback ports. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const [port, replicaPort, sentinelPort] = [await keptPort(), await keptPort(), await keptPort()]
  const primary = await startRedisServer({ port, appendfsync: 'always', extraArgs: REPLICA_ARGS })
  await letReplicasIn(primary.url)
  const extraArgs = [...REPLICA_ARGS, '--replicaof', '127.0.0.1', String(port)]
  const replica = await startRedisServer({ port: replicaPort, appendfsync: 'always', extraArgs })
  await untilItFollows(replica.url)
  const sentinel = await startSentinel(sentinelPort, port)

  return {
    url: `redis-sentinel://127.0.0.1:${sentinelPort}/${NAME}`,
    primary,
    replica,
    cutOff: () => shutReplicasOut(primary.url),
    replaced: () => untilRole(replica.url, 'master'),
    async changeBack() {
      await letReplicasIn(replica.url)
      await primary.restart()
      await letReplicasIn(primary.url)
      await untilItFollows(primary.url)
      // Too soon after the last one, or before it knows of the replica, it refuses.
      await vi.waitFor(() => askRedis(`redis://127.0.0.1:${sentinelPort}`, 'SENTINEL', 'FAILOVER', NAME), {
        timeout: 30_000,
        interval: 500,
      })
      await untilRole(primary.url, 'master')
      await untilRole(replica.url, 'slave')
    },
    async stop() {
      await sentinel.stop()
      await replica.stop()
      await primary.stop()
    },
  }
}

async function untilRole(url: string, role: 'master' | 'slave'): Promise<void> {
  await vi.waitFor(async () => expect(await askRedis(url, 'ROLE')).toMatch(new RegExp(`^${role}`)), {
    timeout: 30_000,
    interval: 100,
  })
}

async function startSentinel(port: number, primaryPort: number) {
  const server = await findRedisServer()
  const dir = await mkdtemp(join(tmpdir(), 'dateline-sentinel-'))
  const file = join(dir, 'sentinel.conf')
  const lines = [
    ...[`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`],
    ...[
      `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 1`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    ],
    `sentinel failover-timeout ${NAME} 5000`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const child = spawn(server.path, [file, '--sentinel'], { env: { ...process.env, ...server.env }, stdio: 'ignore' })
  const ended = once(child, 'exit')
  // It learns of the replica from the primary: before that there is nobody to take its place.
  await vi.waitFor(
    async () => expect(await askRedis(`redis://127.0.0.1:${port}`, 'SENTINEL', 'REPLICAS', NAME)).not.toBe(''),
    { timeout: 20_000, interval: 50 },
  )
  return {
    async stop() {
      child.kill('SIGKILL')
      await ended
      await rm(dir, { recursive: true })
    },
  }
}
