import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { decodeJwt } from 'jose'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createTokens, type Role } from '../../src/foundation/tokens.ts'
import type { JoinAnswer, Notice } from '../../src/protocol/socket.ts'
import { runCommand } from '../support/dateline-cli.ts'
import { type House, startHouse } from '../support/house.ts'
import { openStream, type StreamViewer } from '../support/stream-viewer.ts'

/** What is revoked, or runs out, is gone everywhere after this long at the latest; and busy machines are given a little. */
const RIGHTS_MS = 5_000
const SLACK_MS = 1_000
const SCRIPT = fileURLToPath(new URL('../../dist/src/main/token.js', import.meta.url))

let house: House
let api: string
let gateway: string
let redis: Redis
const cleanups: (() => void)[] = []

beforeAll(async () => {
  house = await startHouse()
  api = house.urls('api')[0] ?? ''
  gateway = house.urls('gateway')[0] ?? ''
  redis = new Redis(house.redis.url, { maxRetriesPerRequest: null })
  redis.on('error', () => {}) // it is killed on purpose
  await post('/v1/events', { id: 'secret', headline: 'For us', visibility: 'private' }, await sign('olga', 'editor'))
}, 60_000)
afterAll(async () => {
  redis.disconnect()
  await house.close()
})
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

function sign(sub: string, role: Role, expires = '1h'): Promise<string> {
  return createTokens(house.secret).sign({ sub, name: sub, roles: [role] }, expires)
}

async function post(path: string, body: object, token: string): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Prefer: 'wait=10' }
  return await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}
const publish = async (token: string) =>
  (await post('/v1/events/secret/updates', { body: 'Not for all.' }, token)).status
const poll = (token: string, after: number) =>
  fetch(`${api}/v1/events/secret/entries?after=${after}&wait=25`, { headers: { Authorization: `Bearer ${token}` } })

interface Follower {
  readonly socket: Socket
  readonly notices: Notice[]
  readonly entries: unknown[]
  join(): Promise<JoinAnswer>
}

async function follow(token: string): Promise<Follower> {
  const socket = io(gateway, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } })
  cleanups.push(() => socket.disconnect())
  const follower: Follower = {
    ...{ socket, notices: [], entries: [] },
    join: () => socket.timeout(5_000).emitWithAck('join', { eventId: 'secret', after: null }),
  }
  socket.on('notice', (notice: Notice) => follower.notices.push(notice))
  socket.on('entry', (...entry) => follower.entries.push(entry))
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
  return follower
}

async function joined(token: string): Promise<Follower> {
  const follower = await follow(token)
  expect((await follower.join()).result).toBe('restarted')
  return follower
}

async function streamed(token: string): Promise<StreamViewer> {
  const viewer = await openStream(gateway, 'secret', { authorization: `Bearer ${token}` })
  cleanups.push(() => viewer.close())
  await vi.waitFor(() => expect(viewer.named('restarted')).toHaveLength(1), 5_000)
  return viewer
}

/** Everybody who has one of the tokens, however they look on, is out; and whoever has another stays. */
async function expectOutWithin(ms: number, lost: Awaited<ReturnType<typeof lookOn>>, revoked: string): Promise<void> {
  const soon = { timeout: ms, interval: 50 }
  await vi.waitFor(() => expect(lost.socket.notices).toEqual([{ kind: 'token-expired' }]), soon)
  await vi.waitFor(() => expect(lost.stream.isOver).toBe(true), soon)
  expect(lost.stream.named('notice')).toEqual([{ kind: 'token-expired' }])
  expect(await lost.poll).toBe(401)
  expect(await publish(revoked)).toBe(401)
  expect(await lost.socket.join()).toMatchObject({ result: 'refused', problem: { type: '/problems/token-needed' } })
  await expect(follow(revoked)).rejects.toMatchObject({ data: { type: '/problems/token-needed' } })
}

/** On a socket, on a stream and by a long-poll that waits for the next entry. */
async function lookOn(token: string) {
  const socket = await follow(token)
  const joined = await socket.join()
  if (joined.result === 'refused') throw new Error(joined.problem.title)
  const answered = poll(token, joined.position.seq).then(({ status }) => status)
  return { socket, stream: await streamed(token), poll: answered }
}

