import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createArrivalReader } from '../../src/feed/arrival-times.ts'
import { createArrivals, MAX_NOTES, NUMBERS_A_PART, PARTS_KEPT } from '../../src/feed/arrivals.ts'
import { MAX_LISTED } from '../../src/feed/feed-numbers.ts'
import { createLatencyReader, MAX_SUBMISSIONS } from '../../src/feed/latency-series.ts'
import type { GapAudit } from '../../src/protocol/gaps.ts'
import type { LatencySeries } from '../../src/protocol/ops.ts'
import { acceptRequest, anEvent, eventSubmission, updateSubmission } from '../support/build.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { test } from '../support/redis.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { SocketViewer } from '../support/socket-viewer.ts'

const SOON = { timeout: 15_000, interval: 100 }
const UPDATES = 6

let server: TestServer
let calls: ReturnType<typeof callsTo>

beforeAll(async () => {
  server = await startServer()
  calls = callsTo(server)
  await calls.createEvent({ id: 'talks' })
  const viewer = await new SocketViewer(server).connected()
  await viewer.join('talks')
  for (let n = 1; n <= UPDATES; n++) await calls.publish('talks', { body: `Update ${n}.` })
  await vi.waitFor(() => expect(viewer.seen.filter(({ what }) => what === 'entry')).toHaveLength(UPDATES), SOON)
  viewer.socket.close()
})
afterAll(() => server.stop())

const gaps = async (eventId: string, query = '') =>
  (await calls.call<GapAudit>('GET', `/v1/events/${eventId}/gaps${query}`, { as: 'ops' })).body
const latency = async (query: string, as: Parameters<typeof calls.call>[2] = { as: 'ops' }) =>
  await calls.call<LatencySeries>('GET', `/v1/ops/latency${query}`, as)

