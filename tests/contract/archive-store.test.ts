import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { archiveName } from '../../src/feed/archive/archive-name.ts'
import { createStoredEvents } from '../../src/feed/archive/stored-events.ts'
import { createFeedReader } from '../../src/feed/redis-feed-reader.ts'
import { readStored } from '../../src/ops/archive/read-archive.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { GapAudit } from '../../src/protocol/gaps.ts'
import { EMPTY_CHAIN } from '../../src/protocol/position.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { anArchive, linked, sealed } from '../support/build-archive.ts'
import { expectLinked } from '../support/chain.ts'
import { createFullEvent } from '../support/full-event.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'
import { storingOf } from '../support/storing.ts'

const dir = await mkdtemp(join(tmpdir(), 'dateline-store-'))
const server = await startServer({ env: { ARCHIVE_DIR: dir } })
const { call, createEvent, publish, change } = callsTo(server)
const { connect } = viewersOf(server)
const { store, restore } = storingOf(server)
afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true })
})

const statusOf = async (eventId: string) => (await call('GET', `/v1/events/${eventId}`)).body['status']
const keysOf = async (eventId: string) =>
  (await server.store.redis.keys(server.store.keys.event(eventId).meta.replace(/meta$/, '*')))
    .map(key => key.slice(key.lastIndexOf('}:') + 2))
    .toSorted()
const ended = async (eventId: string) => {
  const { version } = await createEvent({ id: eventId })
  await publish(eventId)
  await change('PATCH', `/v1/events/${eventId}`, version, { status: 'ended' })
}

/** The audit of an event, without how long things took: that is noted a little later. */
async function gapsOf(eventId: string): Promise<object> {
  const { body } = await call<GapAudit>('GET', `/v1/events/${eventId}/gaps`, { as: 'ops' })
  const { times: _, numbers, ...rest } = body
  return {
    ...rest,
    numbers: numbers.map(({ acceptNumber, state, seq, chain, acceptedAt }) => [
      acceptNumber,
      state,
      seq,
      chain,
      acceptedAt,
    ]),
  }
}

