import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { expectLinked } from '../support/chain.ts'
import { type Answer, callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)

const feedOf = async (path: string) => (await call<Snapshot>('GET', path, { as: null })).body
const entriesOf = async (path: string) => (await call<EntryPage>('GET', path, { as: null })).body
const ids = (updates: readonly { id: string }[]) => updates.map(({ id }) => id)

await createEvent({ id: 'quiet' })
afterEach(async () => {
  await publish('quiet', { body: 'Still here.' })
})

describe('the feed', () => {
  it('[READ1] has what readers see: newest first by time, without what was retracted, the pinned update apart', async () => {
    await createEvent({ id: 'talks' })
    const at = (minute: number) => ({ happenedAt: `2026-11-24T10:0${minute}:00Z` })
    const first = await publish('talks', { ...at(1), headline: 'One', isKeyEvent: true })
    const third = await publish('talks', { ...at(3), headline: 'Three', isKeyEvent: true })
    const second = await publish('talks', { ...at(2), headline: 'Two' })
    const fourth = await publish('talks', { ...at(4), headline: 'Four', isKeyEvent: true })
    const gone = await publish('talks', { ...at(5), isKeyEvent: true })
    await change('DELETE', `/v1/events/talks/updates/${gone.id}`, 1)
    const event = await change<Event>('PATCH', '/v1/events/talks', 1, { pinnedUpdateId: first.id })
    const noKeyEvent = await change('PATCH', `/v1/events/talks/updates/${fourth.id}`, 1, { isKeyEvent: false })

    const feed = await feedOf('/v1/events/talks/feed')
    expect(feed).toEqual({
      event,
      position: { epoch: expect.any(String), seq: 9, chain: expect.stringMatching(/^[0-9a-f]{40}$/) },
      updates: [noKeyEvent, third, second, first],
      pinned: first,
      keyEvents: [
        { id: third.id, headline: 'Three', happenedAt: third.happenedAt },
        { id: first.id, headline: 'One', happenedAt: first.happenedAt },
      ],
      links: {},
    })
  })

  it('[READ1] gives the pinned update wherever it stands, and none when it was retracted', async () => {
    const feed = await feedOf('/v1/events/talks/feed?limit=1')
    const pinned = feed.event.pinnedUpdateId
    expect(feed.updates).toHaveLength(1)
    expect(feed.pinned?.id).toBe(pinned)
    expect(feed.updates[0]?.id).not.toBe(pinned)
    const revised = await change('PATCH', `/v1/events/talks/updates/${pinned}`, 1, { body: 'Better.' })
    expect((await feedOf('/v1/events/talks/feed')).pinned).toEqual(revised)
    await change('DELETE', `/v1/events/talks/updates/${pinned}`, 2)
    const without = await feedOf('/v1/events/talks/feed')
    expect(without.pinned).toBeNull()
    expect(ids(without.keyEvents)).not.toContain(pinned)
  })

  it('[READ1] of an event without updates is empty', async () => {
    const event = await createEvent({ id: 'empty' })
    expect(await feedOf('/v1/events/empty/feed')).toEqual({
      ...{ event, position: { epoch: expect.any(String), seq: 1, chain: expect.any(String) } },
      ...{ updates: [], pinned: null, keyEvents: [], links: {} },
    })
  })

  it('[READ2] is paged by links.older to its very end, without repeats, also where times are equal', async () => {
    await createEvent({ id: 'paged' })
    const times = ['2026-11-24T10:00:00Z', '2026-11-24T11:00:00Z', '0001-01-01T00:00:00Z']
    const drafts = Array.from({ length: 31 }, (_, i) => ({ body: `Line ${i}`, happenedAt: times[i % times.length] }))
    const published: Update[] = []
    for (const draft of drafts) published.push(await publish('paged', draft))
    const latestFirst = published.toReversed().toSorted((a, b) => Date.parse(b.sortTime) - Date.parse(a.sortTime))

    for (const limit of [1, 7, 10, 30, 31, 200]) {
      const read: Update[] = []
      let path: string | undefined = `/v1/events/paged/feed?limit=${limit}`
      while (path !== undefined) {
        const answer: Answer<Snapshot> = await call('GET', path, { as: null })
        expect(answer.status, answer.text).toBe(200)
        const { updates, links, event } = answer.body
        expect(event.id).toBe('paged')
        expect(updates.length).toBeLessThanOrEqual(limit)
        read.push(...updates)
        expect(answer.headers['link']).toBe(links.older === undefined ? undefined : `<${links.older}>; rel="next"`)
        path = links.older
      }
      expect(ids(read)).toEqual(ids(latestFirst))
    }
  })

  it('[READ2] is paged without repeats and holes while more is published and retracted', async () => {
    const { updates, links } = await feedOf('/v1/events/paged/feed?limit=10')
    await publish('paged', { body: 'Newer.' })
    const last = updates.at(-1)
    await change('DELETE', `/v1/events/paged/updates/${last?.id}`, 1)
    const next = await feedOf(links.older ?? '')
    const all = await feedOf('/v1/events/paged/feed?limit=200')
    expect(ids(all.updates).slice(10, 20)).toEqual(ids(next.updates))
  })

  it.each(['', 'x', '1', '.', '1.2', '1.000000000000002', 'a&before=b', '1.000000000000002:..%2f', '%00'])(
    '[READ2] is refused from a cursor that is none: before=%s',
    async before => {
      expectProblem(await call('GET', `/v1/events/quiet/feed?before=${before}`), 'invalid-request', {
        errors: [['#/before', 'Must be the cursor of a links.older.']],
      })
    },
  )

  it.each(['0', '201', '-1', '1.5', 'all', '', '1e2', '%00', '1&limit=2'])(
    '[READ3] is refused in pages of limit=%s',
    async limit => {
      expectProblem(await call('GET', `/v1/events/quiet/feed?limit=${limit}`), 'invalid-request', {
        errors: [['#/limit', 'Must be a whole number from 1 to 200.']],
      })
    },
  )

  it('[READ4] has its position as ETag, and answers 304 as long as that stands', async () => {
    await createEvent({ id: 'tagged' })
    const path = '/v1/events/tagged/feed'
    const first = await call<Snapshot>('GET', path, { as: null })
    const { epoch, seq, chain } = first.body.position
    const etag = `"${epoch}:${seq}:${chain}"`
    expect(first.headers.etag).toBe(etag)
    expect(first.headers['cache-control']).toBe('public, max-age=1, stale-while-revalidate=10')
    const headers = { 'If-None-Match': etag }
    const same = await call('GET', path, { as: null, headers })
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', etag])
    await publish('tagged')
    expect((await call('GET', path, { as: null, headers })).status).toBe(200)
  })
})