describe('the audit of an event', () => {
  it('[GAP1] tells of each accept number where it went, and how long it took to be there', async () => {
    const { numbers } = await vi.waitFor(async () => {
      const found = await gaps('talks')
      expect(found.times.commit?.count).toBe(UPDATES + 1)
      expect(found.times.reach[0]?.count).toBe(UPDATES)
      return found
    }, SOON)
    expect(numbers.map(({ acceptNumber }) => acceptNumber)).toEqual([7, 6, 5, 4, 3, 2, 1])
    const entries = (await calls.call<{ entries: { chain: string }[] }>('GET', '/v1/events/talks/entries')).body.entries
    for (const each of numbers) {
      expect(each).toMatchObject({ seq: each.acceptNumber, late: false, doubled: false })
      expect(each.chain).toBe(entries[each.acceptNumber - 1]?.chain)
      expect(Math.abs(Date.parse(each.acceptedAt ?? '') - Date.now())).toBeLessThan(120_000)
      expect(each.acceptMs).toBeGreaterThan(0)
      expect(each.commitMs).toBeGreaterThanOrEqual(0)
      if (each.acceptNumber === 1) continue // the api commits the creation itself, and nobody looked on then
      expect(each.state).toBe('published')
      expect(each.normalizeMs).toBeGreaterThan(0)
      expect(each.reach).toEqual([{ gateway: expect.stringMatching(/^[0-9a-f]{8}$/), ms: expect.any(Number) }])
      expect(each.reach[0]?.ms).toBeGreaterThanOrEqual(each.commitMs ?? 0)
    }
  })

  it('[GAP1] tells them in pages, the newest first', async () => {
    const first = await calls.call<GapAudit>('GET', '/v1/events/talks/gaps?limit=3', { as: 'ops' })
    expect(first.body.numbers.map(({ acceptNumber }) => acceptNumber)).toEqual([7, 6, 5])
    expect(first.headers['link']).toBe('</v1/events/talks/gaps?limit=3&before=5>; rel="next"')
    const last = await calls.call<GapAudit>('GET', '/v1/events/talks/gaps?limit=4&before=5', { as: 'ops' })
    expect(last.body.numbers.map(({ acceptNumber }) => acceptNumber)).toEqual([4, 3, 2, 1])
    expect(last.headers['link']).toBeUndefined()
    expect(last.body).toMatchObject({ accepted: 7, entries: 7, states: { applied: 1, published: UPDATES } })
    for (const query of ['?limit=0', '?limit=1001', '?before=0', '?before=x']) {
      expectProblem(await calls.call('GET', `/v1/events/talks/gaps${query}`, { as: 'ops' }), 'invalid-request', {
        errors: [query.startsWith('?limit') ? '#/limit' : '#/before'],
      })
    }
  })

  it('[GAP2] sums the times up: the 50th, 95th and 99th percentile of each step, and of each gateway', async () => {
    const { times } = await gaps('talks')
    for (const each of [times.accept, times.normalize, times.commit, ...times.reach]) {
      expect(each?.p50).toBeLessThanOrEqual(each?.p95 ?? -1)
      expect(each?.p95).toBeLessThanOrEqual(each?.p99 ?? -1)
      expect(each?.p99).toBeLessThanOrEqual(each?.max ?? -1)
    }
    expect(times.reach).toHaveLength(1)
    expect(times.normalize?.count).toBe(UPDATES)
  })

  it('[GAP3] goes on behind a line that is lost', async () => {
    await calls.createEvent({ id: 'lost' })
    for (let n = 2; n <= 6; n++) await calls.publish('lost')
    const { redis, keys } = server.store
    await redis.xdel(keys.event('lost').feed, '3-0')
    expect(await gaps('lost')).toMatchObject({
      ...{ accepted: 6, entries: 6, missing: [3], doubled: [], brokenAt: 3 },
      totals: { missing: 1, doubled: 0, late: 0 },
    })
    expect((await gaps('lost')).numbers.map(({ seq }) => seq)).toEqual([6, 5, 4, null, 2, 1])
  })

  it('[GAP3] names at most so many numbers in a list, and counts all', { timeout: 60_000 }, async () => {
    await calls.createEvent({ id: 'vast' })
    const { redis, keys } = server.store
    await redis.hset(keys.event('vast').meta, 'accepted', MAX_LISTED + 501)
    const found = await gaps('vast', '?limit=2')
    expect(found.missing).toHaveLength(MAX_LISTED)
    expect(found.missing[0]).toBe(2)
    expect(found.totals.missing).toBe(MAX_LISTED + 500)
    expect(found.numbers).toMatchObject([
      { acceptNumber: MAX_LISTED + 501, state: 'missing', seq: null, acceptedAt: null, commitMs: null, reach: [] },
      { acceptNumber: MAX_LISTED + 500 },
    ])
    await redis.hset(keys.event('vast').meta, 'accepted', 1)
  })

  it('[GAP7] misses nothing that is on its way while the event goes on', { timeout: 60_000 }, async () => {
    await calls.createEvent({ id: 'busy' })
    const posted = Array.from({ length: 150 }, (_, n) => n)
    const posting = Promise.all(
      posted.map(async n => {
        await calls.submit('busy', { body: `Update ${n}.` })
      }),
    )
    for (let ended = 0; ended < posted.length + 1; ) {
      const { totals, brokenAt, states, numbers } = await gaps('busy')
      expect({ totals, brokenAt }).toEqual({ totals: { missing: 0, doubled: 0, late: 0 }, brokenAt: null })
      for (const { state, seq } of numbers) expect(state === 'waiting').toBe(seq === null)
      ended = (states['published'] ?? 0) + (states['applied'] ?? 0)
    }
    await posting
  })

  it('[GAP3] does not miss what a purged line stands for', async () => {
    await calls.createEvent({ id: 'taken-down' })
    const update = await calls.publish('taken-down')
    const { redis, keys } = server.store
    const event = keys.event('taken-down')
    const [[, fields] = ['', []]] = await redis.xrange(event.feed, '2-0', '2-0')
    const { seq, chain, at } = JSON.parse(String(fields[1]))
    const digest = createHash('sha1')
      .update(String(fields[1]).replace(/"chain":"[0-9a-f]+",/, ''))
      .digest('hex')
    const line = JSON.stringify({ seq, chain, at, type: 'purged', updateId: update.id, digest })
    await redis.hset(event.purged, '2', line)
    await redis.xdel(event.feed, '2-0')
    expect(await gaps('taken-down')).toMatchObject({ entries: 2, missing: [], brokenAt: null })
  })
})

