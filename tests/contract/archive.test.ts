import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Entry } from '../../src/protocol/entry.ts'
import { EMPTY_CHAIN } from '../../src/protocol/position.ts'
import type { Update } from '../../src/protocol/update.ts'
import { anArchive, anArchiveFile, linked, packed, sealed } from '../support/build-archive.ts'
import { expectLinked } from '../support/chain.ts'
import { createFullEvent } from '../support/full-event.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { SocketViewer } from '../support/socket-viewer.ts'

const server = await startServer()
const { call, createEvent, publish, change } = callsTo(server)
afterAll(() => server.stop())

const GZIP = { 'Content-Type': 'application/gzip' }

async function exported(eventId: string, from: TestServer = server): Promise<Buffer> {
  const headers = { Authorization: `Bearer ${from.tokens.ops}` }
  const answer = await fetch(`${from.url}/v1/events/${eventId}/archive`, { headers })
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

const imported = (file: Buffer, query = '', to = call) =>
  to('POST', `/v1/archives${query}`, { as: 'ops', raw: file, headers: GZIP })

const linesOf = (file: Buffer) => gunzipSync(file).toString().split('\n').slice(0, -1)

describe('an archive of an event with everything that can happen to it', () => {
  const eventId = 'everything'
  let kept = {} as Update
  let file: Buffer
  let before: { feed: Record<string, unknown>; entries: string; event: string }
  const look = async () => ({
    feed: (await call('GET', `/v1/events/${eventId}/feed`)).body,
    entries: (await call('GET', `/v1/events/${eventId}/entries?limit=1000`)).text,
    event: (await call('GET', `/v1/events/${eventId}`)).text,
  })

  beforeAll(async () => {
    kept = (await createFullEvent(server, eventId)).kept
    before = await look()
    file = await exported(eventId)
  }, 30_000)

  it('[ARCHIVE1] begins with what it holds, and has each entry as committed', () => {
    const [manifest = '', ...lines] = linesOf(file)
    const { counts, ...rest } = JSON.parse(manifest)
    expect(rest).toMatchObject({ format: 'dateline-archive', version: 1, eventId })
    expect(counts).toMatchObject({ tombstones: 1, dead: 1, held: 1, discarded: 1, outbox: 0, media: 1, updates: 5 })
    const entries = lines.slice(0, counts.entries).map(line => Entry.parse(JSON.parse(line)))
    expect(expectLinked(EMPTY_CHAIN, entries)).toBe(rest.chain)
    expect(entries.some(entry => 'late' in entry)).toBe(true)
    expect(before.entries).toContain(`"entries":[${lines.slice(0, counts.entries).join(',')}]`)
    expect(lines.filter(line => line.startsWith('["media"'))).toEqual(['["media","https://media.example/a.jpg","2"]'])
  })

  it('[ARCHIVE2] is the same at each export, with a gzip time of zero', async () => {
    expect((await exported(eventId)).equals(file)).toBe(true)
    expect(file.readUInt32LE(4)).toBe(0)
  })

  it('[ARCHIVE3] comes back byte for byte when it was imported elsewhere, and there is all that was here', async () => {
    const elsewhere = await startServer({ worker: false })
    try {
      const { call: there } = callsTo(elsewhere)
      const answer = await imported(file, '', there)
      expect(answer.status, answer.text).toBe(201)
      expect(answer.headers).toMatchObject({ location: `/v1/events/${eventId}`, etag: '"2"' })
      expect((await exported(eventId, elsewhere)).equals(file)).toBe(true)
      expect((await there('GET', `/v1/events/${eventId}`)).text).toBe(before.event)
      const { epoch, ...page } = (await there('GET', `/v1/events/${eventId}/entries?limit=1000`)).body
      expect(epoch).not.toBe(before.feed['position'])
      expect(page['entries']).toEqual(JSON.parse(before.entries).entries)
      const { position, ...feed } = (await there('GET', `/v1/events/${eventId}/feed`)).body
      const { position: stood, ...stoodFeed } = before.feed as { position: Record<string, unknown> }
      expect(feed).toEqual(stoodFeed)
      expect(position).toEqual({ ...stood, epoch: (position as { epoch: string }).epoch })
      expect((position as { epoch: string }).epoch).not.toBe(stood['epoch'])
      const list = await there<{ events: { id: string }[] }>('GET', '/v1/events')
      expect(list.body.events.map(({ id }) => id)).toEqual([eventId])
      expect((await there('GET', `/v1/events/${eventId}/held`)).body).toEqual(
        (await call('GET', `/v1/events/${eventId}/held`)).body,
      )
    } finally {
      await elsewhere.stop()
    }
  })

  it('[ARCHIVE4] goes on after it was put in the place of the event: revisions, new updates, viewers who are told', async () => {
    const viewer = await new SocketViewer(server).connected()
    await viewer.join(eventId)
    await publish(eventId, { body: 'This one is not in the archive.' })
    expectProblem(await imported(file), 'event-exists')

    const answer = await imported(file, '?replace=true')
    expect(answer.status, answer.text).toBe(200)
    const restart = { kind: 'restart', eventId, reason: 'epoch-changed' }
    await vi.waitFor(() => expect(viewer.notices).toContainEqual(restart), 8_000)
    viewer.socket.close()
    expect((await exported(eventId)).equals(file)).toBe(true)
    expect((await look()).feed['updates']).toEqual(before.feed['updates'])
    const { redis, keys } = server.store
    expect(await redis.keys(`*{${eventId}}:aside:*`)).toEqual([])
    for (const key of Object.values(keys.event(eventId)).filter(value => typeof value === 'string')) {
      expect(await redis.pttl(key), key).toBeLessThan(0)
    }

    const revised = await change('PATCH', `/v1/events/${eventId}/updates/${kept.id}`, kept.version, {
      headline: 'At noon',
    })
    expect(revised).toMatchObject({
      version: kept.version + 1,
      headline: 'At noon',
      bodyText: 'Aleinik arrived at noon.',
    })
    const added = await publish(eventId, { body: 'And on it goes.' })
    const { body } = await call<{ updates: Update[]; pinned: Update }>('GET', `/v1/events/${eventId}/feed`)
    expect(body.updates.map(({ id }) => id)).toContain(added.id)
    expect(body.pinned.headline).toBe('At noon')
    const { entries } = (await call<{ entries: Entry[] }>('GET', `/v1/events/${eventId}/entries?limit=1000`)).body
    expectLinked(EMPTY_CHAIN, entries)
    const trail = await call<{ entries: { action: string }[] }>('GET', `/v1/events/${eventId}/audit`, { as: 'ops' })
    expect(trail.body.entries.map(({ action }) => action)).toContain('archive-imported')
  }, 20_000)
})

describe('an export while the event goes on', () => {
  it('[ARCHIVE5] is of one moment: what it holds fits together', async () => {
    await createEvent({ id: 'busy' })
    const first = await publish('busy')
    let isDone = false
    const writing = (async () => {
      for (let version = 1; !isDone; version++) {
        await change('PATCH', `/v1/events/busy/updates/${first.id}`, version, { body: `Version ${version + 1}.` })
        await publish('busy', { body: `After version ${version + 1}.` })
      }
    })()
    const files: Buffer[] = []
    for (let i = 0; i < 8; i++) files.push(await exported('busy'))
    isDone = true
    await writing
    for (const file of files) {
      const lines = linesOf(file)
      const last = lines.filter(line => line.includes(`"update":{"id":"${first.id}"`)).at(-1) ?? ''
      const draft = lines.find(line => line.startsWith(`["drafts","${first.id}"`)) ?? ''
      const published = Number(/"eventId":"busy","version":(\d+)/.exec(last)?.[1])
      const accepted = Number(/"version\\":(\d+)/.exec(draft)?.[1])
      const waits = lines.some(line => line.startsWith('["outbox"') && line.includes(first.id))
      expect(accepted).toBe(waits ? published + 1 : published)
    }
  }, 20_000)

  it('[ARCHIVE5] keeps what has not ended: it is published after the import', async () => {
    const quiet = await startServer({ worker: false })
    const { call: there, createEvent: create, submit } = callsTo(quiet)
    await create({ id: 'waiting' })
    const receipt = await submit('waiting', { body: 'Nobody has taken it up.' })
    const file = await exported('waiting', quiet)
    expect(JSON.parse(linesOf(file)[0] ?? '').counts).toMatchObject({ outbox: 1, outboxTimes: 1 })
    expect((await imported(file, '?replace=true', there)).status).toBe(200)
    expect((await exported('waiting', quiet)).equals(file)).toBe(true)
    await quiet.stop()

    expect((await imported(file)).status).toBe(201)
    const path = `/v1/events/waiting/submissions/${receipt.acceptNumber}`
    await vi.waitFor(async () => expect((await call(`GET`, path)).body).toMatchObject({ state: 'published' }), 8_000)
  }, 20_000)
})

describe('an archive with an entry that was taken down', () => {
  it('[ARCHIVE3] keeps it down, and its place in the chain', async () => {
    const body = anArchive(9, 'purged')
    const chained = linked(body.entries)
    const line = chained[3] ?? ''
    const digest = createHash('sha1')
      .update(line.replace(/"chain":"[^"]*",/, ''))
      .digest('hex')
    const { seq, chain, at, update } = JSON.parse(line)
    chained[3] = JSON.stringify({ seq, chain, at, type: 'purged', updateId: update.id, digest })
    expect(linked(chained)).toEqual(chained)
    const file = packed(sealed({ ...body, entries: chained }))
    const answer = await imported(file)
    expect(answer.status, answer.text).toBe(201)
    expect((await exported('purged')).equals(file)).toBe(true)
    const { text } = await call('GET', '/v1/events/purged/entries?after=3&limit=1')
    expect(text).toContain(chained[3])
    const feed = await call<{ updates: Update[] }>('GET', '/v1/events/purged/feed')
    expect(feed.body.updates).toHaveLength(8)
    expect((await call('GET', `/v1/events/purged/updates/${update.id}`)).status).toBe(404)
  })
})

describe('a large archive', () => {
  const updates = Number(process.env['ARCHIVE_ENTRIES'] ?? 5_000)

  it(
    `[ARCHIVE3] of ${updates} updates comes back byte for byte`,
    async () => {
      const file = anArchiveFile(updates, 'large')
      expect((await imported(file)).status).toBe(201)
      expect((await exported('large')).equals(file)).toBe(true)
    },
    60_000 + updates * 5,
  )
})

describe('somebody who goes away half way', () => {
  const aside = () => server.store.redis.keys('*:aside:*')
  const headers = { Authorization: `Bearer ${server.tokens.ops}` }

  it('[ARCHIVE9] sending leaves nothing behind', async () => {
    const file = anArchiveFile(1_000, 'unsent')
    const req = request(`${server.url}/v1/archives`, { method: 'POST', headers: { ...headers, ...GZIP } })
    req.on('error', () => undefined) // it is cut off
    req.write(file.subarray(0, file.length / 2))
    await vi.waitFor(async () => expect(await aside()).not.toEqual([]), 5_000)
    req.destroy()
    await vi.waitFor(async () => expect(await aside()).toEqual([]), 5_000)
    expect((await call('GET', '/v1/events/unsent')).status).toBe(404)
  })

  it('[ARCHIVE9] reading leaves nothing behind', async () => {
    const answer = await fetch(`${server.url}/v1/events/large/archive`, { headers })
    await answer.body?.cancel()
    await vi.waitFor(async () => expect(await aside()).toEqual([]), 5_000)
  })
})

describe('who may export and import', () => {
  it('[ARCHIVE6] is ops, and only for events that the token reaches', async () => {
    await createEvent({ id: 'guarded' })
    const path = '/v1/events/guarded/archive'
    expectProblem(await call('GET', path, { as: null }), 'token-needed')
    expectProblem(await call('GET', path), 'not-allowed')
    const token = await server.sign({ roles: ['ops'], events: ['elsewhere'] }, '1h')
    expectProblem(await call('GET', path, { as: { token } }), 'not-allowed')
    expectProblem(await call('GET', '/v1/events/nowhere/archive', { as: 'ops' }), 'event-not-found')
    const file = anArchiveFile(1, 'foreign')
    const post = (as: 'editor' | null | { token: string }) =>
      call('POST', '/v1/archives', { as, raw: file, headers: GZIP })
    expectProblem(await post(null), 'token-needed')
    expectProblem(await post('editor'), 'not-allowed')
    expectProblem(await post({ token }), 'not-allowed')
    expectProblem(await call('GET', '/v1/events/foreign'), 'event-not-found')
    expectProblem(await call('POST', '/v1/archives', { as: 'ops', body: {} }), 'unsupported-type')
    const errors = [['#/replace', 'Must be true or false.']] as const
    expectProblem(await imported(file, '?replace=yes'), 'invalid-request', { errors })
  })

  it('[ARCHIVE6] An export names its file and is kept by no cache', async () => {
    await createEvent({ id: 'named' })
    const answer = await call('GET', '/v1/events/named/archive', { as: 'ops' })
    expect(answer.headers).toMatchObject({
      ...{ 'content-type': 'application/gzip', 'cache-control': 'no-store' },
      'content-disposition': 'attachment; filename="named.ndjson.gz"',
    })
    const trail = await call<{ entries: object[] }>('GET', '/v1/events/named/audit', { as: 'ops' })
    expect(trail.body.entries[0]).toMatchObject({ action: 'archive-exported', detail: { entries: 1 } })
  })
})
