import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { callsTo } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { SocketViewer } from '../support/socket-viewer.ts'

let server: TestServer
let call: ReturnType<typeof callsTo>['call']

beforeAll(async () => {
  server = await startServer()
  call = callsTo(server).call
  await call('POST', '/v1/events', { body: { id: 'talks', headline: 'Talks' } })
  for (let n = 2; n <= 6; n++) {
    const headers = { Prefer: 'wait=10' }
    await call('POST', '/v1/events/talks/updates', { body: { body: `Update ${n}.` }, headers })
  }
})
afterAll(() => server.stop())

describe('a rebroadcast', () => {
  it('[REPAIR1] sends the entries again to all in the live room, changes nothing, and stands in the audit trail', async () => {
    const viewer = await new SocketViewer(server).connected()
    await viewer.join('talks')
    const before = (await call('GET', '/v1/events/talks/entries')).text
    const headers = { 'X-Request-Id': 'again-1' }
    const answer = await call('POST', '/v1/events/talks/rebroadcast', { as: 'ops', body: { from: 4 }, headers })
    expect(answer).toMatchObject({ status: 202, body: { from: 4, to: 6 } })
    const seqs = () => viewer.seen.flatMap(each => (each.what === 'entry' ? [each.entry.seq] : []))
    await vi.waitFor(() => expect(seqs()).toEqual([4, 5, 6]))
    expect((await call('GET', '/v1/events/talks/entries')).text).toBe(before)
    viewer.socket.close()

    const { body } = await call<{ entries: object[] }>('GET', '/v1/events/talks/audit', { as: 'ops' })
    expect(body.entries[0]).toMatchObject({
      ...{ action: 'rebroadcast', requestId: 'again-1', detail: { from: 4, to: 6 } },
      by: { sub: 'olga', name: 'Olga Ops' },
    })
  })

  it.each([
    [{}, '#/from'],
    [{ from: 0 }, '#/from'],
    [{ from: 7 }, '#/from'],
    [{ from: '4' }, '#/from'],
    [{ from: 4, to: 5 }, '#/to'],
  ])('[REPAIR2] is refused with %j', async (body, pointer) => {
    const answer = await call<{ errors: { pointer: string }[] }>('POST', '/v1/events/talks/rebroadcast', {
      as: 'ops',
      body,
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors[0]?.pointer).toBe(pointer)
  })

  it('[REPAIR2] and the trail are for ops', async () => {
    for (const [method, path] of [
      ['POST', 'rebroadcast'],
      ['GET', 'audit'],
    ] as const) {
      const answer = await call(method, `/v1/events/talks/${path}`, {
        ...(method === 'POST' ? { body: { from: 1 } } : {}),
      })
      expect(answer.status).toBe(403)
    }
    expect((await call('POST', '/v1/events/nowhere/rebroadcast', { as: 'ops', body: { from: 1 } })).status).toBe(404)
  })

  it('[REPAIR3] The trail is read in pages, newest first', async () => {
    for (let i = 0; i < 4; i++) await call('POST', '/v1/events/talks/rebroadcast', { as: 'ops', body: { from: 6 } })
    const all = (await call<{ entries: { id: string }[] }>('GET', '/v1/events/talks/audit', { as: 'ops' })).body.entries
    const paged: { id: string }[] = []
    for (let before = '', complete = false; !complete; ) {
      const page = await call<{ entries: { id: string }[]; complete: boolean }>(
        'GET',
        `/v1/events/talks/audit?limit=2${before}`,
        { as: 'ops' },
      )
      paged.push(...page.body.entries)
      before = `&before=${paged.at(-1)?.id}`
      complete = page.body.complete
    }
    expect(paged).toEqual(all)
    expect((await call('GET', '/v1/events/talks/audit?before=x', { as: 'ops' })).status).toBe(400)
  })
})

describe('the audit of an event', () => {
  interface Gaps {
    accepted: number
    entries: number
    states: Record<string, number>
    missing: number[]
    doubled: number[]
    late: number[]
    brokenAt: number | null
    acceptToEndMs: { p50: number; max: number }
  }
  const audit = async (eventId: string) => (await call<Gaps>('GET', `/v1/events/${eventId}/gaps`, { as: 'ops' })).body

  it('[REPAIR4] finds nothing missing where nothing is', async () => {
    const found = await audit('talks')
    expect(found).toMatchObject({
      ...{ accepted: 6, entries: 6, states: { applied: 1, published: 5 } },
      ...{ missing: [], doubled: [], late: [], brokenAt: null },
    })
    expect(found.acceptToEndMs.p50).toBeGreaterThanOrEqual(0)
    expect(found.acceptToEndMs.max).toBeLessThan(10_000)
  })

  it('[REPAIR4] names what was lost, doubled or altered', async () => {
    await call('POST', '/v1/events', { body: { id: 'damaged', headline: 'Damaged' } })
    for (let n = 2; n <= 5; n++) {
      await call('POST', '/v1/events/damaged/updates', {
        body: { body: `Update ${n}.` },
        headers: { Prefer: 'wait=10' },
      })
    }
    const { redis, keys } = server.store
    const { feed, outcomes, meta } = keys.event('damaged')
    const lines = (await redis.xrange(feed, '-', '+')).map(([, fields]) => String(fields[1]))
    await redis.hdel(outcomes, '3')
    await redis.del(feed)
    const altered = lines.map((line, i) => (i === 3 ? line.replace('Update 4.', 'Update 9.') : line))
    for (const [i, line] of altered.entries()) await redis.xadd(feed, `${i + 1}-0`, 'line', line)
    await redis.xadd(feed, '6-0', 'line', lines[4]?.replace('"seq":5', '"seq":6') ?? '')
    await redis.hset(meta, 'seq', '6')
    expect(await audit('damaged')).toMatchObject({
      ...{ accepted: 5, entries: 6, states: { applied: 1, published: 3, missing: 1 } },
      ...{ missing: [3], doubled: [5], brokenAt: 4 },
    })
  })

  it('[REPAIR4] is for ops, of events that exist', async () => {
    expect((await call('GET', '/v1/events/talks/gaps')).status).toBe(403)
    expect((await call('GET', '/v1/events/nowhere/gaps', { as: 'ops' })).status).toBe(404)
  })
})
