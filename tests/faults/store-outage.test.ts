import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { test as base, expect, vi } from 'vitest'
import { createTokens } from '../../src/foundation/tokens.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import { startDateline } from '../support/dateline-process.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

interface Fixtures {
  redis: RedisServer
  /** A running Dateline over that Redis, with the event `talks`. */
  dateline: {
    /** Posts an update under a key. */
    post(key: string): Promise<Response>
    readFeed(): Promise<EntryPage>
    ready(): Promise<{ status: number; reasons: string[] }>
    log(): string
  }
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's needs from the pattern
  redis: async ({}, use) => {
    const redis = await startRedisServer({ appendfsync: 'always' })
    await use(redis)
    await redis.stop()
  },
  dateline: async ({ redis }, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'dateline-outage-'))
    const secret = randomBytes(32).toString('hex')
    const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0' }
    const { url, stop, stderr } = await startDateline({ part: 'everything', env })
    const token = await createTokens(secret).sign({ sub: 'anna', name: 'Anna', roles: ['editor'] }, '1h')
    const send = (path: string, key: string, body: object) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': key }
      return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    }
    await send('/v1/events', 'creation', { id: 'talks', headline: 'Talks' })
    await use({
      post: key => send('/v1/events/talks/updates', key, { body: `Posted under ${key}.` }),
      log: stderr,
      ready: async () => {
        const answer = await fetch(`${url}/readyz`)
        const { reasons } = (await answer.json()) as { reasons: string[] }
        return { status: answer.status, reasons }
      },
      readFeed: async () => (await fetch(`${url}/v1/events/talks/entries`)).json() as Promise<EntryPage>,
    })
    await stop()
    await rm(dir, { recursive: true, force: true })
  },
})

async function expectUnavailable(answer: Response): Promise<void> {
  expect(answer.status).toBe(503)
  expect(answer.headers.get('Retry-After')).toBe('1')
  expect(await answer.json()).toMatchObject({ type: '/problems/unavailable', retry: true })
}

async function expectPublishedOnce({ readFeed }: Fixtures['dateline'], key: string): Promise<void> {
  await vi.waitFor(async () => expect((await readFeed()).entries).toHaveLength(2), 10_000)
  expect((await readFeed()).entries[1]).toMatchObject({ update: { bodyText: `Posted under ${key}.` } })
}

test('[P2] a Redis that is out of memory is no refusal: the same key is taken, once, when there is room again', {
  timeout: 30_000,
}, async ({ redis, dateline }) => {
  const control = new Redis(redis.url)
  await control.config('SET', 'maxmemory', '1mb')
  await expectUnavailable(await dateline.post('full'))
  await control.config('SET', 'maxmemory', '0')
  control.disconnect()
  expect((await dateline.post('full')).status).toBe(202)
  expect((await dateline.post('full')).headers.get('Idempotency-Replayed')).toBe('true')
  await expectPublishedOnce(dateline, 'full')
})

test('[P2] a Redis that is away is no refusal: the same key is taken, once, when it is back', {
  timeout: 30_000,
}, async ({ redis, dateline }) => {
  await redis.kill9()
  await expectUnavailable(await dateline.post('away'))
  await redis.restart()
  await vi.waitFor(async () => expect((await dateline.post('away')).status).toBe(202), 10_000)
  expect((await dateline.post('away')).headers.get('Idempotency-Replayed')).toBe('true')
  await expectPublishedOnce(dateline, 'away')
})

test('[WORK8] a Redis that cannot write to its disk makes no worker spin, and /readyz says so until it can', {
  timeout: 40_000,
}, async ({ redis, dateline }) => {
  const control = new Redis(redis.url)
  // The file that a snapshot is renamed to is a folder: saving fails, and Redis refuses all writes.
  await rm(join(redis.dir, 'dump.rdb'), { force: true })
  await mkdir(join(redis.dir, 'dump.rdb', 'in the way'), { recursive: true })
  await control.config('SET', 'save', '3600 1')
  const save = async (status: string) => {
    await control.bgsave().catch(() => undefined) // one may be under way already
    expect(await control.info('persistence')).toContain(`rdb_last_bgsave_status:${status}`)
  }
  await vi.waitFor(() => save('err'), { timeout: 10_000, interval: 200 })

  await expectUnavailable(await dateline.post('unsaved'))
  const { status, reasons } = await dateline.ready()
  expect(status).toBe(503)
  expect(reasons.join()).toContain('Redis takes no writes: MISCONF')
  const troubles = () => dateline.log().split('has trouble with Redis').length - 1
  await vi.waitFor(() => expect(troubles()).toBeGreaterThan(2), 15_000)
  expect(dateline.log().split('\n').length).toBeLessThan(100)

  await rm(join(redis.dir, 'dump.rdb'), { recursive: true })
  await vi.waitFor(() => save('ok'), { timeout: 10_000, interval: 200 })
  control.disconnect()
  await vi.waitFor(async () => expect((await dateline.post('unsaved')).status).toBe(202), 10_000)
  await expectPublishedOnce(dateline, 'unsaved')
  expect((await dateline.ready()).status).toBe(200)
})
