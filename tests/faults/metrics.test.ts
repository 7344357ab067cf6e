import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import {
  type DatelinePart,
  type DatelineProcess,
  freePort,
  startDateline,
  startRefused,
} from '../support/dateline-process.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { parseMetrics, valueIn } from '../support/prometheus.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const REQUEST_ID = 'a-request-to-follow.1'
const PARTS = ['api', 'gateway', 'worker'] as const
const secret = randomBytes(32).toString('hex')

let redis: RedisServer
let env: Record<string, string>
const cleanups: (() => Promise<unknown> | unknown)[] = []
const processes = new Map<DatelinePart, DatelineProcess & { metricsUrl: string }>()

/** Api, gateway and worker as three processes, each with a port for its metrics. */
beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-metrics-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  redis = await startRedisServer({ appendfsync: 'always' })
  cleanups.push(() => redis.stop())
  env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0', LOG_LEVEL: 'debug' }
  for (const part of PARTS) {
    const port = await freePort()
    const ready = part === 'worker' ? { readyLog: /worker is ready/ } : {}
    const started = await startDateline({ part, env: { ...env, METRICS_PORT: String(port) }, ...ready })
    cleanups.push(() => started.stop())
    processes.set(part, Object.assign(started, { metricsUrl: `http://127.0.0.1:${port}` }))
  }
  await post('/v1/events', { id: 'talks', headline: 'Talks' })
  const viewer = plainViewer(the('gateway').url, 'talks')
  cleanups.push(() => viewer.close())
  await vi.waitFor(() => expect(viewer.joins).toEqual(['first-visit']), 5_000)
}, 60_000)
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
}, 60_000)

function the(part: DatelinePart) {
  const started = processes.get(part)
  if (started === undefined) throw new Error(`no ${part}`)
  return started
}

async function authorization(role: Role): Promise<string> {
  return `Bearer ${await createTokens(secret).sign({ sub: role, name: role, roles: [role] }, '1h')}`
}

async function post(
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const sent = { authorization: await authorization('editor'), 'content-type': 'application/json', ...headers }
  const answer = await fetch(`${the('api').url}${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

/** The lines of a process's log that have all of `fields`. */
function logged(part: DatelinePart, fields: Record<string, unknown>): Record<string, unknown>[] {
  const lines = the(part)
    .stderr()
    .split('\n')
    .filter(line => line.startsWith('{'))
  return lines
    .map(line => JSON.parse(line) as Record<string, unknown>)
    .filter(line => Object.entries(fields).every(([name, value]) => line[name] === value))
}

async function scrape(part: DatelinePart) {
  const answer = await fetch(`${the(part).metricsUrl}/metrics`)
  expect(answer.status).toBe(200)
  return parseMetrics(await answer.text())
}

it('[METRIC10] finds the X-Request-Id of a POST in the worker of another process, and its entry at the gateway', async () => {
  const { updateId, acceptNumber } = await post(
    '/v1/events/talks/updates',
    { body: 'They shook hands.' },
    { 'X-Request-Id': REQUEST_ID },
  )
  const ids = { eventId: 'talks', updateId, acceptNumber }
  await vi.waitFor(() => {
    expect(logged('gateway', { msg: 'entry sent', ...ids })).toHaveLength(1)
    expect(logged('worker', { msg: 'submission committed', requestId: REQUEST_ID, ...ids })).toHaveLength(1)
  }, 8_000)
  expect(logged('api', { msg: 'submission accepted', requestId: REQUEST_ID, ...ids })).toHaveLength(1)
  const [committed] = logged('worker', { msg: 'submission committed', requestId: REQUEST_ID })
  const [sent] = logged('gateway', { msg: 'entry sent', ...ids })
  expect(committed).toMatchObject({ seq: 2, verdict: 'published' })
  expect(sent).toMatchObject({ seq: 2, room: 'talks', level: 20 })
})

it('[METRIC11] serves /metrics on METRICS_PORT without a token, and then on no other port', async () => {
  const [api, gateway, worker] = [await scrape('api'), await scrape('gateway'), await scrape('worker')]
  expect(valueIn(api, 'dateline_accept_seconds_count')).toBe(2)
  expect(valueIn(worker, 'dateline_commit_seconds_count')).toBe(1)
  expect(valueIn(gateway, 'dateline_fanout_seconds_count')).toBe(1)
  expect(valueIn(gateway, 'dateline_viewers')).toBe(1)
  for (const part of ['api', 'gateway'] as const) {
    const headers = { authorization: await authorization('ops') }
    expect((await fetch(`${the(part).url}/metrics`, { headers })).status).toBe(404)
    expect((await fetch(`${the(part).metricsUrl}/v1/events`)).status).toBe(404)
  }
})

it('[METRIC11] serves the health of a worker there too', async () => {
  const { metricsUrl } = the('worker')
  expect((await fetch(`${metricsUrl}/healthz`)).status).toBe(200)
  const ready = await fetch(`${metricsUrl}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', durability: 'always', reasons: [] }])
})

it('[METRIC11] refuses to start where METRICS_PORT is taken, and says so', async () => {
  const taken = new URL(the('worker').metricsUrl).port
  const { code, stderr } = await startRefused({ part: 'worker', env: { ...env, METRICS_PORT: taken } })
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${taken} is taken. Stop what listens there, or choose another: METRICS_PORT=`)
})

it('[METRIC12] answers while Redis is away, and says that it is', { timeout: 30_000 }, async () => {
  await redis.kill9()
  for (const part of PARTS) {
    await vi.waitFor(async () => expect(valueIn(await scrape(part), 'dateline_redis_up')).toBe(0), 8_000)
    expect(valueIn(await scrape(part), 'dateline_redis_memory_bytes')).toBeGreaterThan(0)
  }
  expect((await fetch(`${the('worker').metricsUrl}/readyz`)).status).toBe(503)
  await redis.restart()
  for (const part of PARTS) {
    await vi.waitFor(async () => expect(valueIn(await scrape(part), 'dateline_redis_up')).toBe(1), 8_000)
  }
})