describe('an event and an update', () => {
  it('[READ4] have their version as ETag, and answer 304 as long as that stands', async () => {
    await createEvent({ id: 'versions' })
    const { id } = await publish('versions')
    const update = `/v1/events/versions/updates/${id}`
    for (const path of ['/v1/events/versions', update]) {
      const headers = { 'If-None-Match': '"1"' }
      expect((await call('GET', path, { as: null })).headers.etag).toBe('"1"')
      expect((await call('GET', path, { as: null, headers })).status).toBe(304)
      await change('PATCH', path, 1, path === update ? { body: 'Better.' } : { headline: 'Better' })
      const now = await call('GET', path, { as: null, headers })
      expect([now.status, now.headers.etag]).toEqual([200, '"2"'])
    }
  })
})

describe('entries', () => {
  it('[READ5] are the whole feed, oldest first, and their chain can be computed anew', async () => {
    await createEvent({ id: 'lines' })
    const update = await publish('lines', { body: 'Ünïcode 日本 "quoted" \\ \u2028 </script>' })
    await change('PATCH', `/v1/events/lines/updates/${update.id}`, 1, { body: 'Better.' })
    await change('DELETE', `/v1/events/lines/updates/${update.id}`, 2, { reason: 'Gone.' })
    await change('PATCH', '/v1/events/lines', 1, { status: 'paused' })
    const { epoch, entries, position, complete } = await entriesOf('/v1/events/lines/entries')
    expect(entries.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'event'],
      [2, 'published'],
      [3, 'revised'],
      [4, 'retracted'],
      [5, 'event'],
    ])
    expect(expectLinked('0'.repeat(40), entries)).toBe(position.chain)
    expect({ position, complete }).toEqual({ position: { epoch, seq: 5, chain: entries[4]?.chain }, complete: true })
    expect((await feedOf('/v1/events/lines/feed')).position).toEqual(position)
  })

  it('[READ5] come after a seq or a position, in pages', async () => {
    const whole = await entriesOf('/v1/events/lines/entries')
    let after = '0'
    const read = []
    for (let complete = false; !complete; ) {
      const page = await entriesOf(`/v1/events/lines/entries?limit=2&after=${after}`)
      expect(page.entries.length).toBeLessThanOrEqual(2)
      read.push(...page.entries)
      complete = page.complete
      after = `${page.position.epoch}:${page.position.seq}:${page.position.chain}`
    }
    expect(read).toEqual(whole.entries)
    for (let seq = 0; seq <= 5; seq++) {
      const chain = whole.entries[seq - 1]?.chain ?? '0'.repeat(40)
      for (const place of [String(seq), `${whole.epoch}:${seq}:${chain}`, `${whole.epoch}:${seq}:`]) {
        const { entries, position } = await entriesOf(`/v1/events/lines/entries?after=${place}`)
        expect(entries).toEqual(whole.entries.slice(seq))
        expect(position).toEqual(whole.position)
      }
    }
  })

  it('[READ6] after a position that is not in this feed are refused, with the reason', async () => {
    const { epoch, position } = await entriesOf('/v1/events/lines/entries')
    const detail = 'This position is not in this feed: begin anew with a snapshot.'
    const places = [
      ['6', 'ahead-of-feed'],
      ['999999999999999', 'ahead-of-feed'],
      [`${epoch}:6:${position.chain}`, 'ahead-of-feed'],
      [`other:5:${position.chain}`, 'epoch-changed'],
      [`other:0:`, 'epoch-changed'],
      [`${epoch}:4:${position.chain}`, 'chain-mismatch'],
      [`${epoch}:5:${'a'.repeat(40)}`, 'chain-mismatch'],
      [`${epoch}:0:${position.chain}`, 'chain-mismatch'],
    ] as const
    for (const [after, reason] of places) {
      const answer = await call('GET', `/v1/events/lines/entries?wait=5&after=${after}`)
      expectProblem(answer, 'position-unknown', { detail, extra: { reason } })
    }
  })

  it.each(['-1', '1.5', 'x', '', ':', 'e:1', 'e:1:zz', ':1:', 'e:-1:', '1&after=2', '1234567890123456', '%00'])(
    '[READ6] after what is no position are refused: after=%s',
    async after => {
      expectProblem(await call('GET', `/v1/events/lines/entries?after=${after}`), 'invalid-request', {
        errors: [['#/after', 'Must be a seq, or <epoch>:<seq>:<chain>.']],
      })
    },
  )

  it.each([
    ['limit', ['0', '1001', '-1', 'x', ''], 'Must be a whole number from 1 to 1000.'],
    ['wait', ['-1', '26', '1.5', 'x', ''], 'Must be a whole number from 0 to 25.'],
  ] as const)('[READ3] are refused when %s is out of range', async (name, values, detail) => {
    for (const value of values) {
      const answer = await call('GET', `/v1/events/lines/entries?${name}=${value}`)
      expectProblem(answer, 'invalid-request', { errors: [[`#/${name}`, detail]] })
    }
  })

  it('[READ7] are waited for, and come when they are published', async () => {
    await createEvent({ id: 'awaited' })
    const waiting = Array.from({ length: 5 }, () => entriesOf('/v1/events/awaited/entries?after=1&wait=25'))
    const update = await publish('awaited')
    for (const page of await Promise.all(waiting)) {
      expect(page.entries).toMatchObject([{ seq: 2, type: 'published', update }])
      expect(page.complete).toBe(true)
    }
  })

  it('[READ7] that do not come leave an empty page at the position that was asked for', async () => {
    const { position } = await entriesOf('/v1/events/awaited/entries')
    const startedAt = performance.now()
    const page = await entriesOf('/v1/events/awaited/entries?after=2&wait=1')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990)
    expect(page).toEqual({ epoch: position.epoch, entries: [], position, complete: true })
  })

  it('[READ7] that are there are not waited for', async () => {
    const startedAt = performance.now()
    expect((await entriesOf('/v1/events/awaited/entries?wait=25')).entries).toHaveLength(2)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('[READ4] have an ETag that stands as long as nothing comes after them', async () => {
    const path = '/v1/events/awaited/entries?limit=100'
    const first = await call('GET', path, { as: null })
    const headers = { 'If-None-Match': String(first.headers.etag) }
    expect((await call('GET', path, { as: null, headers })).status).toBe(304)
    await publish('awaited')
    expect((await call('GET', path, { as: null, headers })).status).toBe(200)
  })

  it('[READ4] that are full pages may be kept longer by caches than the top', async () => {
    const full = await call('GET', '/v1/events/lines/entries?limit=2')
    expect(full.headers['cache-control']).toBe('public, max-age=60, stale-while-revalidate=5')
    const top = await call('GET', '/v1/events/lines/entries')
    expect(top.headers['cache-control']).toBe('public, max-age=1, stale-while-revalidate=10')
  })
})

describe('the list of events', () => {
  it('[READ8] is newest first, and paged', async () => {
    const all = (await call<{ events: Event[] }>('GET', '/v1/events', { as: null })).body.events
    const times = all.map(({ datePublished }) => datePublished)
    expect(times).toEqual(times.toSorted().toReversed())
    const read: string[] = []
    let path = '/v1/events?limit=2'
    for (;;) {
      const answer = await call<{ events: Event[] }>('GET', path, { as: null })
      read.push(...ids(answer.body.events))
      const next = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers['link']))?.[1]
      if (next === undefined) break
      path = next
    }
    expect(read).toEqual(ids(all))
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'offset=-1', 'offset=x', 'offset=1000001'])(
    '[READ3] is refused with %s',
    async query => {
      const answer = await call('GET', `/v1/events?${query}`)
      expectProblem(answer, 'invalid-request', { errors: [`#/${query.split('=')[0]}`] })
    },
  )
})