async function exported(eventId: string): Promise<Buffer> {
  const headers = { Authorization: `Bearer ${server.tokens.ops}` }
  const answer = await fetch(`${server.url}/v1/events/${eventId}/archive`, { headers })
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

describe('an event that was moved to the archive store', () => {
  const eventId = 'full'
  const path = `/v1/events/${eventId}`
  let made: { kept: Update; retracted: Update }
  let first: Snapshot
  let entries: Entry[]
  const before = new Map<string, string>()
  let exportBefore: Buffer
  let gapsBefore: object

  /** Everything that can be read of it, by who asks for it. */
  const readings = (): [person: 'editor' | 'ops', address: string][] => [
    ['editor', path],
    ['editor', `${path}/feed`],
    ['editor', `${path}/feed?limit=2`],
    ['editor', first.links.older ?? ''],
    ['editor', `${path}/feed?at=4`],
    ['editor', `${path}/feed?at=${entries[5]?.at}`],
    ['editor', `${path}/entries`],
    ['editor', `${path}/entries?after=3&limit=2`],
    ['editor', `${path}/entries?after=${first.position.epoch}:3:${entries[2]?.chain}`],
    ['editor', `${path}/entries?after=${first.position.seq}`],
    ...[made.kept.id, made.retracted.id].map((id): ['editor', string] => ['editor', `${path}/updates/${id}`]),
    ['editor', `${path}/updates/${made.kept.id}/draft`],
    ['editor', `${path}/normalization`],
    ['editor', `${path}/held`],
    ['editor', `${path}/held?after=99`],
    ['editor', `${path}/proof`],
    ['editor', `${path}/proof?after=3`],
    ...Array.from({ length: 14 }, (_, i): ['editor', string] => ['editor', `${path}/submissions/${i + 1}`]),
  ]

  beforeAll(async () => {
    made = await createFullEvent(server, eventId)
    const { body } = await call<{ version: number }>('GET', path)
    await change('PATCH', path, body.version, { status: 'archived' })
    first = (await call<Snapshot>('GET', `${path}/feed?limit=2`)).body
    entries = (await call<{ entries: Entry[] }>('GET', `${path}/entries`)).body.entries
    for (const [as, address] of readings()) before.set(address, (await call('GET', address, { as })).text)
    exportBefore = await exported(eventId)
    gapsBefore = await gapsOf(eventId)
    expect((await store(eventId)).result).toBe('moved')
  }, 30_000)

  it('[ARCHIVE12] stands in one file, and in Redis only by name', async () => {
    expect((await keysOf(eventId)).filter(key => !/^(idem|audit|arrivals)/.test(key))).toEqual(['event', 'meta'])
    const files = (await readdir(dir)).filter(name => name.startsWith(`${eventId}.`))
    expect(files).toHaveLength(1)
    const file = await readFile(join(dir, files[0] ?? ''))
    expect(gunzipSync(file).equals(gunzipSync(exportBefore))).toBe(true)
    expect(await store(eventId)).toEqual({ result: 'was-there', name: files[0] })
    const { body } = await call<{ entries: object[] }>('GET', `${path}/audit`, { as: 'ops' })
    expect(body.entries).toContainEqual(expect.objectContaining({ action: 'event-archived' }))
  })

  it('[ARCHIVE13] is read as before, byte for byte', async () => {
    expect(before.size).toBeGreaterThan(27)
    for (const [as, address] of readings()) {
      const answer = await call('GET', address, { as })
      expect(answer.text, address).toBe(before.get(address))
      expect(answer.status, address).toBe(200)
    }
    expect(await gapsOf(eventId)).toEqual(gapsBefore)
    expectLinked(EMPTY_CHAIN, entries)
    expect(await statusOf(eventId)).toBe('archived')
    const list = await call<{ events: { id: string; status: string }[] }>('GET', '/v1/events')
    expect(list.body.events).toContainEqual(expect.objectContaining({ id: eventId, status: 'archived' }))
    expect((await exported(eventId)).equals(exportBefore)).toBe(true)
    expect((await fetch(`${server.url}/events/${eventId}`)).status).toBe(200)
    const overview = await call<{ events: object[] }>('GET', '/v1/ops/overview', { as: 'ops' })
    const listed = { id: eventId, status: 'archived', seq: first.position.seq, waiting: 0 }
    expect(overview.body.events).toContainEqual(expect.objectContaining(listed))
  })

  it('[ARCHIVE13] refuses what it refused before', async () => {
    expectProblem(await call('GET', `${path}/updates/018f0000-0000-7000-8000-000000000000`), 'update-not-found')
    expectProblem(await call('GET', `${path}/submissions/999`), 'submission-not-found')
    const unknown = (after: string, reason: string) =>
      call('GET', `${path}/entries?after=${after}`).then(answer =>
        expectProblem(answer, 'position-unknown', { extra: { reason } }),
      )
    await unknown(`${first.position.epoch}:3:${'0'.repeat(40)}`, 'chain-mismatch')
    await unknown(`${first.position.epoch}:${first.position.seq}:${'0'.repeat(40)}`, 'chain-mismatch')
    await unknown('another:3:', 'epoch-changed')
    await unknown('999', 'ahead-of-feed')
    expectProblem(await call('GET', `${path}/feed?at=999`), 'invalid-request', { errors: ['#/at'] })
  })

  it('[ARCHIVE14] takes no writes, and remembers those that it took', async () => {
    const closed = { detail: 'The event is in the archive store. It can be changed when ops have restored it.' }
    const write = (method: string, address: string, body?: unknown, headers = {}) =>
      call(method, `${path}${address}`, { body, headers }).then(answer => expectProblem(answer, 'event-closed', closed))
    await write('POST', '/updates', { body: 'Too late.' })
    await write('PATCH', `/updates/${made.kept.id}`, { headline: 'Later' }, { 'If-Match': '"2"' })
    await write('DELETE', `/updates/${made.kept.id}`, {}, { 'If-Match': '"2"' })
    await write('PATCH', '', { status: 'live' }, { 'If-Match': '"3"' })
    await write('PUT', '/normalization', { off: [], callsToAction: 'flag', blockedTerms: [] }, { 'If-Match': '"1"' })
    const [held] = (await call<{ held: { acceptNumber: number }[] }>('GET', `${path}/held`)).body.held
    await write('POST', `/held/${held?.acceptNumber}`, { action: 'discard', reason: 'Late.' })
    await write('POST', `/held/${held?.acceptNumber}`, { action: 'release' })
    expectProblem(await call('POST', '/v1/events', { body: { id: eventId, headline: 'Again' } }), 'event-exists')
    expect((await keysOf(eventId)).filter(key => !/^(idem|audit|arrivals)/.test(key))).toEqual(['event', 'meta'])
  })

  it('[ARCHIVE14] has nothing left for a worker whose job comes late', async () => {
    const ref = { eventId, acceptNumber: 2, submissionId: 'late', sub: 'erin' }
    const reason = { step: 'test', error: 'Late.', attempts: 1, at: new Date().toISOString() }
    const { verdict, walkInMs } = await server.store.committer.commit(ref, { kind: 'dead', reason }, new Date())
    expect([verdict, walkInMs]).toEqual(['done', undefined])
    expect((await keysOf(eventId)).filter(key => !/^(idem|audit|arrivals)/.test(key))).toEqual(['event', 'meta'])
  })

  it('[ARCHIVE15] is joined as before: with a snapshot, or on from a position', async () => {
    const viewer = await connect()
    const fresh = await viewer.join(eventId)
    expect(fresh).toMatchObject({ result: 'restarted', reason: 'first-visit', position: { seq: first.position.seq } })
    const { epoch } = first.position
    const resumed = await viewer.join(eventId, { epoch, seq: 2, chain: entries[1]?.chain ?? '' })
    if (resumed.result !== 'resumed') throw new Error(resumed.result)
    expect(resumed.entries).toEqual(entries.slice(2))
    viewer.expectNoGap()
  })

  it('[ARCHIVE15] is replayed as before', async () => {
    const { body } = await call<{ id: string }>('POST', `${path}/replays`, { as: 'ops', body: { speed: 'max' } })
    const viewer = await connect({ as: 'ops' })
    const answer = await viewer.ask('join', { eventId, replay: body.id, after: null })
    expect(answer.result).toBe('restarted')
    const replay = () => call<{ state: string; seq: number }>('GET', `${path}/replays/${body.id}`, { as: 'ops' })
    await vi.waitFor(async () => expect((await replay()).body).toMatchObject({ state: 'ended' }), 10_000)
    const again = await viewer.ask('join', {
      ...{ eventId, replay: body.id },
      after: { epoch: `${body.id}:1`, seq: 1, chain: entries[0]?.chain },
    })
    expect(again, JSON.stringify(again).slice(0, 300)).toMatchObject({ result: 'resumed', entries: entries.slice(1) })
    await call('DELETE', `${path}/replays/${body.id}`, { as: 'ops' })
  })

  it('[ARCHIVE16] comes back: ended, under a new epoch, with all that it had, and goes on', async () => {
    const viewer = await connect()
    await viewer.join(eventId)
    await restore(eventId)
    await vi.waitFor(
      () => expect(viewer.notices).toContainEqual({ kind: 'restart', eventId, reason: 'epoch-changed' }),
      8_000,
    )
    const back = await viewer.join(eventId)
    expect(back).toMatchObject({ result: 'restarted', position: { seq: entries.length + 1 } })
    expect(await statusOf(eventId)).toBe('ended')
    const now = (await call<{ epoch: string; entries: Entry[] }>('GET', `${path}/entries`)).body
    expect(now.entries.slice(0, -1)).toEqual(entries)
    expect(now.epoch).not.toBe(first.position.epoch)
    expectLinked(EMPTY_CHAIN, now.entries)
    await expect(restore(eventId)).rejects.toMatchObject({ code: 'not-stored' })

    const { body } = await call<{ version: number }>('GET', path)
    await change('PATCH', path, body.version, { status: 'live' })
    const revised = await change('PATCH', `${path}/updates/${made.kept.id}`, made.kept.version, { headline: 'Anew' })
    expect(revised).toMatchObject({ headline: 'Anew', version: made.kept.version + 1 })
    await viewer.reaches(entries.length + 3)
    viewer.expectNoGap()
  }, 20_000)

  it('[ARCHIVE16] is archived again, and the file of before stands for a week', async () => {
    const { body } = await call<{ version: number }>('GET', path)
    await change('PATCH', path, body.version, { status: 'ended' })
    expect((await store(eventId)).result).toBe('moved')
    expect((await readdir(dir)).filter(name => name.startsWith(`${eventId}.`))).toHaveLength(2)
    expect((await call('GET', `${path}/updates/${made.kept.id}`)).body).toMatchObject({ headline: 'Anew' })
  })
})

describe('moving an event to the archive store', () => {
  it('[ARCHIVE12] is for ended ones, in which nothing is under way', async () => {
    await createEvent({ id: 'open' })
    await expect(store('open')).rejects.toMatchObject({ code: 'event-open' })
    await expect(store('nowhere')).rejects.toMatchObject({ code: 'event-not-found' })
    await expect(restore('nowhere')).rejects.toMatchObject({ code: 'event-not-found' })
    await ended('waits')
    const { redis, keys } = server.store
    await redis.hset(keys.event('waits').outbox, '999', '{}')
    await expect(store('waits')).rejects.toMatchObject({ code: 'unavailable' })
    await redis.hdel(keys.event('waits').outbox, '999')
    expect((await store('waits')).result).toBe('moved')
  })

  it('[ARCHIVE12] adds one entry, which says so to everybody; who watches is not disturbed', async () => {
    await ended('watched')
    const viewer = await connect()
    const joined = await viewer.join('watched')
    if (joined.result !== 'restarted') throw new Error(joined.result)
    await store('watched')
    await viewer.reaches(joined.position.seq + 1)
    expect(viewer.entries.at(-1)).toMatchObject({ type: 'event', event: { status: 'archived' } })
    // A beacon comes from a room that has compared itself with the feed, wherever that is.
    await vi.waitFor(() => expect(viewer.beacons).toHaveLength(1), 12_000)
    expect(viewer.notices).toEqual([])
    viewer.expectNoGap()
  }, 20_000)

  it('[ARCHIVE12] lets nothing go that has changed since its archive was made', async () => {
    await ended('changing')
    await store('changing')
    await restore('changing')
    const { archives } = server.store
    const { version } = (await call<{ version: number }>('GET', '/v1/events/changing')).body
    await change('PATCH', '/v1/events/changing', version, { status: 'archived' })
    const stale = await archives.copy('changing')
    if (stale === undefined) throw new Error('no copy')
    const settings = { off: [], callsToAction: 'flag', blockedTerms: ['later'] }
    await call('PUT', '/v1/events/changing/normalization', { body: settings, headers: { 'If-Match': '*' } })
    expect(await archives.moveOut(stale, 'changing.stale.ndjson.gz')).toBe('changed')
    expect(await archives.storedAs('changing')).toBeUndefined()
    expect((await store('changing')).result).toBe('moved')
    expect((await call('GET', '/v1/events/changing/normalization')).body).toMatchObject({ settings })
    await stale.drop()
  })

  it('[ARCHIVE12] does nothing when what was written is not read back', async () => {
    await ended('torn')
    const { archiveStore } = server.store
    const torn = {
      ...archiveStore,
      async get(name: string) {
        const bytes = await readFile(join(dir, name))
        await writeFile(join(dir, name), bytes.subarray(0, bytes.length - 20))
        return await archiveStore.get(name)
      },
    }
    await expect(storingOf(server, { archiveStore: torn }).store('torn')).rejects.toMatchObject({
      code: 'archive-broken',
    })
    expect((await keysOf('torn')).includes('feed')).toBe(true)
    expect((await store('torn')).result).toBe('moved')
    expect((await call<{ entries: Entry[] }>('GET', '/v1/events/torn/entries')).body.entries).toHaveLength(4)
  })

  it('[ARCHIVE16] of two who restore it one is first, and what came after stays', async () => {
    await ended('contested')
    await store('contested')
    const both = await Promise.allSettled([restore('contested'), restore('contested')])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await statusOf('contested')).toBe('ended')
  })
})

