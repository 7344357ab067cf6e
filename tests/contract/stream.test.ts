import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { MAX_TAIL_ENTRIES } from '../../src/gateway/tail.ts'
import type { Event } from '../../src/protocol/event.ts'
import { formatPosition, type Position } from '../../src/protocol/position.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { random } from '../support/random.ts'
import { startServer } from '../support/server.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const server = await startServer()
const { call, change, createEvent, publish, submit } = callsTo(server)
const { stream } = streamsOf(server)
afterAll(() => server.stop())

const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** An open stream is given nothing more at the latest this long after its token has lost its right. */
const RIGHTS_MS = 5_000

async function positionAt(eventId: string, seq: number): Promise<Position> {
  return (await call<EntryPage>('GET', `/v1/events/${eventId}/entries?limit=1&after=${seq - 1}`)).body.position
}

describe('GET /v1/events/:id/stream', () => {
  it('[STREAM1] begins with the snapshot of GET feed, and each later entry is an event whose id is the position behind it', async () => {
    await createEvent({ id: 'first' })
    await publish('first')
    const viewer = await stream('first')
    expect(viewer.res.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private, no-store, no-transform',
    })
    expect(viewer.res.headers['transfer-encoding']).toBeUndefined()
    await publish('first', { body: 'Zwei Sätze – «так».' })
    await viewer.reaches(3)
    const { body: snapshot } = await call<Snapshot>('GET', '/v1/events/first/feed')
    const [begun] = viewer.named('restarted') as { reason: string; position: Position; snapshot: Snapshot }[]
    expect(begun).toMatchObject({ reason: 'first-visit', position: { seq: 2 }, snapshot: { event: snapshot.event } })
    const { body: page } = await call<EntryPage>('GET', '/v1/events/first/entries?after=2')
    expect(viewer.entries).toEqual(page.entries)
    expect(viewer.lastEventId).toBe(formatPosition(page.position))
    expect(viewer.retries).toHaveLength(1)
    viewer.expectNoGap()
  })

  it('[STREAM3] goes on after Last-Event-ID, or `after` where a browser has none yet', async () => {
    await createEvent({ id: 'again' })
    for (let i = 0; i < 5; i++) await publish('again', { body: `Line ${i}` })
    const third = await positionAt('again', 3)
    const byHeader = await stream('again', { lastEventId: formatPosition(third), query: '?after=1' })
    const byQuery = await stream('again', { query: `?after=${encodeURIComponent(formatPosition(third))}` })
    const bySeq = await stream('again', { query: '?after=3' })
    await publish('again', { body: 'The last one.' })
    for (const viewer of [byHeader, byQuery, bySeq]) {
      await viewer.reaches(7)
      expect(viewer.named('resumed')).toEqual([{ position: await positionAt('again', 6) }])
      expect(viewer.entries.map(({ seq }) => seq)).toEqual([4, 5, 6, 7])
      viewer.expectNoGap(third)
    }
    const atTheEnd = await stream('again', { lastEventId: byHeader.lastEventId })
    await vi.waitFor(() => expect(atTheEnd.named('resumed')).toHaveLength(1))
    expect(atTheEnd.entries).toEqual([])
  })

  it('[STREAM4] begins anew, with the reason, where the position is not in the feed', async () => {
    await createEvent({ id: 'other' })
    await publish('other')
    const { epoch, chain } = await positionAt('other', 2)
    for (const [lastEventId, reason] of [
      [`elsewhere:2:${chain}`, 'epoch-changed'],
      [`${epoch}:99:${chain}`, 'ahead-of-feed'],
      [`${epoch}:2:${'a'.repeat(40)}`, 'chain-mismatch'],
    ] as const) {
      const viewer = await stream('other', { lastEventId })
      await vi.waitFor(() => expect(viewer.named('restarted')).toMatchObject([{ reason, position: { seq: 2 } }]))
    }
  })

  it('[STREAM5] refuses with a problem what it cannot answer, and has no body for HEAD', async () => {
    await createEvent({ id: 'refusing' })
    expectProblem(await call('GET', '/v1/events/nowhere/stream'), 'event-not-found', {
      detail: 'There is no event nowhere.',
    })
    const wrong = await call('GET', '/v1/events/refusing/stream?after=yesterday')
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/after' }] } })
    expect(await call('GET', '/v1/events/refusing/stream', { as: { token: 'forged' } })).toMatchObject({ status: 401 })
    expect(await call('POST', '/v1/events/refusing/stream', { body: {} })).toMatchObject({ status: 405 })
    expect(await call('HEAD', '/v1/events/refusing/stream')).toMatchObject({ status: 200, text: '' })
  })

  it('[STREAM6] tells a quiet stream where the feed stands', { timeout: 15_000 }, async () => {
    await createEvent({ id: 'quiet' })
    const viewer = await stream('quiet')
    await vi.waitFor(
      () => expect(viewer.named('beacon')).toMatchObject([{ eventId: 'quiet', seq: 1, viewers: 1 }]),
      10_000,
    )
  })
})

