import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterEach, expect, it, vi } from 'vitest'
import { createTokens } from '../../src/foundation/tokens.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'
import { startDateline } from '../support/dateline-process.ts'
import { startRedisServer } from '../support/redis-server.ts'

const UPDATES = 60
const GO_ON_MS = 10_000

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[REPLAY10] [P8] goes on with another worker when its own is killed, exactly once for its viewers', {
  timeout: 90_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-replay-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const redis = await startRedisServer()
  cleanups.push(() => redis.stop())
  const secret = randomBytes(32).toString('hex')
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0' }
  const api = await startDateline({ part: 'api', env })
  cleanups.push(() => api.stop())
  const gateway = await startDateline({ part: 'gateway', env })
  cleanups.push(() => gateway.stop())
  const startWorker = () => startDateline({ part: 'worker', env, readyLog: /worker is ready/ })
  const first = await startWorker()
  cleanups.push(() => first.stop())

  const token = await createTokens(secret).sign({ sub: 'olga', name: 'Olga', roles: ['editor', 'ops'] }, '1h')
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Prefer: 'wait=10' }
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  await ask('POST', '/v1/events', { id: 'talks', headline: 'Talks' })
  for (let n = 1; n <= UPDATES; n++) await ask('POST', '/v1/events/talks/updates', { body: `Update ${n}.` })
  const { entries: original } = await ask<EntryPage>('GET', '/v1/events/talks/entries?limit=1000')

  const replay = await ask<Replay>('POST', '/v1/events/talks/replays', { speed: 'step' })
  const socket = io(gateway.url, { transports: ['websocket'], forceNew: true, auth: { token } })
  cleanups.push(() => socket.close())
  const given: Entry[] = []
  socket.on('entry', (_room: string, _epoch: string, entry: Entry) => given.push(entry))
  const joined: JoinAnswer = await socket.emitWithAck('join', { eventId: 'talks', replay: replay.id, after: null })
  expect(joined).toMatchObject({ result: 'restarted', position: { seq: 0 } })

  // As slow as the publishing was, so that it is still under way when its worker is killed.
  await ask('PATCH', `/v1/events/talks/replays/${replay.id}`, { speed: 0.2 })
  await vi.waitFor(() => expect(given.length).toBeGreaterThan(2), 20_000)
  const second = await startWorker()
  cleanups.push(() => second.stop())
  await first.kill9()
  const atKill = given.length
  expect(atKill).toBeLessThan(original.length)
  await vi.waitFor(() => expect(given.length).toBeGreaterThan(atKill), GO_ON_MS)
  await ask('PATCH', `/v1/events/talks/replays/${replay.id}`, { speed: 'max' })
  await vi.waitFor(() => expect(given.length).toBe(original.length), 10_000)
  expect(given).toEqual(original)
  expect((await ask<EntryPage>('GET', '/v1/events/talks/entries?limit=1000')).entries).toEqual(original)
})
