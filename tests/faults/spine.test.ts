import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import { type House, startHouse } from '../support/house.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { expectSameFeed, expectWholeFeed, pick, readFeed, send } from '../support/steady-editor.ts'

/** `npm run test:faults` runs in full size. */
const SIZE =
  process.env['FULL'] === '1'
    ? { events: 20, viewers: 200, submissions: 10_000, rounds: 3, redisRounds: 2, minutes: 12 }
    : { events: 5, viewers: 20, submissions: 1_000, rounds: 1, redisRounds: 1, minutes: 3 }
const EDITORS = 8

/** Editors post in bursts, so that whatever is killed has work in its hands. */
const BURST = 5
const THINK_MS = 60
/** A killed worker's jobs are given out again after their locks have run out. */
const SETTLE_MS = 90_000
const REDIS_AWAY_MS = 500

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('[P1] [P3] [P4] [P5] keeps every promise while each kind of process and Redis are killed', {
  timeout: SIZE.minutes * 60_000,
}, async () => {
  const house = await startHouse({ apis: 2, gateways: 2, workers: 2, redis: { appendfsync: 'always' } })
  cleanups.push(house.close)
  const gateways = house.urls('gateway')
  const editor = { token: await house.token('editor'), apis: house.urls('api') }

  const eventIds = Array.from({ length: SIZE.events }, (_, i) => `night-${i + 1}`)
  for (const id of eventIds) await send(editor, 0, 'POST', '/v1/events', { id, headline: `Night ${id}` })
  const viewers = Array.from({ length: SIZE.viewers }, (_, i) => {
    const eventId = pick(eventIds, i)
    // By event and then by gateway, so that each event is seen through both.
    return { eventId, viewer: plainViewer(pick(gateways, Math.floor(i / SIZE.events)), eventId) }
  })
  for (const { viewer } of viewers) cleanups.push(viewer.close)
  await vi.waitFor(() => expect(viewers.every(({ viewer }) => viewer.joins.length > 0)).toBe(true), 30_000)

  const receipts: { eventId: string; receipt: Receipt }[] = []
  let posted = 0
  async function type(number: number): Promise<void> {
    while (posted < SIZE.submissions) {
      await Promise.all(Array.from({ length: BURST }, () => post(number)))
      await sleep(THINK_MS)
    }
  }
  async function post(number: number): Promise<void> {
    if (posted === SIZE.submissions) return
    posted += 1
    const eventId = pick(eventIds, posted)
    const body = { body: `Update ${posted} by editor ${number}.` }
    const receipt = await send(editor, number, 'POST', `/v1/events/${eventId}/updates`, body)
    receipts.push({ eventId, receipt: receipt as Receipt })
  }
  const began = performance.now()
  const typing = Promise.all(Array.from({ length: EDITORS }, (_, i) => type(i)))
  const kills = killings(house)
  for (const [n, kill] of kills.entries()) {
    const share = (n + 1) / (kills.length + 1)
    await vi.waitFor(() => expect(posted).toBeGreaterThan(SIZE.submissions * share), SIZE.minutes * 60_000)
    await kill.act()
  }
  await typing
  const typedS = (performance.now() - began) / 1_000

  expect(receipts).toHaveLength(SIZE.submissions)
  const acceptedOf = (eventId: string) =>
    receipts.filter(each => each.eventId === eventId).map(({ receipt }) => receipt)
  const feeds = new Map<string, Entry[]>()
  for (const eventId of eventIds) {
    const length = acceptedOf(eventId).length + 1
    await vi.waitFor(
      async () => {
        feeds.set(eventId, await readFeed(editor, eventId))
        expect(feeds.get(eventId)).toHaveLength(length)
      },
      { timeout: SETTLE_MS, interval: 500 },
    )
  }
  for (const [eventId, entries] of feeds) {
    expectWholeFeed(entries, acceptedOf(eventId))
    for (const { viewer } of viewers.filter(each => each.eventId === eventId)) await expectSameFeed(viewer, entries)
  }

  const entries = [...feeds.values()].flat()
  const joins = viewers.flatMap(({ viewer }) => viewer.joins)
  console.log(
    [
      `${SIZE.submissions} submissions in ${SIZE.events} events, ${typedS.toFixed(0)} s; killed: ${kills.map(({ name }) => name).join(', ')}`,
      `in the feeds: ${entries.length - SIZE.events}, each once, no hole in seq, every chain links; late: ${entries.filter(entry => 'late' in entry).length}`,
      `${SIZE.viewers} viewers, each given its feed whole and in order; joins: ${joins.length} (${[...new Set(joins)].join(', ')})`,
    ].join('\n'),
  )
})

/** Each process of each kind in turn, round after round, and then Redis. */
function killings(house: House): { name: string; act(): Promise<void> }[] {
  const rounds = Array.from({ length: SIZE.rounds }, (_, round) =>
    (['worker', 'api', 'gateway'] as const).map(part => ({
      name: `${part} ${(round % 2) + 1}`,
      async act() {
        await house.kill9(part, round % 2)
        await house.start(part, round % 2)
      },
    })),
  )
  const redis = Array.from({ length: SIZE.redisRounds }, () => ({
    name: 'redis',
    async act() {
      await house.redis.kill9()
      await sleep(REDIS_AWAY_MS)
      await house.redis.restart()
    },
  }))
  return [...rounds.flat(), ...redis]
}
