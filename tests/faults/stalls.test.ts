import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startBadNetwork } from '../support/bad-network.ts'
import { type House, startHouse } from '../support/house.ts'
import { type PlainViewer, plainViewer } from '../support/plain-viewer.ts'
import { returningStream } from '../support/returning-stream.ts'
import {
  type Editor,
  expectSameFeed,
  expectWholeFeed,
  pick,
  readFeed,
  send,
  typeSteadily,
} from '../support/steady-editor.ts'
import { watchingViewer } from '../support/watching-viewer.ts'

const VIEWERS = 15
const UPDATES_PER_S = 20

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(drainMs = 0) {
  const house = await startHouse({ env: { DRAIN_MS: String(drainMs) } })
  cleanups.push(house.close)
  const editor = { token: await house.token('editor'), apis: house.urls('api') }
  await send(editor, 0, 'POST', '/v1/events', { id: 'talks', headline: 'Talks' })
  return { house, editor }
}

function kindsOf(house: House) {
  const api = pick(house.urls('api'), 0)
  return [plainViewer, (url: string, eventId: string) => watchingViewer(url, eventId, api), returningStream]
}

async function viewersOf(house: House): Promise<PlainViewer[]> {
  const url = pick(house.urls('gateway'), 0)
  const viewers = Array.from({ length: VIEWERS }, (_, n) => pick(kindsOf(house), n)(url, 'talks'))
  for (const viewer of viewers) cleanups.push(viewer.close)
  await vi.waitFor(() => expect(viewers.every(({ joins }) => joins.length > 0)).toBe(true), 20_000)
  return viewers
}

/** Does something to the gateway while updates go on; then every viewer has the whole feed. */
async function expectAllKept(editor: Editor, viewers: readonly PlainViewer[], act: () => Promise<void>): Promise<void> {
  const typing = new AbortController()
  cleanups.push(() => typing.abort())
  const typed = typeSteadily(editor, 'talks', UPDATES_PER_S, typing.signal)
  await act()
  typing.abort()
  const receipts = await typed
  await vi.waitFor(async () => expect(await readFeed(editor, 'talks')).toHaveLength(receipts.length + 1), 20_000)
  const entries = await readFeed(editor, 'talks')
  expectWholeFeed(entries, receipts)
  for (const viewer of viewers) await expectSameFeed(viewer, entries, 40_000)
}

describe('viewers of a gateway', () => {
  it('[NET6] [P5] that stands still for a while, and goes on, are given what came meanwhile, and that once', {
    timeout: 120_000,
  }, async () => {
    const { house, editor } = await open()
    const viewers = await viewersOf(house)
    await expectAllKept(editor, viewers, async () => {
      const { pid } = house.process('gateway', 0)
      for (const standsMs of [500, 4_000]) {
        await sleep(1_000)
        process.kill(pid, 'SIGSTOP')
        await sleep(standsMs)
        process.kill(pid, 'SIGCONT')
      }
    })
  })

  it('[NET6] [P5] that is killed and started again come back with their positions', { timeout: 180_000 }, async () => {
    const { house, editor } = await open()
    const viewers = await viewersOf(house)
    await expectAllKept(editor, viewers, async () => {
      for (let times = 0; times < 2; times++) {
        await sleep(1_000)
        await house.kill9('gateway', 0)
        await house.start('gateway', 0)
        await vi.waitFor(() => expect(viewers.every(({ joins }) => joins.length >= times + 2)).toBe(true), 60_000)
      }
    })
    for (const { joins } of viewers) expect(joins.filter(answer => answer !== 'refused').slice(1)).toContain('resumed')
  })

  it('[NET7] that drains are served until their time, and neither who reads slowly nor who is dead keeps it from ending', {
    timeout: 60_000,
  }, async () => {
    const DRAIN_MS = 4_000
    const { house } = await open(DRAIN_MS)
    const url = pick(house.urls('gateway'), 0)
    const [slow, dead] = [
      await startBadNetwork(url, { fates: ['slow'], afterMs: { least: 0, most: 0 } }),
      await startBadNetwork(url, { fates: ['deaf', 'mute', 'viewer-unaware'], afterMs: { least: 500, most: 501 } }),
    ]
    cleanups.push(slow.stop, dead.stop)
    for (const network of [slow, dead]) {
      for (let n = 0; n < VIEWERS; n++) cleanups.push(pick(kindsOf(house), n)(network.url, 'talks').close)
    }
    await vi.waitFor(() => expect(dead.met.size).toBe(3), 20_000)
    const [gateway, began] = [house.process('gateway', 0), performance.now()]
    process.kill(gateway.pid, 'SIGTERM')
    expect(await gateway.exited).toBe(0)
    expect(performance.now() - began).toBeLessThan(DRAIN_MS + 8_000)
  })
})
