import { afterEach, expect, it, vi } from 'vitest'
import { type BadNetwork, type BadNetworkOptions, FATES, startBadNetwork } from '../support/bad-network.ts'
import { startHouse } from '../support/house.ts'
import { type PlainViewer, plainViewer } from '../support/plain-viewer.ts'
import { pollingViewer } from '../support/polling-viewer.ts'
import { returningStream } from '../support/returning-stream.ts'
import { expectSameFeed, expectWholeFeed, pick, readFeed, send, typeSteadily } from '../support/steady-editor.ts'
import { watchingViewer } from '../support/watching-viewer.ts'

/** `npm run test:faults` runs in full size. */
const isFull = process.env['FULL'] === '1'
const SIZE = isFull ? { viewers: 100, forMs: 60_000 } : { viewers: 24, forMs: 10_000 }
const UPDATES_PER_S = 50
const HURTS = FATES.filter(fate => fate !== 'slow')
const FEW_SECONDS_MS = { least: 1_000, most: 4_000 }
/** With so many updates a long-poll is over soon: what is to happen to it happens before. */
const A_POLL_MS = { least: 5, most: 400 }
/** The SDK waits for up to 30 s before it tries again, when it has tried in vain several times. */
const COME_BACK_MS = 60_000
const MOST = 0.75
/** Of the viewers, those that may be so unlucky that they cannot catch up any more. */
const FEW = 0.2

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[NET1] [P5] gives every viewer on sockets, streams and long-polls the whole feed once and in order, whatever the network does', {
  timeout: SIZE.forMs + 180_000,
}, async () => {
  const house = await startHouse()
  cleanups.push(house.close)
  const editor = { token: await house.token('editor'), apis: house.urls('api') }
  await send(editor, 0, 'POST', '/v1/events', { id: 'talks', headline: 'Talks' })
  const network = async (part: 'api' | 'gateway', afterMs: BadNetworkOptions['afterMs']) => {
    const opened = await startBadNetwork(pick(house.urls(part), 0), { fates: HURTS, afterMs })
    cleanups.push(opened.stop)
    return opened
  }
  const toApi = await network('api', A_POLL_MS)
  const toGateway = await network('gateway', FEW_SECONDS_MS)

  const watching = (url: string, eventId: string) => watchingViewer(url, eventId, toApi.url)
  const kinds = [plainViewer, watching, returningStream, pollingViewer]
  const viewers: PlainViewer[] = []
  for (let n = 0; n < SIZE.viewers; n++) {
    const kind = pick(kinds, n)
    const viewer = kind((kind === pollingViewer ? toApi : toGateway).url, 'talks')
    viewers.push(viewer)
    cleanups.push(viewer.close)
  }
  // Through such a network some come in while it has begun: they are given the feed from there on.
  const areIn = () => viewers.filter(({ joins }) => joins.length > 0).length
  await vi.waitFor(() => expect(areIn()).toBeGreaterThanOrEqual(viewers.length * MOST), 60_000)

  const receipts = await typeSteadily(editor, 'talks', UPDATES_PER_S, AbortSignal.timeout(SIZE.forMs))
  toApi.calmDown()
  toGateway.calmDown()
  await vi.waitFor(async () => expect((await readFeed(editor, 'talks')).length).toBe(receipts.length + 1), 30_000)
  const entries = await readFeed(editor, 'talks')
  expectWholeFeed(entries, receipts)
  for (const viewer of viewers) await expectSameFeed(viewer, entries, COME_BACK_MS)
  // Else this has shown nothing.
  for (const network of [toApi, toGateway]) {
    for (const fate of HURTS) expect(network.met.get(fate), fate).toBeGreaterThan(0)
  }
  const anew = viewers.reduce((sum, viewer) => sum + viewer.missed.length, 0)
  expect(anew).toBeLessThanOrEqual(viewers.length * FEW)
  const joins = viewers.reduce((sum, viewer) => sum + viewer.joins.length, 0)
  console.log(
    `${receipts.length} updates, ${viewers.length} viewers, ${joins} joins, ${anew} of them over 1,000 entries behind; hurt: ${told(toGateway)}; polls: ${told(toApi)}`,
  )
})

const told = ({ met }: BadNetwork) => [...met].map(([fate, times]) => `${fate} ${times}`).join(', ')
