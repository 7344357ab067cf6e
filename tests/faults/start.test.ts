import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import { test as base, describe, expect, vi } from 'vitest'
import { findRunning } from '../../scripts/redis.mjs'
import {
  type DatelineOptions,
  type DatelineProcess,
  freePort,
  spawnDateline,
  startDateline,
  startRefused,
} from '../support/dateline-process.ts'
import { startRedisServer } from '../support/redis-server.ts'

interface Fixtures {
  /** A DATA_DIR of the test's own; whatever still runs on it at the end is ended. */
  dataDir: string
  start(options?: Partial<DatelineOptions>): Promise<DatelineProcess>
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from the pattern
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-start-'))
    await use(folder)
    await (await findRunning({ dir: redisDir(folder) }))?.stop()
    await rm(folder, { recursive: true, force: true })
  },
  start: async ({ dataDir }, use) => {
    const started: DatelineProcess[] = []
    await use(async ({ part = 'everything', env = {}, ...options } = {}) => {
      const dateline = await startDateline({ part, env: { ...quiet(dataDir), ...env }, ...options })
      started.push(dateline)
      return dateline
    })
    for (const dateline of started) await dateline.stop()
  },
})

const redisDir = (dataDir: string) => join(dataDir, 'redis')
const quiet = (dataDir: string) => ({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' })

async function privateRedis(dataDir: string) {
  return await findRunning({ dir: redisDir(dataDir) })
}

/** Asks the private Redis one thing, over a connection that is closed again. */
async function inRedis<T>(dataDir: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const running = await privateRedis(dataDir)
  if (running === undefined) throw new Error('no private Redis runs')
  const redis = new Redis(running.url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

describe('starting everything with one command', { timeout: 30_000 }, () => {
  test('[START1] a second start finds all data of the first', async ({ dataDir, start }) => {
    const first = await start()
    await inRedis(dataDir, redis => redis.set('kept', 'yes'))
    await first.interrupt()
    await start()
    expect(await inRedis(dataDir, redis => redis.get('kept'))).toBe('yes')
  })

  test('[START2] Ctrl-C stops everything within 10 s and leaves no process behind', async ({ dataDir, start }) => {
    const dateline = await start()
    expect(await privateRedis(dataDir)).toBeDefined()
    const pressed = Date.now()
    expect(await dateline.interrupt()).toBe(0)
    expect(Date.now() - pressed).toBeLessThan(10_000)
    expect(await privateRedis(dataDir)).toBeUndefined()
    expect(() => process.kill(-dateline.pid, 0)).toThrow('ESRCH')
  })

  test('[START3] a closed terminal stops everything, too', async ({ dataDir, start }) => {
    const dateline = await start()
    process.kill(dateline.pid, 'SIGHUP')
    expect(await dateline.exited).toBe(0)
    expect(await privateRedis(dataDir)).toBeUndefined()
  })

  test('[START4] Ctrl-C while it is still starting leaves no Redis behind', async ({ dataDir }) => {
    const { child, exited } = spawnDateline({ part: 'everything', env: { ...quiet(dataDir), PORT: '0' } })
    await vi.waitFor(() => expect(existsSync(join(redisDir(dataDir), 'redis.sock'))).toBe(true), {
      timeout: 10_000,
      interval: 1,
    })
    child.kill('SIGINT')
    expect(await exited).toBe(0)
    expect(await privateRedis(dataDir)).toBeUndefined()
  })

  test('[START5] a Redis left over by a kill -9 is used again, and stopped at the end', async ({ dataDir, start }) => {
    const killed = await start()
    await killed.kill9()
    const leftOver = await privateRedis(dataDir)
    expect(leftOver).toBeDefined()
    const next = await start()
    expect((await privateRedis(dataDir))?.pid).toBe(leftOver?.pid)
    await next.interrupt()
    expect(await privateRedis(dataDir)).toBeUndefined()
  })

  test('[START6] a private Redis that ends by itself is started again with its data', async ({ dataDir, start }) => {
    await start()
    await inRedis(dataDir, async redis => {
      await redis.set('kept', 'yes')
      // With everysec a write may wait in Redis while an earlier one is being synced, and a kill -9 loses it.
      await vi.waitFor(async () => expect(await redis.info('persistence')).toContain('aof_buffer_length:0\r\n'))
    })
    const first = await privateRedis(dataDir)
    await first?.kill()
    const second = await vi.waitFor(
      async () => {
        const running = await privateRedis(dataDir)
        expect(running?.pid).toBeGreaterThan(0)
        return running
      },
      { timeout: 10_000 },
    )
    expect(second?.pid).not.toBe(first?.pid)
    expect(await inRedis(dataDir, redis => redis.get('kept'))).toBe('yes')
  })

  test('[START7] a DATA_DIR too long for a socket path works all the same', async ({ dataDir, start }) => {
    const long = join(dataDir, 'a'.repeat(60), 'b'.repeat(60))
    const dateline = await start({ env: { DATA_DIR: long } })
    const redis = await privateRedis(long)
    expect(redis?.url.startsWith(tmpdir())).toBe(true)
    expect(Buffer.byteLength(redis?.url ?? '')).toBeLessThanOrEqual(100)
    await dateline.interrupt()
    expect(await privateRedis(long)).toBeUndefined()
    expect(existsSync(dirname(redis?.url ?? ''))).toBe(false)
  })

  test('[START8] a second start on the same folder does not stop the Redis of the first', async ({
    dataDir,
    start,
  }) => {
    const first = await start()
    const redis = await privateRedis(dataDir)
    const port = new URL(first.url).port
    const refused = await startRefused({ part: 'everything', env: { ...quiet(dataDir), PORT: port } })
    expect(refused.code).toBe(1)
    expect((await privateRedis(dataDir))?.pid).toBe(redis?.pid)
  })

  test('[START9] a part started alone uses the private Redis that runs, and never stops it', async ({
    dataDir,
    start,
  }) => {
    await start()
    const gateway = await start({ part: 'gateway' })
    await gateway.interrupt()
    expect(await privateRedis(dataDir)).toBeDefined()
  })
})

describe('a start that is refused', { timeout: 30_000 }, () => {
  test('[START10] names every wrong environment variable at once and starts nothing', async ({ dataDir }) => {
    const wrong = { PORT: 'http', LOG_LEVEL: 'loud', COMMIT_HEAD_WAIT_MS: '-1', JWT_SECRET: 'short' }
    const { code, stderr } = await startRefused({ part: 'everything', env: { ...quiet(dataDir), ...wrong } })
    expect(code).toBe(1)
    for (const name of Object.keys(wrong)) expect(stderr).toContain(`${name}: `)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(existsSync(redisDir(dataDir))).toBe(false)
  })

  test('[START11] says that the port is taken, without a stack, and leaves no Redis behind', async ({ dataDir }) => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    const env = { ...quiet(dataDir), PORT: String(port) }
    const { code, stderr } = await startRefused({ part: 'everything', env })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain(String(port))
    expect(stderr).toContain('PORT')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(await privateRedis(dataDir)).toBeUndefined()
  })

  test('[START12] refuses a Redis that may evict keys, and says what to set', async ({ dataDir }) => {
    const redis = await startRedisServer({ extraArgs: ['--maxmemory-policy', 'allkeys-lru'] })
    const env = { ...quiet(dataDir), REDIS_URL: redis.url }
    const { code, stderr } = await startRefused({ part: 'everything', env })
    await redis.stop()
    expect(code).toBe(1)
    expect(stderr).toContain('noeviction')
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('[START13] refuses a Redis older than 7.0', async ({ dataDir }) => {
    const old = await startOldRedis()
    const { code, stderr } = await startRefused({ part: 'everything', env: { ...quiet(dataDir), REDIS_URL: old.url } })
    await old.stop()
    expect(code).toBe(1)
    expect(stderr).toContain('7.0')
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

/** Says of itself what a Redis 6.2 says: no package carries a real one any more. */
async function startOldRedis() {
  const info = 'redis_version:6.2.14\r\nredis_mode:standalone\r\nloading:0\r\nmaxmemory_policy:noeviction\r\n'
  const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
  const port = await freePort()
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.on('data', chunk => {
      for (const command of String(chunk).matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
        const name = command[1]?.toUpperCase()
        if (name === 'INFO') socket.write(bulk(info))
        else if (name === 'CONFIG') socket.write(`*2\r\n${bulk('maxmemory-policy')}${bulk('noeviction')}`)
        else if (name === 'HELLO') socket.write("-ERR unknown command 'HELLO'\r\n")
        else socket.write('+OK\r\n')
      }
    })
  }).listen(port, '127.0.0.1')
  return { url: `redis://127.0.0.1:${port}`, stop: async () => void server.close() }
}
