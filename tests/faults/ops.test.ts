import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import type { Overview, ProcessPresence } from '../../src/protocol/ops.ts'
import type { Beacon } from '../../src/protocol/socket.ts'
import { type DatelinePart, type DatelineProcess, startDateline } from '../support/dateline-process.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const secret = randomBytes(32).toString('hex')
let dir: string
let redis: RedisServer
const running: DatelineProcess[] = []
const sockets: Socket[] = []

const start = async (part: DatelinePart, readyLog?: RegExp): Promise<DatelineProcess> => {
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '500', LOG_LEVEL: 'info' }
  const started = await startDateline({ part, env, ...(readyLog === undefined ? {} : { readyLog }) })
  running.push(started)
  return started
}

let api: DatelineProcess
let gateways: [DatelineProcess, DatelineProcess]

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-ops-'))
  redis = await startRedisServer({ dir: join(dir, 'redis') })
  api = await start('api')
  gateways = [await start('gateway'), await start('gateway')]
  await start('worker', /worker is ready/)
  await call('POST', '/v1/events', { id: 'talks', headline: 'Talks' }, 'editor')
}, 90_000)
afterAll(async () => {
  for (const socket of sockets) socket.close()
  for (const each of running.toReversed()) await each.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
}, 60_000)

async function call<T>(method: string, path: string, body?: object, role: Role = 'ops', at = api): Promise<T> {
  const token = await createTokens(secret).sign({ sub: role, name: role, roles: [role] }, '1h')
  const answer = await fetch(`${at.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text}`)
  return JSON.parse(text)
}

const overview = () => call<Overview>('GET', '/v1/ops/overview')
const viewersNow = async () => (await overview()).events[0]?.viewers
const presenceOf = async ({ pid }: DatelineProcess): Promise<ProcessPresence | undefined> =>
  (await overview()).processes.find(process => process.pid === pid)

async function joinAt(gateway: DatelineProcess): Promise<{ socket: Socket; beacons: Beacon[] }> {
  const socket = io(gateway.url, { transports: ['websocket'], forceNew: true, reconnection: false })
  sockets.push(socket)
  const beacons: Beacon[] = []
  socket.on('beacon', (beacon: Beacon) => beacons.push(beacon))
  await socket.timeout(8_000).emitWithAck('join', { eventId: 'talks', after: null })
  return { socket, beacons }
}

describe('real processes', () => {
  it('[OPS15] are listed within seconds, and not longer than 15 s after a kill -9, nor do its viewers count', async () => {
    const kinds = async () => (await overview()).processes.map(({ kind }) => kind).toSorted()
    await vi.waitFor(async () => expect(await kinds()).toEqual(['api', 'gateway', 'gateway', 'worker']), 10_000)
    const [first, second] = gateways
    const stays = await joinAt(first)
    await joinAt(first)
    await joinAt(second)
    await vi.waitFor(async () => expect(await viewersNow()).toBe(3), 10_000)
    await vi.waitFor(() => expect(stays.beacons.at(-1)?.viewers).toBe(3), 15_000)
    await vi.waitFor(async () =>
      expect((await presenceOf(first))?.rooms).toEqual([{ room: 'talks', viewers: 2, seq: 1 }]),
    )

    await second.kill9()
    const killed = Date.now()
    await vi.waitFor(async () => expect(await viewersNow()).toBe(2), { timeout: 15_000, interval: 200 })
    await vi.waitFor(async () => expect(await presenceOf(second)).toBeUndefined(), {
      timeout: killed + 16_000 - Date.now(),
      interval: 200,
    })
    await vi.waitFor(() => expect(stays.beacons.at(-1)?.viewers).toBe(2), 15_000)
  }, 90_000)

  it('[OPS16] that ops drain end as by SIGTERM: viewers are told, and they are listed no more at once', async () => {
    const [gateway] = gateways
    const { socket } = await joinAt(gateway)
    const notices: unknown[] = []
    socket.on('notice', notice => notices.push(notice))
    const id = (await presenceOf(gateway))?.id
    const asked = Date.now()
    await call('POST', `/v1/ops/processes/${id}/drain`)
    await vi.waitFor(() => expect(notices).toEqual([{ kind: 'draining', reconnectInMs: expect.any(Number) }]), 5_000)
    expect(Date.now() - asked).toBeLessThan(5_000)
    expect(await gateway.exited).toBe(0)
    expect(await presenceOf(gateway)).toBeUndefined()
    expect(await viewersNow()).toBe(0)
  }, 30_000)

  it('[OPS6] all know of a pause, those too that start while it lasts', async () => {
    const other = await start('api')
    await call('PUT', '/v1/ops/intake', { paused: true, reason: 'We wait for the embargo.' })
    const post = (at: DatelineProcess) => call('POST', '/v1/events/talks/updates', { body: 'Now.' }, 'editor', at)
    await vi.waitFor(() => expect(post(other)).rejects.toThrow(/^503 .*intake-paused.*We wait for the embargo/), 2_000)
    await expect(post(await start('api'))).rejects.toThrow(/^503 .*intake-paused/)
    await call('PUT', '/v1/ops/intake', { paused: false })
    await vi.waitFor(() => post(other), 2_000)
  }, 60_000)

  it('[OPS17] tell of a Redis that is away', async () => {
    await redis.kill9()
    await vi.waitFor(async () => {
      const seen = await overview()
      expect(seen.store).toMatchObject({ reachable: false, version: expect.stringMatching(/^\d/) })
      expect(seen).toMatchObject({ intake: { paused: false }, queues: [], processes: [], events: [] })
    }, 10_000)
    await redis.restart()
    await vi.waitFor(async () => {
      const seen = await overview()
      expect(seen.store.reachable).toBe(true)
      expect(seen.processes.length).toBeGreaterThanOrEqual(2)
    }, 20_000)
  }, 60_000)
})
