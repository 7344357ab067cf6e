import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { MAX_TAIL_ENTRIES } from '../../src/gateway/tail.ts'
import type { EntryPage } from '../../src/protocol/snapshot.ts'
import { callsTo } from '../support/http.ts'
import { random } from '../support/random.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'

const server = await startServer()
const { call, createEvent, publish, submit } = callsTo(server)
const { connect } = viewersOf(server)
afterAll(() => server.stop())

const PER_SECOND = 200
const SECONDS = 3
const TICK_MS = 20
/** More than a room keeps in its tail, so that the old position is read from Redis. */
const OLD_ENTRIES = MAX_TAIL_ENTRIES + 100
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

it(`[SOCKET11] viewers that join while 200 updates/s are published are given each entry once and in order (SEED=${SEED})`, {
  timeout: 60_000,
}, async () => {
  await createEvent({ id: 'talks' })
  await submitAll(OLD_ENTRIES, 40)
  await publish('talks')
  const lastOld = OLD_ENTRIES + 2
  const old = await positionAt(10)

  // One joins from nothing and one from an old position, in the midst of it; others at every moment from anywhere.
  const chance = random(SEED)
  const publishing = publishSteadily()
  await untilPublished(lastOld + 50)
  const [fresh, returning] = [await connect(), await connect()]
  const [freshAnswer, returningAnswer] = await Promise.all([fresh.join('talks'), returning.join('talks', old)])
  expect(freshAnswer).toMatchObject({ result: 'restarted', reason: 'first-visit' })
  expect(returningAnswer).toMatchObject({ result: 'resumed' })

  const others = []
  for (let isOver = false; !isOver || others.length < 4; ) {
    const viewer = await connect()
    others.push(viewer)
    await viewer.join('talks', chance.below(4) === 0 ? null : await positionAt(1 + chance.below(lastOld)))
    isOver = await Promise.race([publishing.then(() => true), sleep(50).then(() => false)])
  }
  const published = await publishing
  expect(published).toBe(PER_SECOND * SECONDS)
  await publish('talks', { body: 'The last one.' })

  const end = lastOld + published + 1
  for (const viewer of [fresh, returning, ...others]) {
    await viewer.reaches(end, 20_000)
    viewer.expectNoGap()
    expect(viewer.reached).toBe(end)
    expect(viewer.notices).toEqual([])
  }
  expect(fresh.entries.length).toBeGreaterThan(published / 2)
  expect(others.length).toBeGreaterThan(3)
})

async function submitAll(count: number, inFlight: number): Promise<void> {
  let left = count
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await submit('talks', { body: `Line ${left}` })
    }),
  )
}

/** Posts at a steady rate, whatever the answers take, and answers how many were accepted. */
async function publishSteadily(): Promise<number> {
  const startedAt = performance.now()
  const posted: Promise<unknown>[] = []
  while (posted.length < PER_SECOND * SECONDS) {
    const due = Math.min(PER_SECOND * SECONDS, Math.ceil(((performance.now() - startedAt) / 1_000) * PER_SECOND))
    while (posted.length < due) posted.push(submit('talks', { body: `Update ${posted.length}` }))
    await sleep(TICK_MS)
  }
  return (await Promise.all(posted)).length
}

async function positionAt(seq: number) {
  return (await call<EntryPage>('GET', `/v1/events/talks/entries?limit=1&after=${seq - 1}`)).body.position
}

async function untilPublished(seq: number): Promise<void> {
  await call<EntryPage>('GET', `/v1/events/talks/entries?limit=1&wait=20&after=${seq - 1}`)
}