describe('an archive store that cannot be read', () => {
  /** A reader of its own, so that what it has open is its own too. */
  function freshReader() {
    const { redis, keys, archiveStore } = server.store
    const log = pino({ level: 'silent' })
    const read = (name: string) => readStored(archiveStore, name)
    const events = createStoredEvents({ redis, keys, readStored: read, log })
    onTestFinished(() => events.stop())
    return createFeedReader({ redis, keys, stored: events })
  }

  const fileOf = async (eventId: string) => {
    const [name = ''] = (await readdir(dir)).filter(file => file.startsWith(`${eventId}.`))
    return join(dir, name)
  }

  it('[ARCHIVE17] is unavailable with what is in it, and goes on when it is there again', async () => {
    await ended('away')
    await store('away')
    const file = await fileOf('away')
    await rename(file, `${file}.hidden`)
    const reader = freshReader()
    await expect(reader.linesAfter('away', { seq: 0 }, 10)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(reader.snapshot('away', { limit: 10 })).rejects.toMatchObject({ code: 'unavailable' })
    expect(await reader.event('away')).toMatchObject({ status: 'archived' })
    await rename(`${file}.hidden`, file)
    const again = () => reader.linesAfter('away', { seq: 0 }, 10)
    await vi.waitFor(async () => expect(await again()).toMatchObject({ found: true }), {
      timeout: 15_000,
      interval: 500,
    })
  }, 20_000)

  it('[ARCHIVE17] serves nothing that was altered there', async () => {
    await ended('altered')
    await store('altered')
    const file = await fileOf('altered')
    const text = gunzipSync(await readFile(file)).toString()
    const alter = async (change: (text: string) => string) => {
      expect(change(text)).not.toBe(text)
      await writeFile(file, gzipSync(change(text)))
      await expect(freshReader().linesAfter('altered', { seq: 0 }, 10)).rejects.toMatchObject({ code: 'unavailable' })
    }
    await alter(lines => lines.replace('shook', 'shock'))
    await alter(lines => lines.replace('They shook hands.\\"', 'They shook heads.\\"'))
    await alter(lines => lines.slice(0, -3))
    // Another archive of the same event, which is whole.
    const body = anArchive(2, 'altered')
    await alter(() => `${sealed({ ...body, entries: linked(body.entries) }).join('\n')}\n`)
    await writeFile(file, gzipSync(text))
    expect(await freshReader().linesAfter('altered', { seq: 0 }, 10)).toMatchObject({ found: true })
  })
})

describe('what is open of the archive store', () => {
  it('[ARCHIVE19] is read once for all who ask, and closed when others were asked for since', async () => {
    const { redis, keys } = server.store
    const opened: string[] = []
    const made = new Map<string, { name: string; lines: string[] }>()
    for (const eventId of ['a', 'b', 'c', 'd']) {
      const body = anArchive(600, eventId)
      const lines = sealed({ ...body, entries: linked(body.entries) })
      const name = archiveName(eventId, JSON.parse(lines[0] ?? '').sha256)
      made.set(eventId, { name, lines })
    }
    const nameOf = (eventId: string) => made.get(eventId)?.name ?? ''
    const events = createStoredEvents({
      ...{ redis, keys, log: pino({ level: 'silent' }), maxEntries: 2_000 },
      async readStored(name) {
        const [eventId = ''] = name.split('.')
        opened.push(eventId)
        return Readable.from(made.get(eventId)?.lines ?? [])
      },
    })
    onTestFinished(() => events.stop())
    const count = (name: string) => events.use(name, nameOf(name), async event => event.manifest.counts.entries)
    expect(await Promise.all([count('a'), count('a'), count('a')])).toEqual([601, 601, 601])
    const held = await events.take('b', nameOf('b'))
    for (const name of ['c', 'd', 'd']) await count(name)
    expect(opened).toEqual(['a', 'b', 'c', 'd'])
    await count('a')
    expect(opened).toEqual(['a', 'b', 'c', 'd', 'a'])
    // One that somebody holds is not closed, whatever else is asked for.
    await count('c')
    await count('d')
    expect(await held.event.lines(599, 5)).toHaveLength(2)
    held.release()
  })
})

describe('the archive store over HTTP', () => {
  it('[ARCHIVE22] takes an event in and gives it back, for ops whose token reaches it', async () => {
    await ended('routed')
    const path = '/v1/events/routed/stored'
    const put = (as: 'editor' | 'ops' | null | { token: string }) => call('PUT', path, { as })
    expectProblem(await put(null), 'token-needed')
    expectProblem(await put('editor'), 'not-allowed')
    expectProblem(await put({ token: await server.sign({ roles: ['ops'], events: ['other'] }, '1h') }), 'not-allowed')
    expectProblem(await call('DELETE', path, { as: 'editor' }), 'not-allowed')
    expectProblem(await call('DELETE', path, { as: 'ops' }), 'not-stored')
    expectProblem(await call('PUT', '/v1/events/nowhere/stored', { as: 'ops' }), 'event-not-found')
    expectProblem(await call('PUT', '/v1/events/open/stored', { as: 'ops' }), 'event-open')
    const moved = await put('ops')
    expect(moved).toMatchObject({ status: 200, body: { eventId: 'routed', result: 'moved', entries: 4 } })
    expect((await put('ops')).body).toEqual({ eventId: 'routed', result: 'was-there', name: moved.body['name'] })
    expect(await statusOf('routed')).toBe('archived')
    const back = await call('DELETE', path, { as: 'ops' })
    expect(back).toMatchObject({ status: 200, body: { id: 'routed', status: 'ended', version: 4 } })
    expect(back.headers.etag).toBe('"4"')
    expectProblem(await call('GET', path, { as: 'ops' }), 'method-not-allowed')
  })
})

it('[ARCHIVE18] An export, a move and a restoration are told in the audit trail, with who did it', async () => {
  const { body } = await call<{ entries: { action: string; by: object }[] }>('GET', '/v1/events/full/audit', {
    as: 'ops',
  })
  const actions = body.entries.map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['event-archived', 'archive-imported', 'archive-exported']))
  expect(body.entries.every(({ by }) => 'sub' in by && 'name' in by)).toBe(true)
})
