import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { startHouse } from '../support/house.ts'
import { type PlainViewer, plainViewer } from '../support/plain-viewer.ts'
import { returningStream } from '../support/returning-stream.ts'
import { rulesOf, startSmallProxy } from '../support/small-proxy.ts'
import { expectSameFeed, expectWholeFeed, pick, readFeed, send, typeSteadily } from '../support/steady-editor.ts'
import { watchingViewer } from '../support/watching-viewer.ts'

/** `npm run test:faults` runs in full size. */
const VIEWERS = process.env['FULL'] === '1' ? 200 : 60
const DRAIN_S = 5
const UPDATES_PER_S = 20
const READY_WITHIN_MS = 1_000
const KINDS = [watchingViewer, plainViewer, watchingViewer, returningStream]
const NGINX = fileURLToPath(new URL('../../deploy/nginx/dateline.conf', import.meta.url))

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[NET2] [P5] restarts two gateways one after the other, behind one address and with updates going on: no gap, no repeat, and no second with more than twice the average of joins', {
  timeout: 120_000,
}, async () => {
  const house = await startHouse({ gateways: 2, env: { DRAIN_MS: String(DRAIN_S * 1_000) } })
  cleanups.push(house.close)
  const upstreams = { api: house.urls('api'), gateway: house.urls('gateway') }
  const proxy = await startSmallProxy(rulesOf(await readFile(NGINX, 'utf8')), upstreams)
  cleanups.push(proxy.stop)
  const editor = { token: await house.token('editor'), apis: house.urls('api') }
  await send(editor, 0, 'POST', '/v1/events', { id: 'talks', headline: 'Talks' })
  const viewers = Array.from({ length: VIEWERS }, (_, n) => pick(KINDS, n >> 1)(proxy.url, 'talks'))
  for (const viewer of viewers) cleanups.push(viewer.close)
  await vi.waitFor(() => expect(viewers.every(({ joins }) => joins.length > 0)).toBe(true), 20_000)

  const typing = new AbortController()
  cleanups.push(() => typing.abort())
  const typed = typeSteadily(editor, 'talks', UPDATES_PER_S, typing.signal)
  for (const number of [0, 1]) {
    const began = performance.now()
    const stopped = house.stopOne('gateway', number)
    const ready = `${pick(house.urls('gateway'), number)}/readyz`
    await vi.waitFor(async () => expect((await fetch(ready)).status).toBe(503), {
      timeout: READY_WITHIN_MS,
      interval: 20,
    })
    await stopped
    expect(await house.process('gateway', number).exited).toBe(0)
    await sleep(1_000) // the last of them come back
    expectEvenJoins(viewers, began)
    await house.start('gateway', number)
  }
  typing.abort()
  const receipts = await typed
  await vi.waitFor(async () => expect((await readFeed(editor, 'talks')).length).toBe(receipts.length + 1), 20_000)
  const entries = await readFeed(editor, 'talks')
  expectWholeFeed(entries, receipts)
  for (const viewer of viewers) await expectSameFeed(viewer, entries)
})

/** Of those who came back since `began`: in any second at most twice as many as on average. */
function expectEvenJoins(viewers: readonly PlainViewer[], began: number): void {
  const joins = viewers.flatMap(({ joinedAt }) => joinedAt.filter(at => at >= began)).toSorted((a, b) => a - b)
  const average = joins.length / DRAIN_S
  const mostInASecond = Math.max(...joins.map(from => joins.filter(at => at >= from && at < from + 1_000).length))
  console.log(`${joins.length} joins: ${average} a second on average, at most ${mostInASecond}`)
  expect(joins.length).toBeGreaterThanOrEqual(VIEWERS / 4)
  expect(mostInASecond).toBeLessThanOrEqual(2 * average)
}
