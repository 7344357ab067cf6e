import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import { MAX_BEHIND_BYTES, MAX_BEHIND_MS } from '../../src/gateway/backlog.ts'
import { type DatelineProcess, startDateline } from '../support/dateline-process.ts'
import { parseMetrics, valueIn } from '../support/prometheus.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'
import { openStream, type StreamViewer } from '../support/stream-viewer.ts'

const secret = randomBytes(32).toString('hex')
const DRAIN_MS = 2_000
let dir: string
let redis: RedisServer
let dateline: DatelineProcess
const viewers: StreamViewer[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-streams-'))
  redis = await startRedisServer({ dir: join(dir, 'redis') })
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: String(DRAIN_MS) }
  dateline = await startDateline({ part: 'everything', env })
  await post('/v1/events', { id: 'talks', headline: 'Talks' })
})
afterEach(async () => {
  for (const viewer of viewers.splice(0)) viewer.close()
  await dateline.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

function tokenOf(role: Role): Promise<string> {
  return createTokens(secret).sign({ sub: role, name: role, roles: [role] }, '1h')
}

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(`${dateline.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf('editor')}`,
      'content-type': 'application/json',
      prefer: 'wait=10',
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}

async function stream(): Promise<StreamViewer> {
  const viewer = await openStream(dateline.url, 'talks')
  viewers.push(viewer)
  await vi.waitFor(() => expect(viewer.events.length).toBeGreaterThan(0), 5_000)
  return viewer
}

describe('event streams', () => {
  it('[STREAM9] [P9] one that fell too far behind is given the state of now, one that reads no more is let go, the others notice nothing', {
    timeout: 60_000,
  }, async () => {
    const [viewer, slow, dead] = [await stream(), await stream(), await stream()]
    slow.res.pause()
    dead.res.pause()
    const body = 'long '.repeat(10_000)
    // What the system's own socket buffers hold is not counted as behind.
    const updates = 10 * Math.ceil((MAX_BEHIND_BYTES + 12_000_000) / (20 * body.length))
    for (let sent = 0; sent < updates; sent += 10) {
      await Promise.all(Array.from({ length: 10 }, () => post('/v1/events/talks/updates', { body })))
    }
    slow.res.resume()
    await vi.waitFor(() => expect(slow.named('restarted')).toHaveLength(2), 8_000)
    expect(slow.named('restarted')[1]).toMatchObject({ reason: 'too-far-behind' })
    await post('/v1/events/talks/updates', { body: 'All are there again.' })
    for (const one of [viewer, slow]) await one.reaches(updates + 2)
    viewer.expectNoGap()
    slow.expectNoGap()
    expect(slow.entries.length).toBeLessThan(viewer.entries.length)

    await new Promise(resolve => setTimeout(resolve, MAX_BEHIND_MS + 1_000))
    dead.res.resume()
    await vi.waitFor(() => expect(dead.isOver).toBe(true), 10_000)
    const authorization = `Bearer ${await tokenOf('ops')}`
    const metrics = parseMetrics(await (await fetch(`${dateline.url}/metrics`, { headers: { authorization } })).text())
    expect(valueIn(metrics, 'dateline_drops_total{reason="behind"}')).toBe(1)
    expect(valueIn(metrics, 'dateline_restarts_total{reason="too-far-behind"}')).toBe(2)
    expect(valueIn(metrics, 'dateline_viewers')).toBe(2)
  })

  it('[STREAM10] of a gateway that goes end each at its own time, told to come again at once, and no new one is let in', {
    timeout: 20_000,
  }, async () => {
    const there = await Promise.all(Array.from({ length: 12 }, stream))
    const endings: number[] = []
    for (const viewer of there) viewer.res.once('close', () => endings.push(performance.now()))
    const stopped = dateline.stop()
    await vi.waitFor(async () => {
      expect((await fetch(`${dateline.url}/v1/events/talks/stream`)).status).toBe(503)
    }, 3_000)
    await stopped
    await vi.waitFor(() => expect(endings).toHaveLength(there.length))
    expect(Math.max(...endings) - Math.min(...endings)).toBeGreaterThan(DRAIN_MS / 4)
    for (const { retries } of there) expect(retries.at(-1)).toBeLessThan(1_000)
  })
})