it('[REVOKE12] [P7] what one process revokes is gone in all of them within 5 s, while pub/sub breaks again and again', {
  timeout: 60_000,
}, async () => {
  const [anna, bert, ops] = [await sign('anna', 'editor'), await sign('bert', 'editor'), await sign('olga', 'ops')]
  const [lost, kept] = [await lookOn(anna), await joined(bert)]
  const breaking = setInterval(() => void redis.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB').catch(() => undefined), 50)
  cleanups.push(() => clearInterval(breaking))
  await vi.waitFor(async () => expect(await redis.call('CLIENT', 'KILL', 'TYPE', 'PUBSUB')).toBeGreaterThan(0), 5_000)

  const began = Date.now()
  expect((await post('/v1/ops/revocations', { sub: 'anna', reason: 'Has left.' }, ops)).status).toBe(201)
  await expectOutWithin(RIGHTS_MS, lost, anna)
  expect(Date.now() - began).toBeLessThan(RIGHTS_MS + SLACK_MS)
  clearInterval(breaking)

  expect(await publish(bert)).toBe(201)
  await vi.waitFor(() => expect(kept.entries).toHaveLength(1), 10_000)
  expect(lost.socket.entries).toEqual([])
  expect(lost.stream.entries).toEqual([])
  expect(await publish(await sign('anna', 'editor'))).toBe(201)
})

it('[REVOKE13] [P7] what is revoked at a terminal is gone in running processes, and in those that start later', {
  timeout: 60_000,
}, async () => {
  const token = await sign('carl', 'editor')
  const lost = await lookOn(token)
  const revoke = (...args: string[]) =>
    promisify(execFile)(process.execPath, [SCRIPT, ...args], { env: { ...process.env, ...house.env } })
  expect((await revoke('--revoke', token, '--reason', 'The phone was lost.')).stdout).toMatch(/^Revoked: the token /)
  await expectOutWithin(RIGHTS_MS, lost, token)
  expect((await revoke('--list-revoked')).stdout).toContain(String(decodeJwt(token).jti))
  await expect(revoke('--role', 'ops', '--expires', '400d')).rejects.toMatchObject({ code: 1 })

  for (const part of ['api', 'gateway'] as const) {
    await house.stopOne(part, 0)
    await house.start(part, 0)
  }
  expect(await publish(token)).toBe(401)
  await expect(follow(token)).rejects.toMatchObject({ data: { type: '/problems/token-needed' } })
  expect(await publish(await sign('carl', 'editor'))).toBe(201)
})

it('[USERS4] [P7] whoever is blocked at a terminal is out of running processes', { timeout: 60_000 }, async () => {
  const users = (...args: string[]) => runCommand(['users', ...args], house.env)
  await users('add', 'dora', '--role', 'editor', '--event', 'secret')
  const token = (await users('token', 'dora')).trim()
  const lost = await lookOn(token)
  await users('block', 'dora')
  await expectOutWithin(RIGHTS_MS, lost, token)
})

it('[REVOKE14] [P7] while Redis is away, what is known of tokens holds, and one that runs out is noticed', {
  timeout: 60_000,
}, async () => {
  const [emil, ops] = [await sign('emil', 'editor'), await sign('olga', 'ops')]
  expect((await post('/v1/ops/revocations', { sub: 'emil', reason: 'Has left.' }, ops)).status).toBe(201)
  await expect.poll(() => publish(emil), { timeout: RIGHTS_MS }).toBe(401)
  await expect
    .poll(
      () =>
        follow(emil)
          .then(follower => follower.join())
          .catch(() => 'refused'),
      { timeout: RIGHTS_MS },
    )
    .toBe('refused')

  const [short, long] = [await lookOn(await sign('fred', 'editor', '6s')), await joined(await sign('gina', 'editor'))]
  await house.redis.kill9()
  const soon = { timeout: 6_000 + RIGHTS_MS, interval: 50 }
  await vi.waitFor(() => expect(short.socket.notices).toEqual([{ kind: 'token-expired' }]), soon)
  await vi.waitFor(() => expect(short.stream.isOver).toBe(true), soon)
  expect(await short.poll).toBe(401)
  expect(await publish(emil)).toBe(401)
  await expect(follow(emil)).rejects.toMatchObject({ data: { type: '/problems/token-needed' } })
  expect((await long.join()).result).toBe('restarted')
  expect(long.notices).toEqual([])

  await house.redis.restart()
  await expect.poll(async () => publish(await sign('gina', 'editor')), { timeout: 20_000 }).toBe(201)
  expect(await publish(emil)).toBe(401)
  await vi.waitFor(() => expect(long.entries.length).toBeGreaterThan(0), 10_000)
  expect(short.socket.entries).toEqual([])
})
