import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { afterEach, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import type { JoinAnswer } from '../../src/protocol/socket.ts'
import { commitDatedEvent } from '../support/dated-event.ts'
import { startHouse } from '../support/house.ts'
import { rehearsalViewer } from '../support/rehearsal-viewer.ts'
import { replayDesk } from '../support/replay-desk.ts'
import { startServer } from '../support/server.ts'

const REPLAYS = 20
/** An entry a second, replayed at 20x: 400 entries a second in all. */
const ENTRIES = 1_500
const SPEED = 20
const ROUNDS = 4
const UPDATES = 40
const EVERY_MS = 25
/** With replays, an update may take half as long again, and what a busy machine adds. */
const SLOWER = 1.5
const NOISE_MS = 15

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[REPLAY17] twenty replays at a time do not slow the live rooms', { timeout: 180_000 }, async () => {
  const house = await startHouse()
  cleanups.push(house.close)
  const token = await house.token('editor', 'ops')
  const store = await startServer({ worker: false, env: { REDIS_URL: house.redis.url, KEY_PREFIX: 'dl' } })
  const began = Date.parse('2026-11-24T08:00:00.000Z')
  const moments = Array.from({ length: ENTRIES }, (_, n) => new Date(began + n * 1_000))
  await commitDatedEvent(store.store, 'past', moments).finally(() => store.stop())
  const desk = replayDesk(house, token, 'past')
  await desk.ask('POST', '/v1/events', { id: 'live', headline: 'Live' })

  const [gateway = ''] = house.urls('gateway')
  const arrivals = new Map<string, number>()
  const socket = io(gateway, { transports: ['websocket'], forceNew: true })
  cleanups.push(() => socket.close())
  socket.on('entry', (_room: string, _epoch: string, entry: Entry) => {
    if (entry.type === 'published') arrivals.set(entry.update.bodyText, performance.now())
  })
  const joined: JoinAnswer = await socket.timeout(10_000).emitWithAck('join', { eventId: 'live', after: null })
  expect(joined.result).toBe('restarted')

  let posted = 0
  /** Milliseconds from POST to the viewer, of the updates of one round: their median. */
  async function round(): Promise<number> {
    const started = new Map<string, number>()
    const posts: Promise<unknown>[] = []
    for (let n = 0; n < UPDATES; n++) {
      posted += 1
      const body = `Update ${posted}.`
      started.set(body, performance.now())
      posts.push(desk.ask('POST', '/v1/events/live/updates', { body }))
      await sleep(EVERY_MS)
    }
    await Promise.all(posts)
    await vi.waitFor(() => expect(arrivals.size).toBe(posted), 15_000)
    return median([...started].map(([body, at]) => (arrivals.get(body) ?? 0) - at))
  }

  const replays = await Promise.all(
    Array.from({ length: REPLAYS }, () => desk.begin({ speed: SPEED }).then(replay => desk.change(replay, PAUSED))),
  )
  const viewers = replays.map(replay => rehearsalViewer(gateway, token, replay))
  for (const viewer of viewers) cleanups.push(viewer.close)
  await vi.waitFor(() => expect(viewers.every(({ seq }) => seq >= 0)).toBe(true), 20_000)
  const steer = (body: object) => Promise.all(replays.map((replay: Replay) => desk.change(replay, body)))

  await round() // warms up
  const without: number[] = []
  const during: number[] = []
  for (let n = 0; n < ROUNDS; n++) {
    without.push(await round())
    await steer({ state: 'running' })
    const before = viewers.map(({ seq }) => seq)
    during.push(await round())
    await vi.waitFor(() => expect(viewers.every(({ seq }, i) => seq > (before[i] ?? 0))).toBe(true), 10_000)
    await steer(PAUSED)
  }
  console.log(
    `live, median: ${median(without).toFixed(1)} ms without replays, ${median(during).toFixed(1)} ms with ${REPLAYS}`,
  )
  expect(median(during)).toBeLessThanOrEqual(median(without) * SLOWER + NOISE_MS)
  expect(viewers.flatMap(({ faults }) => faults)).toEqual([])
})

const PAUSED = { state: 'paused' }

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