describe('a stream of a private event', () => {
  it('[STREAM7] [P7] looks like no event without a token that reaches it', async () => {
    await createEvent({ id: 'secret', visibility: 'private' })
    for (const as of [null, 'elsewhere'] as const) {
      expect(await call('GET', '/v1/events/secret/stream', { as })).toMatchObject({
        status: 404,
        body: { type: '/problems/event-not-found' },
      })
    }
    const viewer = await stream('secret', { as: 'contributor' })
    await publish('secret')
    await viewer.reaches(2)
  })

  it('[STREAM7] [P7] ends when its token has run out, with a notice', { timeout: 15_000 }, async () => {
    await createEvent({ id: 'lapsing', visibility: 'private' })
    const viewer = await stream('lapsing', { as: { token: await server.sign({}, '2s') } })
    await vi.waitFor(() => expect(viewer.isOver).toBe(true), 2_000 + RIGHTS_MS)
    expect(viewer.named('notice')).toEqual([{ kind: 'token-expired' }])
    await publish('lapsing')
    expect(viewer.entries).toEqual([])
  })

  it('[STREAM7] [P7] is taken at once from who has no right when it was public before', async () => {
    await createEvent({ id: 'turned' })
    const [reader, editor] = [await stream('turned'), await stream('turned', { as: 'editor' })]
    await change<Event>('PATCH', '/v1/events/turned', 1, { visibility: 'private' })
    await vi.waitFor(() => expect(reader.isOver).toBe(true), RIGHTS_MS)
    await publish('turned', { body: 'For few.' })
    await editor.reaches(3)
    expect(reader.entries).toEqual([])
    expect(reader.named('refused')).toMatchObject([{ type: '/problems/event-not-found' }])
  })
})

it(`[STREAM8] streams that begin while 100 updates/s are published are given each entry once and in order (SEED=${SEED})`, {
  timeout: 60_000,
}, async () => {
  await createEvent({ id: 'busy' })
  const count = MAX_TAIL_ENTRIES + 150
  const posting = postSteadily('busy', count)
  const chance = random(SEED)
  const begun: { viewer: Awaited<ReturnType<typeof stream>>; after: Position | undefined }[] = []
  for (let i = 0; i < 12; i++) {
    await sleep(200)
    const { position } = (await call<Snapshot>('GET', '/v1/events/busy/feed?limit=1')).body
    const after = chance.below(3) === 0 ? undefined : await positionAt('busy', 1 + chance.below(position.seq))
    begun.push({
      viewer: await stream('busy', after === undefined ? {} : { lastEventId: formatPosition(after) }),
      after,
    })
  }
  await posting
  for (const { viewer, after } of begun) {
    await viewer.reaches(count + 1, 20_000)
    viewer.expectNoGap(after)
    expect(viewer.position).toEqual(await positionAt('busy', count + 1))
  }
})

async function postSteadily(eventId: string, count: number): Promise<void> {
  const posted: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    posted.push(submit(eventId, { body: `Update ${i}` }))
    if (i % 2 === 1) await sleep(20)
  }
  await Promise.all(posted)
}
