import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import type { Receipt } from '../../src/protocol/submission.ts'
import { type House, type HousePart, startHouse } from '../support/house.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { rehearsalViewer } from '../support/rehearsal-viewer.ts'
import { replayDesk } from '../support/replay-desk.ts'
import { expectSameFeed, expectWholeFeed, pick, readFeed, send } from '../support/steady-editor.ts'

/** The folder of an older release, built; `npm run test:upgrade` brings one. */
const OLD = process.env['UPGRADE_FROM']
/** How long both releases stand side by side. */
const SECONDS = Number(process.env['UPGRADE_SECONDS'] ?? '60')

const EVENT_IDS = ['night-1', 'night-2', 'night-3']
const EDITORS = 4
const VIEWERS = 6
const THINK_MS = 80
/** Each so many posts an editor revises what it posted last. */
const REVISE_EVERY = 5
const SETTLE_MS = 60_000
const PARTS: readonly HousePart[] = ['worker', 'gateway', 'api']

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it.skipIf(OLD === undefined || !existsSync(OLD))(
  '[UPG1] loses nothing while old and new releases of each process stand side by side, and one takes the place of the other',
  { timeout: SECONDS * 1_000 + 240_000 },
  async () => {
    const house = await startHouse({ apis: 2, gateways: 2, workers: 2, release: OLD ?? '' })
    cleanups.push(house.close)
    const editor = { token: await house.token('editor', 'ops'), apis: house.urls('api') }
    for (const id of EVENT_IDS) await send(editor, 0, 'POST', '/v1/events', { id, headline: `Night ${id}` })
    const viewers = Array.from({ length: VIEWERS }, (_, i) => {
      const eventId = pick(EVENT_IDS, i)
      return { eventId, viewer: plainViewer(pick(house.urls('gateway'), i), eventId) }
    })
    for (const { viewer } of viewers) cleanups.push(viewer.close)
    await vi.waitFor(() => expect(viewers.every(({ viewer }) => viewer.joins.length > 0)).toBe(true), 20_000)

    const receipts: { eventId: string; receipt: Receipt }[] = []
    let isOver = false
    async function type(number: number): Promise<void> {
      for (let posted = 1; !isOver; posted++) {
        const eventId = pick(EVENT_IDS, number + posted)
        const path = `/v1/events/${eventId}/updates`
        const body = { body: `Update ${posted} by editor ${number}.` }
        const receipt = (await send(editor, number, 'POST', path, body)) as Receipt
        receipts.push({ eventId, receipt })
        if (posted % REVISE_EVERY === 0) {
          const revision = { body: `Update ${posted} by editor ${number}, revised.` }
          const match = { 'If-Match': '"1"' }
          const revised = await send(editor, number, 'PATCH', `${path}/${receipt.updateId}`, revision, match)
          receipts.push({ eventId, receipt: revised as Receipt })
        }
        await sleep(THINK_MS)
      }
    }
    const typing = Promise.all(Array.from({ length: EDITORS }, (_, i) => type(i)))
    typing.catch(() => {}) // told below

    await vi.waitFor(() => expect(receipts.length).toBeGreaterThan(60), 20_000)
    // A rehearsal that lasts longer than both releases stand side by side, handed over between them.
    const desk = replayDesk(house, editor.token, 'night-1')
    const replay = await desk.begin({ speed: 'step' })
    const rehearsing = house.urls('gateway').map(url => rehearsalViewer(url, editor.token, replay))
    for (const viewer of rehearsing) cleanups.push(viewer.close)
    await vi.waitFor(() => expect(rehearsing.every(({ seq }) => seq === 0)).toBe(true), 10_000)
    await desk.change(replay, { speed: 0.1 })

    for (const part of PARTS) await upgrade(house, part, 0)
    const [atFirst, since] = [receipts.length, Date.now()]
    await vi.waitFor(() => expect(Date.now() - since).toBeGreaterThan(SECONDS * 1_000), SECONDS * 1_000 + 5_000)
    expect(receipts.length, 'accepted meanwhile').toBeGreaterThan(atFirst + SECONDS * 5)
    for (const part of PARTS) await upgrade(house, part, 1)
    isOver = true
    await typing
    await desk.change(replay, { speed: 'max' })

    const expected = (id: string) => receipts.filter(({ eventId }) => eventId === id).map(({ receipt }) => receipt)
    await vi.waitFor(
      async () => {
        for (const id of EVENT_IDS) expect((await readFeed(editor, id)).length).toBe(expected(id).length + 1)
      },
      { timeout: SETTLE_MS, interval: 500 },
    )
    for (const id of EVENT_IDS) {
      const entries = await readFeed(editor, id)
      expectWholeFeed(entries, expected(id))
      for (const { viewer } of viewers.filter(({ eventId }) => eventId === id)) await expectSameFeed(viewer, entries)
    }
    const range = (await desk.feed()).slice(0, replay.to)
    for (const viewer of rehearsing) {
      await vi.waitFor(() => expect(viewer.seq).toBe(replay.to), 20_000)
      expect(viewer.faults).toEqual([])
      expect(viewer.lap?.entries.map(({ line }) => line)).toEqual(range)
    }
    console.log(`${receipts.length} submissions while the releases changed`)
  },
)

/** As a rolling upgrade does it: the old one is asked to stop, then the new one starts in its place. */
async function upgrade(house: House, part: HousePart, number: number): Promise<void> {
  await house.stopOne(part, number)
  await house.start(part, number)
}
