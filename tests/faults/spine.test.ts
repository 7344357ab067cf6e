import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { createTokens } from '../../src/foundation/tokens.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import { type DatelinePart, type DatelineProcess, freePort, startDateline } from '../support/dateline-process.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { startRedisServer } from '../support/redis-server.ts'
import { expectSameFeed, expectWholeFeed, pick, readFeed, send } from '../support/steady-editor.ts'

const EVENTS = 5
const EDITORS = 8
const VIEWERS = 20
const SUBMISSIONS = 1_000

/** Editors post in bursts, so that whatever is killed has work in its hands. */
const BURST = 5
const THINK_MS = 60
/** A killed worker's jobs are given out again after their locks have run out. */
const SETTLE_MS = 60_000

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[P1] [P3] [P4] [P5] keeps every promise while one of each kind of process and Redis are killed', {
  timeout: 180_000,
}, async () => {
  const house = await startHouse()
  const { apis, gateways } = house.urls
  const token = await createTokens(house.secret).sign({ sub: 'desk', name: 'Desk', roles: ['editor'] }, '1h')
  const editor = { token, apis }

  const eventIds = Array.from({ length: EVENTS }, (_, i) => `night-${i + 1}`)
  for (const id of eventIds) await send(editor, 0, 'POST', '/v1/events', { id, headline: `Night ${id}` })
  const viewers = Array.from({ length: VIEWERS }, (_, i) => {
    const eventId = pick(eventIds, i)
    return { eventId, viewer: plainViewer(pick(gateways, i), eventId) }
  })
  cleanups.push(() => {
    for (const { viewer } of viewers) viewer.close()
  })
  await vi.waitFor(() => expect(viewers.every(({ viewer }) => viewer.joins.length > 0)).toBe(true), 10_000)

  const receipts: { eventId: string; receipt: Receipt }[] = []
  let posted = 0
  async function type(number: number): Promise<void> {
    while (posted < SUBMISSIONS) {
      await Promise.all(Array.from({ length: BURST }, () => post(number)))
      await sleep(THINK_MS)
    }
  }
  async function post(number: number): Promise<void> {
    if (posted === SUBMISSIONS) return
    posted += 1
    const eventId = pick(eventIds, posted)
    const body = { body: `Update ${posted} by editor ${number}.` }
    const receipt = await send(editor, number, 'POST', `/v1/events/${eventId}/updates`, body)
    receipts.push({ eventId, receipt: receipt as Receipt })
  }
  const typing = Promise.all(Array.from({ length: EDITORS }, (_, i) => type(i)))
  const whenAt = (share: number) => vi.waitFor(() => expect(posted).toBeGreaterThan(SUBMISSIONS * share), 60_000)
  await whenAt(0.15)
  await house.killAndRestart('worker')
  await whenAt(0.35)
  await house.killAndRestart('api')
  await whenAt(0.55)
  await house.killAndRestart('gateway')
  await whenAt(0.75)
  await house.redis.kill9()
  await sleep(500)
  await house.redis.restart()
  await typing

  expect(receipts).toHaveLength(SUBMISSIONS)
  await vi.waitFor(
    async () => {
      for (const eventId of eventIds) {
        const accepted = receipts.filter(
          ({ receipt, eventId: id }) => id === eventId && receipt.acceptNumber > 0,
        ).length
        expect((await readFeed(editor, eventId)).length).toBe(accepted + 1)
      }
    },
    { timeout: SETTLE_MS, interval: 500 },
  )

  for (const eventId of eventIds) {
    const entries = await readFeed(editor, eventId)
    expectWholeFeed(
      entries,
      receipts.filter(({ eventId: id }) => id === eventId).map(({ receipt }) => receipt),
    )
    for (const { viewer } of viewers.filter(each => each.eventId === eventId)) {
      await expectSameFeed(viewer, entries)
    }
  }
  const late = (await Promise.all(eventIds.map(id => readFeed(editor, id)))).flat().filter(entry => 'late' in entry)
  console.log(`late: ${late.length}; joins: ${[...new Set(viewers.flatMap(({ viewer }) => viewer.joins))].join(', ')}`)
})

/** Two apis, two gateways and two workers, each a process of its own, over a Redis of their own. */
async function startHouse() {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-spine-'))
  cleanups.push(() => rm(dir, { recursive: true, force: true }))
  const redis = await startRedisServer({ appendfsync: 'always' })
  cleanups.push(() => redis.stop())
  const secret = randomBytes(32).toString('hex')
  const env = { REDIS_URL: redis.url, JWT_SECRET: secret, DATA_DIR: dir, DRAIN_MS: '0' }

  const running = new Map<string, DatelineProcess>()
  async function start(part: DatelinePart, name: string, port: string): Promise<void> {
    const readyLog = part === 'worker' ? { readyLog: /worker is ready/ } : {}
    running.set(name, await startDateline({ part, env: { ...env, PORT: port }, ...readyLog }))
  }
  cleanups.push(async () => {
    await Promise.all([...running.values()].map(process => process.stop()))
  })
  const ports: Record<string, string> = {}
  for (const part of ['api', 'gateway', 'worker'] as const) {
    for (const name of [`${part} 1`, `${part} 2`]) {
      ports[name] = String(await freePort())
      await start(part, name, ports[name])
    }
  }
  const urlsOf = (part: string) => [1, 2].map(n => `http://127.0.0.1:${ports[`${part} ${n}`]}`)
  return {
    redis,
    secret,
    urls: { apis: urlsOf('api'), gateways: urlsOf('gateway') },
    async killAndRestart(part: 'api' | 'gateway' | 'worker'): Promise<void> {
      const name = `${part} 1`
      await running.get(name)?.kill9()
      await start(part, name, ports[name] ?? '')
    },
  }
}
