import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { EventAudience, Overview } from '../../src/protocol/ops.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const server: TestServer = await startServer()
const { call, createEvent, publish, submit } = callsTo(server)
const viewers = viewersOf(server)
const { stream } = streamsOf(server)
const overview = async (query = '', as: 'ops' | { token: string } = 'ops') =>
  await call<Overview>('GET', `/v1/ops/overview${query}`, { as })
const eventNow = async (id: string) => (await overview()).body.events.find(event => event.id === id)

beforeAll(async () => {
  await createEvent({ id: 'first', headline: 'First' })
  await createEvent({ id: 'second', headline: 'Second', visibility: 'private' })
})
afterAll(() => server.stop())

describe('the overview', () => {
  it('[OPS1] tells of the store, the queues, the processes and the events', async () => {
    const answer = await overview()
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    const { intake, store, queues, processes, events } = answer.body
    expect(intake).toEqual({ paused: false })
    expect(store).toEqual({
      ...{ reachable: true, usedBytes: expect.any(Number), maxBytes: null, fullAt: null },
      ...{ durability: expect.stringMatching(/always|everysec|no/), version: expect.stringMatching(/^\d+\.\d+/) },
    })
    expect(store.usedBytes).toBeGreaterThan(100_000)
    const empty = { waiting: 0, active: 0, delayed: 0, failed: 0, paused: false }
    expect(queues).toEqual([
      { name: 'submissions', ...empty },
      { name: 'replays', ...empty },
    ])
    expect(processes).toEqual([
      {
        ...{ id: server.processId, kind: 'everything', state: 'running', viewers: 0, rooms: [] },
        ...{ host: expect.stringMatching(/./), pid: process.pid, version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
        ...{ startedAt: expect.stringMatching(/Z$/), seenAt: expect.stringMatching(/Z$/) },
        eventLoopDelayMs: expect.any(Number),
      },
    ])
    expect(events).toContainEqual({
      ...{
        id: 'second',
        headline: 'Second',
        status: 'live',
        visibility: 'private',
        viewers: 0,
        peakViewers: 0,
        seq: 1,
      },
      ...{ accepted: 1, head: 1, waiting: 0, oldestWaitingMs: null, updatesPerMinute: 1, dead: 0, held: 0 },
    })
  })

  it('[OPS2] counts what waits, is dead or is held, and the entries of the last minute only', async () => {
    const idle = await startServer({ worker: false })
    const there = callsTo(idle)
    try {
      await there.createEvent({ id: 'waits' })
      for (let n = 0; n < 3; n++) await there.submit('waits')
      const event = (await there.call<Overview>('GET', '/v1/ops/overview', { as: 'ops' })).body.events[0]
      expect(event).toMatchObject({ id: 'waits', seq: 1, accepted: 4, head: 1, waiting: 3, updatesPerMinute: 1 })
      expect(event?.oldestWaitingMs).toBeGreaterThanOrEqual(0)
    } finally {
      await idle.stop()
    }
    await createEvent({ id: 'made-up' })
    const { redis, keys } = server.store
    const { feed, meta, dead, held, purged } = keys.event('made-up')
    // 40 entries of which the last 17 are new, as a feed of yesterday that goes on.
    const at = (n: number) => new Date(Date.now() - (n <= 23 ? 86_400_000 : 1_000)).toISOString()
    const line = (n: number) => `{"seq":${n},"chain":"${'a'.repeat(40)}","at":"${at(n)}","type":"event"}`
    for (let n = 2; n <= 40; n++) {
      if (n % 5 === 0) await redis.hset(purged, String(n), line(n))
      else await redis.xadd(feed, `${n}-0`, 'line', line(n))
    }
    await redis.hset(meta, { seq: 40, at: at(40) })
    await redis.hset(dead, '7', 'x\ny')
    await redis.hset(held, { 8: 'x\ny', 9: 'x\ny' })
    expect(await eventNow('made-up')).toMatchObject({ seq: 40, updatesPerMinute: 17, dead: 1, held: 2 })
    await redis.hset(meta, { at: at(1) })
    expect((await eventNow('made-up'))?.updatesPerMinute).toBe(0)
    await redis.del(...Object.values(keys.event('made-up')).filter(key => typeof key === 'string'))
  })

  it('[OPS3] shows the event that was active last first, in pages, and one that came with an import too', async () => {
    await createEvent({ id: 'third' })
    await vi.waitFor(async () => {
      await submit('second')
      expect((await overview()).body.events.map(event => event.id)).toEqual(['second', 'third', 'first'])
    }, 5_000)
    const { redis, keys } = server.store
    await redis.zrem(keys.activity, 'first')
    const ids: string[] = []
    for (let path = '/v1/ops/overview?limit=1'; path !== ''; ) {
      const page = await call<Overview>('GET', path, { as: 'ops' })
      expect(page.body.events.length).toBeLessThanOrEqual(1) // an id may have no event
      ids.push(...page.body.events.map(event => event.id))
      path = /<([^>]+)>; rel="next"/.exec(String(page.headers['link'] ?? ''))?.[1] ?? ''
    }
    expect(ids).toEqual(['second', 'third', 'first'])
    expectProblem(await overview('?after=x'), 'invalid-request', { errors: ['#/after'] })
    expectProblem(await overview('?limit=201'), 'invalid-request', { errors: ['#/limit'] })
  })

  it('[OPS4] is for ops, and tells who is limited to some events of these only', async () => {
    expectProblem(await call('GET', '/v1/ops/overview', { as: null }), 'token-needed')
    expectProblem(await call('GET', '/v1/ops/overview'), 'not-allowed')
    const viewer = await viewers.connect()
    await viewer.join('first')
    await vi.waitFor(async () => expect((await overview()).body.processes[0]?.rooms).toHaveLength(1), 10_000)
    const token = await server.sign({ roles: ['ops'], events: ['second', 'third', 'gone'] }, '1h')
    const { body } = await overview('', { token })
    expect(body.events.map(event => event.id)).toEqual(['second', 'third'])
    expect(body.processes[0]?.rooms).toEqual([])
    const page = await overview('?limit=2', { token })
    expect(page.body.events.map(event => event.id)).toEqual(['second'])
    expect(page.headers['link']).toContain('after=0:second')
  })

  it('[OPS5] counts viewers of an event over all gateways, their peak, and how often somebody joined', async () => {
    const [anna, boris] = [await viewers.connect(), await viewers.connect()]
    await anna.join('third')
    await boris.join('third')
    await vi.waitFor(async () => expect(await eventNow('third')).toMatchObject({ viewers: 2, peakViewers: 2 }), 10_000)
    // Another gateway, which has three more.
    const { audience } = server.store
    await audience.report('gateway-2', { eventId: 'third', sockets: 2, streams: 1, joins: 3 })
    expect(await eventNow('third')).toMatchObject({ viewers: 5, peakViewers: 5 })
    await vi.waitFor(() => expect(anna.beacons.at(-1)).toMatchObject({ eventId: 'third', viewers: 5 }), 15_000)
    boris.close()
    await audience.report('gateway-2', { eventId: 'third', sockets: 0, streams: 0, joins: 0 })
    await vi.waitFor(async () => expect(await eventNow('third')).toMatchObject({ viewers: 1, peakViewers: 5 }), 10_000)
    expect(await audience.totals('third')).toEqual({ peak: 5, peakAt: expect.stringMatching(/Z$/), joins: 5 })
  }, 40_000)

  it('[OPS19] tells the newsroom how viewers look on: on sockets, on streams, by polling; a rehearsal is apart', async () => {
    await createEvent({ id: 'mixed' })
    const path = '/v1/events/mixed/audience'
    const audienceNow = async () => (await call<EventAudience>('GET', path, { as: 'contributor' })).body
    const nobody = { eventId: 'mixed', viewers: 0, sockets: 0, streams: 0, pollers: 0, peak: 0, peakAt: null, joins: 0 }
    expect(await audienceNow()).toEqual(nobody)

    const viewer = await viewers.connect()
    await viewer.join('mixed')
    await stream('mixed')
    const replay = await call<Replay>('POST', '/v1/events/mixed/replays', { as: 'ops', body: { speed: 'step' } })
    const rehearsing = await viewers.connect({ as: 'ops' })
    await rehearsing.ask('join', { eventId: 'mixed', replay: replay.body.id, after: null })
    const wait = (agent: string) =>
      call('GET', '/v1/events/mixed/entries?after=1&wait=1', { as: null, headers: { 'user-agent': agent } })
    await Promise.all([wait('a'), wait('b'), wait('a')])
    const counted = { eventId: 'mixed', viewers: 4, sockets: 1, streams: 1, pollers: 2, peak: 4, joins: 2 }
    await vi.waitFor(async () => expect(await audienceNow()).toMatchObject(counted), 15_000)
    await vi.waitFor(() => expect(viewer.beacons.at(-1)?.viewers).toBe(4), 15_000)
    expect((await overview()).body.processes[0]?.rooms.find(({ room }) => room === replay.body.room)?.viewers).toBe(1)
    expect(await eventNow('mixed')).toMatchObject({ viewers: 4, peakViewers: 4 })

    expectProblem(await call('GET', path, { as: null }), 'token-needed')
    expectProblem(await call('GET', path, { as: 'elsewhere' }), 'not-allowed')
    expectProblem(await call('GET', '/v1/events/nowhere/audience'), 'event-not-found')
    await call('DELETE', `/v1/events/mixed/replays/${replay.body.id}`, { as: 'ops' })
  }, 40_000)

  it('[OPS5] tells viewers of a room that is never quiet, too', async () => {
    await createEvent({ id: 'busy' })
    const [anna, boris] = [await viewers.connect(), await viewers.connect()]
    await anna.join('busy')
    let isOver = false
    const publishing = (async () => {
      while (!isOver) await publish('busy')
    })()
    await vi.waitFor(() => expect(anna.beacons.at(-1)).toMatchObject({ eventId: 'busy', viewers: 1 }), 10_000)
    await boris.join('busy')
    await vi.waitFor(() => expect(anna.beacons.at(-1)).toMatchObject({ eventId: 'busy', viewers: 2 }), 20_000)
    isOver = true
    await publishing
    expect(anna.entries.length).toBeGreaterThan(10)
  }, 40_000)
})
