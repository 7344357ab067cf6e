import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { FeedReader } from '../../src/feed/feed-reader.ts'
import { shareReads } from '../../src/feed/share-reads.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import { createCompressed, MIN_COMPRESSED_BYTES } from '../../src/publish/compressed.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const { call, createEvent, publish } = callsTo(server)
afterAll(() => server.stop())

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync }
/** Caches may give what they have for no longer than this, so that a takedown is everywhere soon. */
const MOST_KEPT_SECONDS = 65

const get = (path: string, headers: Record<string, string> = {}) => call('GET', path, { as: null, headers })

beforeAll(async () => {
  await createEvent({ id: 'cached' })
  for (let i = 0; i < 8; i++) await publish('cached', { body: `Line ${i}. ${'They talked on. '.repeat(20)}` })
  await createEvent({ id: 'small' })
  await createEvent({ id: 'hidden', visibility: 'private' })
  await publish('hidden', { body: 'They talked on. '.repeat(200) })
})

describe('what caches and networks are given', () => {
  it.each([
    ['br', 'gzip, deflate, br'],
    ['br', '*'],
    ['gzip', 'gzip'],
    ['gzip', 'gzip, br;q=0'],
    [undefined, 'identity'],
    [undefined, 'zstd'],
    [undefined, ''],
  ] as const)('[CDN1] is packed as %s for who accepts %j, and says so', async (encoding, accepts) => {
    for (const path of ['/v1/events/cached/feed', '/v1/events/cached/entries']) {
      const plain = await get(path)
      const answer = await get(path, accepts === '' ? {} : { 'Accept-Encoding': accepts })
      expect(answer.headers['content-encoding']).toBe(encoding)
      expect(answer.headers.vary).toBe('Accept-Encoding')
      const text = encoding === undefined ? answer.bytes : UNPACK[encoding](answer.bytes)
      expect(text.equals(plain.bytes)).toBe(true)
      expect(answer.headers.etag).toBe(encoding === undefined ? plain.headers.etag : `W/${plain.headers.etag}`)
      if (encoding !== undefined) expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 3)
    }
  })

  it('[CDN1] is answered 304 by either tag, however it is packed', async () => {
    const { position } = (await call<Snapshot>('GET', '/v1/events/cached/feed')).body
    const tag = `"${position.epoch}:${position.seq}:${position.chain}"`
    for (const [ifNoneMatch, accepts] of [
      [tag, 'br'],
      [`W/${tag}`, 'br'],
      [`W/${tag}`, 'identity'],
      [`"other", W/${tag}`, 'gzip'],
      ['*', 'gzip'],
    ] as const) {
      const headers = { 'If-None-Match': ifNoneMatch, 'Accept-Encoding': accepts }
      const answer = await get('/v1/events/cached/feed', headers)
      expect([answer.status, answer.bytes.length]).toEqual([304, 0])
    }
  })

  it('[CDN1] is not packed where that would be for one reader alone, or save nothing', async () => {
    const headers = { 'Accept-Encoding': 'br' }
    expect((await get('/v1/events/small/feed', headers)).headers['content-encoding']).toBeUndefined()
    const hidden = await call('GET', '/v1/events/hidden/feed', { headers })
    expect(hidden.text.length).toBeGreaterThan(MIN_COMPRESSED_BYTES)
    expect(hidden.headers['content-encoding']).toBeUndefined()
    expect(hidden.headers['cache-control']).toBe('private, no-store')
  })

  it(`[CDN2] is kept for at most ${MOST_KEPT_SECONDS} s, in part while a new one is fetched`, async () => {
    const { updates } = (await call<Snapshot>('GET', '/v1/events/cached/feed')).body
    for (const path of [
      '/v1/events/cached',
      `/v1/events/cached/updates/${updates[0]?.id}`,
      '/v1/events/cached/feed',
      '/v1/events/cached/entries',
      '/v1/events/cached/entries?limit=2',
      '/v1/events/cached/entries?after=9&wait=0',
      '/events/cached',
    ]) {
      const value = String((await get(path)).headers['cache-control'])
      const [, fresh = '', stale = ''] = /^public, max-age=(\d+), stale-while-revalidate=(\d+)$/.exec(value) ?? []
      expect(Number(fresh) + Number(stale), path).toBeGreaterThan(0)
      expect(Number(fresh) + Number(stale), path).toBeLessThanOrEqual(MOST_KEPT_SECONDS)
    }
  })

  it('[CDN3] is kept by nobody when it was waited for in vain', async () => {
    const { seq } = (await call<Snapshot>('GET', '/v1/events/small/feed')).body.position
    const path = `/v1/events/small/entries?after=${seq}&wait=1`
    expect((await get(path)).headers['cache-control']).toBe('no-store')
    const waiting = get(`/v1/events/small/entries?after=${seq}&wait=20`)
    await publish('small')
    expect((await waiting).headers['cache-control']).toContain('max-age=1,')
  })
})