describe('arrival records', () => {
  test('[GAP4] are kept of the newest 10,000 accept numbers, and expire', async ({ redis, keys, arrivals }) => {
    const event = keys.event('talks')
    const first = 1
    const newest = NUMBERS_A_PART * PARTS_KEPT
    arrivals.accepted('talks', first, 1.234)
    await vi.waitFor(async () => expect(await redis.hgetall(event.arrivals(0))).toEqual({ '1:a': '1.23' }), SOON)
    expect(await redis.pttl(event.arrivals(0))).toBeGreaterThan(86_400_000)
    arrivals.committed('talks', newest, 1_000, 1_005)
    await vi.waitFor(
      async () => expect(await redis.hgetall(event.arrivals(PARTS_KEPT))).toEqual({ [`${newest}:c`]: '1000 1005' }),
      SOON,
    )
    expect(await redis.exists(event.arrivals(0))).toBe(0)
  })

  test('[GAP4] are noted up to a bound, and what is noted while Redis is away is let go', async ({
    redis,
    keys,
    log,
  }) => {
    const warned: unknown[] = []
    const telling = Object.assign(Object.create(log), { warn: (_: object, message: string) => warned.push(message) })
    const arrivals = createArrivals({ redis, keys, log: telling })
    for (let n = 0; n < MAX_NOTES + 1; n++) arrivals.accepted('talks', (n % 900) + 1, n)
    await arrivals.stop()
    expect(warned).toEqual(['arrival times were not noted: too many at once'])
    expect(await redis.hget(keys.event('talks').arrivals(0), '1:a')).toBe(String(MAX_NOTES - (MAX_NOTES % 900)))
    const away = redis.duplicate({ lazyConnect: true, enableOfflineQueue: false }) as typeof redis
    const cut = createArrivals({ redis: away, keys, log: telling })
    cut.accepted('talks', 950, 1)
    await cut.stop()
    expect(warned.at(-1)).toBe('arrival times were not kept')
    away.disconnect()
  })

  test('[GAP4] of another numbering are not told', async ({ redis, keys, acceptor, committer, arrivals }) => {
    await acceptor.accept(acceptRequest(eventSubmission(anEvent())), new Date())
    await acceptor.accept(acceptRequest(updateSubmission()), new Date())
    expect(await committer.walk('talks', new Date())).toMatchObject({ verdict: 'walked' })
    arrivals.reached('talks', 2, 'here', 'before', 1_000)
    arrivals.reached('talks', 2, 'there', 'epoch1', 2_000)
    await arrivals.stop()
    const times = await createArrivalReader({ redis, keys }).part('talks', 0, 'epoch1')
    expect([...(times.get(2)?.reachedMs ?? [])]).toEqual([['there', 2_000]])
  })
})

describe('GET /v1/ops/latency', () => {
  it('[GAP5] tells minute by minute how long submissions took, of one event or of all', async () => {
    const found = await vi.waitFor(async () => {
      const { body } = await latency('?eventId=talks&minutes=5')
      expect(body.series.reduce((sum, { count }) => sum + count, 0)).toBe(UPDATES + 1)
      return body
    }, SOON)
    expect(found).toMatchObject({ stepSeconds: 60, complete: true })
    expect(found.series).toHaveLength(5)
    expect(Date.parse(found.to) - Date.parse(found.from)).toBe(300_000)
    for (const [i, step] of found.series.entries()) {
      expect(Date.parse(step.at)).toBe(Date.parse(found.from) + i * 60_000)
      const { p50, p99 } = step.reach
      if (step.count > 1) expect(p50).toBeLessThanOrEqual(p99 ?? -1)
      else expect(step.count === 1 || step.commit.p50 === null).toBe(true)
    }
    const all = (await latency('')).body
    expect(all.series).toHaveLength(60)
    expect(all.series.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(UPDATES + 1)
  })

  test('[GAP5] says so when there was too much to look at all of it', async ({ redis, keys }) => {
    const nowMs = Date.now()
    const times = { acceptedMs: nowMs - 1_000, committedMs: nowMs - 995, reachedMs: new Map() }
    const busy = new Map(Array.from({ length: MAX_SUBMISSIONS }, (_, number) => [number, times]))
    const read = (found: typeof busy) => {
      const arrivals = { parts: () => [1, 0], part: async () => found }
      return createLatencyReader({ redis, keys, arrivals }).read({ eventIds: ['talks'], minutes: 5 }, new Date(nowMs))
    }
    const { complete, series } = await read(busy)
    expect([complete, series.reduce((sum, { count }) => sum + count, 0)]).toEqual([false, MAX_SUBMISSIONS])
    expect((await read(new Map([...busy].slice(0, 10)))).complete).toBe(true)
  })

  it('[GAP5] is for ops, and of the events that a token is for', async () => {
    const limited = {
      as: { token: await server.sign({ sub: 'li', name: 'Li', roles: ['ops'], events: ['talks'] }, '1h') },
    }
    const { body } = await latency('?minutes=5', limited)
    expect(body.series.reduce((sum, { count }) => sum + count, 0)).toBe(UPDATES + 1)
    expectProblem(await latency('?eventId=lost', limited), 'not-allowed')
    expectProblem(await latency('', { as: 'editor' }), 'not-allowed')
    expectProblem(await latency('?minutes=721'), 'invalid-request', { errors: ['#/minutes'] })
    expectProblem(await latency('?eventId=No%20Slug'), 'invalid-request', { errors: ['#/eventId'] })
  })
})
