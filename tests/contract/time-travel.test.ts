import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntryPage, Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
/** What GET /feed showed after each entry. */
const seen: Snapshot[] = []
let entries: EntryPage['entries']

async function ask<T>(path: string, method = 'GET', body?: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}/v1/events${path}`, {
    method,
    headers: {
      ...{ Authorization: `Bearer ${server.tokens.editor}`, 'Content-Type': 'application/json', Prefer: 'wait=10' },
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}

const look = async () => void seen.push((await ask<Snapshot>('/night/feed')).body)

async function write<T>(path: string, method: string, body: object, headers = {}): Promise<T> {
  const answer = await ask<T>(path, method, body, headers)
  expect(answer.status).toBeLessThan(300)
  await look()
  return answer.body
}

beforeAll(async () => {
  server = await startServer()
  await write('', 'POST', { id: 'night', headline: 'A long night' })
  const publish = (body: string, over = {}) => write<Update>('/night/updates', 'POST', { body, ...over })
  const first = await publish('Doors open.')
  const key = await publish('The count begins.', { isKeyEvent: true })
  const early = await publish('It rained.', { happenedAt: '2020-01-01T00:00:00Z' })
  await write(`/night/updates/${first.id}`, 'PATCH', { body: 'Doors are open.' }, { 'If-Match': '"1"' })
  await write('/night', 'PATCH', { pinnedUpdateId: key.id }, { 'If-Match': '"1"' })
  await write(`/night/updates/${early.id}`, 'DELETE', {}, { 'If-Match': '"1"' })
  await write(`/night/updates/${key.id}`, 'PATCH', { isKeyEvent: false }, { 'If-Match': '"1"' })
  await write('/night', 'PATCH', { status: 'ended' }, { 'If-Match': '"2"' })
  entries = (await ask<EntryPage>('/night/entries')).body.entries
})
afterAll(() => server.stop())

describe('an event at a place of its history', () => {
  it('[READ9] is what readers saw then: revisions, retractions, pins and key events as of that entry', async () => {
    expect(seen.map(snapshot => snapshot.position.seq)).toEqual(entries.map(entry => entry.seq))
    for (const snapshot of seen) {
      expect((await ask<Snapshot>(`/night/feed?at=${snapshot.position.seq}`)).body).toEqual(snapshot)
    }
  })

  it('[READ9] may be named by a moment: the last entry that had been committed', async () => {
    for (const [i, entry] of entries.entries()) {
      const isLastOfItsMoment = entries[i + 1]?.at !== entry.at
      if (isLastOfItsMoment) expect((await ask<Snapshot>(`/night/feed?at=${entry.at}`)).body).toEqual(seen[i])
    }
    expect((await ask<Snapshot>('/night/feed?at=2099-01-01T00:00:00Z')).body).toEqual(seen.at(-1))
  })

  it.each(['0', '10', 'yesterday', '2026-02-30T00:00:00Z', '1999-01-01T00:00:00Z', ''])(
    '[READ10] is refused for %j, which is no place in it',
    async at => {
      const answer = await ask<{ type: string; errors: { pointer: string }[] }>(`/night/feed?at=${at}`)
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ type: '/problems/invalid-request', errors: [{ pointer: '#/at' }] })
    },
  )
})

describe('an event of many updates, at a place of its history', () => {
  const pages = async (path: string) => {
    const found: Snapshot[] = []
    for (let next: string | undefined = path; next !== undefined; next = found.at(-1)?.links.older) {
      const answer = await fetch(`${server.url}${next}`)
      expect(answer.status).toBe(200)
      found.push((await answer.json()) as Snapshot)
    }
    return found
  }

  it('[TRAVEL6] is read page by page, all as of then; what was taken down since is on none', async () => {
    await ask('', 'POST', { id: 'long', headline: 'A long day' })
    const ids: string[] = []
    for (let n = 1; n <= 12; n++) {
      const happenedAt = `2026-01-01T10:${String(Math.ceil(n / 2)).padStart(2, '0')}:00Z`
      ids.push((await ask<Update>('/long/updates', 'POST', { body: `Update ${n}.`, happenedAt })).body.id)
    }
    await ask(`/long/updates/${ids[1]}`, 'PATCH', { body: 'Other words.' }, { 'If-Match': '"1"' })
    const then = await pages('/v1/events/long/feed?limit=5&at=11')
    expect(then.map(({ updates }) => updates.map(({ bodyText }) => bodyText))).toEqual(
      [
        [10, 9, 8, 7, 6],
        [5, 4, 3, 2, 1],
      ].map(page => page.map(n => `Update ${n}.`)),
    )
    expect(then.every(({ position }) => position.seq === 11)).toBe(true)

    const kept = await fetch(`${server.url}/v1/events/long/feed?limit=5&at=11`)
    const tag = kept.headers.get('ETag') ?? ''
    // As a cache asks: of itself, fetch would add that it wants none.
    const again = () => fetch(kept.url, { headers: { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' } })
    expect((await again()).status).toBe(304)
    expect(kept.headers.get('Cache-Control')).toMatch(/^public, max-age=60,/)

    await takeDown(3, ids[1] ?? '')
    await takeDown(7, ids[5] ?? '')
    const since = await pages('/v1/events/long/feed?limit=5&at=11')
    expect(since.flatMap(({ updates }) => updates.map(({ bodyText }) => bodyText))).toEqual(
      [10, 9, 8, 7, 5, 4, 3, 1].map(n => `Update ${n}.`),
    )
    expect((await again()).status).toBe(200)
    // A page that was left behind an update which was taken down goes on behind its place.
    const older = await fetch(`${server.url}${then[0]?.links.older ?? ''}`)
    expect(((await older.json()) as Snapshot).updates.map(({ bodyText }) => bodyText)).toEqual(
      [5, 4, 3, 1].map(n => `Update ${n}.`),
    )
  })

  it('[TRAVEL6] refuses a cursor of another kind', async () => {
    for (const before of ['x', '1.2', '1700000000000.000000000000001:01930000-0000-7000-8000-000000000001']) {
      const answer = await ask<{ errors: { pointer: string }[] }>(
        `/night/feed?at=3&before=${encodeURIComponent(before)}`,
      )
      expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([400, '#/before'])
    }
  })
})

/** As a takedown leaves it: the line is gone from the stream, and its purged line stands in its place. */
async function takeDown(seq: number, updateId: string): Promise<void> {
  const { redis, keys } = server.store
  const { feed, purged } = keys.event('long')
  const { entries } = (await ask<EntryPage>(`/long/entries?after=${seq - 1}&limit=1`)).body
  const [entry] = entries
  const line = { seq, chain: entry?.chain, at: entry?.at, type: 'purged', updateId, digest: 'a'.repeat(40) }
  await redis.hset(purged, String(seq), JSON.stringify(line))
  await redis.xdel(feed, `${seq}-0`)
}