describe('many who ask the same', () => {
  /** The reader of the server, and how often it was asked. */
  function counting() {
    const asked: string[] = []
    const reader: FeedReader = new Proxy(server.store.reader, {
      get: (target, name: keyof FeedReader) => {
        return (...question: never[]) => {
          asked.push(name)
          return (target[name] as (...args: never[]) => unknown)(...question)
        }
      },
    })
    return { asked, reader: shareReads(reader) }
  }

  it('[CDN4] at once share one read, and those who ask later read anew', async () => {
    const { asked, reader } = counting()
    const answers = await Promise.all(Array.from({ length: 500 }, () => reader.linesAfter('cached', { seq: 3 }, 100)))
    expect(asked).toEqual(['linesAfter'])
    expect(new Set(answers).size).toBe(1)
    const update = await publish('cached')
    const later = await reader.linesAfter('cached', { seq: 3 }, 100)
    expect(later.found && later.lines.at(-1)).toContain(update.id)
    await Promise.all([reader.head('cached'), reader.head('small'), reader.event('cached')])
    expect(asked.slice(1).toSorted()).toEqual(['event', 'head', 'head', 'linesAfter'])
  })

  it('[CDN4] share its failure, which the next one does not get', async () => {
    const { asked, reader } = counting()
    const wrong = { limit: 1, before: 'no cursor' }
    const both = await Promise.allSettled([reader.snapshot('cached', wrong), reader.snapshot('cached', wrong)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
    expect(await reader.snapshot('cached', { limit: 1 })).toBeDefined()
  })

  it('[CDN4] long-poll and all get the next entry', { timeout: 20_000 }, async () => {
    const { position } = (await call<{ position: Position }>('GET', '/v1/events/cached/feed')).body
    const path = `/v1/events/cached/entries?after=${position.seq}&wait=20`
    const waiting = Array.from({ length: 100 }, () => call<EntryPage>('GET', path, { as: null }))
    const update = await publish('cached', { body: 'All wait for this.' })
    for (const { body } of await Promise.all(waiting)) {
      expect(body.entries).toMatchObject([{ seq: position.seq + 1, update: { id: update.id } }])
    }
  })
})

describe('what is packed', () => {
  it('[CDN5] is packed once for all who ask, and kept within bounds', async () => {
    const compressed = createCompressed(10_000)
    const text = JSON.stringify({ words: 'They talked on. '.repeat(500) })
    const [first, second] = await Promise.all([compressed.of(text, 'br'), compressed.of(text, 'br')])
    expect(second).toBe(first)
    expect(await compressed.of(text, 'br')).toBe(first)
    expect(await compressed.of(text, 'gzip')).not.toBe(first)
    // Incompressible, so that the bound is soon reached.
    for (let i = 0; i < 20; i++) await compressed.of(Array.from({ length: 900 }, Math.random).join(''), 'gzip')
    await vi.waitFor(async () => expect(await compressed.of(text, 'br')).not.toBe(first))
  })
})
