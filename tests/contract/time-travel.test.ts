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
