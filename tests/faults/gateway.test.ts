import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import { MAX_BEHIND_BYTES, MAX_BEHIND_MS } from '../../src/gateway/backlog.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'
import { type DatelineProcess, startDateline } from '../support/dateline-process.ts'
import { pausedViewer } from '../support/paused-viewer.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { parseMetrics, valueIn } from '../support/prometheus.ts'
import { type RedisServer, startRedisServer } from '../support/redis-server.ts'

const secret = randomBytes(32).toString('hex')
const cleanups: (() => Promise<unknown> | unknown)[] = []
let dir: string
let redis: RedisServer
let dateline: DatelineProcess

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-gateway-'))
  redis = await startRedisServer({ dir: join(dir, 'redis'), appendfsync: 'always' })
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '500' }
  dateline = await startDateline({ part: 'everything', env })
  await post('/v1/events', { id: 'talks', headline: 'Talks' })
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await dateline.stop()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

function tokenOf(role: Role, expires = '1h'): Promise<string> {
  return createTokens(secret).sign({ sub: role, name: role, roles: [role] }, expires)
}

async function post(
  path: string,
  body: object,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Response> {
  const authorization = `Bearer ${await tokenOf('editor')}`
  const answer = await fetch(`${dateline.url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', prefer: 'wait=10', ...headers },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer
}

const publish = (body: string) => post('/v1/events/talks/updates', { body })

function connect(token?: string): Socket {
  const socket = io(dateline.url, {
    transports: ['websocket'],
    forceNew: true,
    auth: token === undefined ? {} : { token },
  })
  cleanups.push(() => socket.close())
  return socket
}

const joinRoom = (socket: Socket, after: unknown = null): Promise<JoinAnswer> =>
  socket.timeout(8_000).emitWithAck('join', { eventId: 'talks', after })

function view(after: Parameters<typeof plainViewer>[2] = null) {
  const viewer = plainViewer(dateline.url, 'talks', after)
  cleanups.push(() => viewer.close())
  return viewer
}

describe('a room', () => {
  it('[ROOM6] notices an announcement that was lost, within a few seconds', { timeout: 20_000 }, async () => {
    const viewer = view()
    await vi.waitFor(() => expect(viewer.joins).toEqual(['first-visit']), 5_000)
    const admin = new Redis(redis.url)
    cleanups.push(() => admin.disconnect())
    // Channels of a subscriber that is cut off are gone until it has come back: what is announced meanwhile is lost.
    await admin.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB')
    await publish('While nobody listened.')
    await vi.waitFor(() => expect(viewer.position?.seq).toBe(2), 6_000)
    expect(viewer.faults).toEqual([])
  })

  it('[ROOM7] [P6] restarts viewers that are ahead of a feed whose tail was lost', { timeout: 30_000 }, async () => {
    await publish('Kept.')
    await redis.kill9()
    await cp(join(dir, 'redis', 'appendonlydir'), join(dir, 'backup'), { recursive: true })
    await redis.restart()
    await vi.waitFor(() => publish('Lost 1.'), 8_000)
    await publish('Lost 2.')
    const socket = connect()
    const before = await joinRoom(socket)
    expect(before).toMatchObject({ result: 'restarted', position: { seq: 4 } })
    const notices: unknown[] = []
    socket.on('notice', notice => notices.push(notice))

    await redis.kill9()
    await rm(join(dir, 'redis', 'appendonlydir'), { recursive: true })
    await cp(join(dir, 'backup'), join(dir, 'redis', 'appendonlydir'), { recursive: true })
    await redis.restart()
    await vi.waitFor(
      () => expect(notices).toContainEqual({ kind: 'restart', eventId: 'talks', reason: 'ahead-of-feed' }),
      8_000,
    )
    if (before.result !== 'restarted') throw new Error('not joined')
    expect(await joinRoom(socket, before.position)).toMatchObject({
      result: 'restarted',
      reason: 'ahead-of-feed',
      position: { seq: 2 },
    })
    await publish('New.')
    expect(await joinRoom(socket, before.position)).toMatchObject({ result: 'restarted', position: { seq: 3 } })
    await publish('Newer.')
    expect(await joinRoom(socket, { ...before.position, seq: 3, chain: 'f'.repeat(40) })).toMatchObject({
      reason: 'chain-mismatch',
    })
  })

  it('[ROOM8] answers from its tail and last snapshot while Redis is away, marked as stale', {
    timeout: 30_000,
  }, async () => {
    await publish('One.')
    await publish('Two.')
    const first = await joinRoom(connect())
    if (first.result !== 'restarted') throw new Error('not joined')
    await redis.kill9()
    await vi.waitFor(async () => {
      expect(await joinRoom(connect())).toMatchObject({ result: 'restarted', stale: true, position: { seq: 3 } })
    }, 10_000)
    const after = { epoch: first.position.epoch, seq: 2 }
    const resumed = await joinRoom(connect(), after)
    expect(resumed).toMatchObject({ result: 'resumed', stale: true, entries: [{ seq: 3 }] })
    const elsewhere = { epoch: 'another', seq: 2 }
    expect(await joinRoom(connect(), elsewhere)).toMatchObject({
      result: 'refused',
      problem: { status: 503, retry: true },
    })

    await redis.restart()
    await vi.waitFor(async () => {
      const answer = await joinRoom(connect(), after)
      expect(answer.result).toBe('resumed')
      expect(answer).not.toHaveProperty('stale')
    }, 10_000)
  })

  it('[ROOM9] [P7] lets nobody stay in a private event whose token has run out', { timeout: 20_000 }, async () => {
    await post('/v1/events/talks', { visibility: 'private' }, { 'if-match': '"1"' }, 'PATCH')
    const socket = connect(await tokenOf('contributor', '3s'))
    expect(await joinRoom(socket)).toMatchObject({ result: 'restarted' })
    const notices: unknown[] = []
    const entries: unknown[] = []
    socket.on('notice', notice => notices.push(notice))
    socket.on('entry', (...entry) => entries.push(entry))
    await vi.waitFor(() => expect(notices).toEqual([{ kind: 'token-expired' }]), 8_000)
    await publish('Not for them.')
    expect(await joinRoom(socket)).toMatchObject({ result: 'refused', problem: { type: '/problems/token-needed' } })
    expect(entries).toEqual([])
    const token = await tokenOf('contributor')
    expect(await socket.timeout(5_000).emitWithAck('refresh', { token })).toEqual({ result: 'done' })
    expect(await joinRoom(socket)).toMatchObject({ result: 'restarted', position: { seq: 3 } })
  })

  it('[ROOM10] [P9] gives a viewer that fell too far behind the state of now, and lets go of one that reads no more; the others notice nothing', {
    timeout: 60_000,
  }, async () => {
    const viewer = view()
    await vi.waitFor(() => expect(viewer.joins).toEqual(['first-visit']), 5_000)
    const slow = await pausedViewer(dateline.url, 'talks')
    const dead = await pausedViewer(dateline.url, 'talks')
    cleanups.push(
      () => slow.close(),
      () => dead.close(),
    )
    const body = 'long '.repeat(10_000)
    // What the system's own socket buffers hold is not counted as behind.
    const updates = Math.ceil((MAX_BEHIND_BYTES + 12_000_000) / (2 * body.length))
    for (let sent = 0; sent < updates; sent += 10) {
      await Promise.all(Array.from({ length: 10 }, () => publish(body)))
    }
    const notices = await slow.noticesAfterReading()
    expect(notices).toEqual([{ kind: 'restart', eventId: 'talks', reason: 'too-far-behind' }])
    await vi.waitFor(() => expect(viewer.position?.seq).toBeGreaterThanOrEqual(updates), 10_000)
    expect(viewer.faults).toEqual([])
    await new Promise(resolve => setTimeout(resolve, MAX_BEHIND_MS + 1_000))
    expect(await dead.isClosedAfterReading()).toBe(true)
    const authorization = `Bearer ${await tokenOf('ops')}`
    const metrics = parseMetrics(await (await fetch(`${dateline.url}/metrics`, { headers: { authorization } })).text())
    expect(valueIn(metrics, 'dateline_drops_total{reason="behind"}')).toBe(1)
    expect(valueIn(metrics, 'dateline_restarts_total{reason="too-far-behind"}')).toBe(2)
  })

  it('[ROOM11] tells viewers when to come back before it goes, and is not ready meanwhile', {
    timeout: 20_000,
  }, async () => {
    const socket = connect()
    await joinRoom(socket)
    const notices: { kind: string; reconnectInMs: number }[] = []
    socket.on('notice', notice => notices.push(notice))
    const stopped = dateline.stop()
    await vi.waitFor(() => expect(notices).toHaveLength(1), 3_000)
    expect(notices[0]?.kind).toBe('draining')
    expect(notices[0]?.reconnectInMs).toBeLessThanOrEqual(500)
    const ready = await fetch(`${dateline.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ reasons: ['The gateway is draining: its viewers go elsewhere.'] })
    await stopped
  })
})
