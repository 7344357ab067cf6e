import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

/** Whole seconds, so that what is left in a test is plain: 5 at once, and one a second. */
const server = await startServer({
  env: {
    ...{ LIMIT_POSTS_PER_S: '1', LIMIT_POSTS_AT_ONCE: '5', LIMIT_PREVIEWS_PER_MIN: '3', LIMIT_POLLS_PER_ADDRESS: '2' },
  },
})
const { call, createEvent } = callsTo(server)
await createEvent({ id: 'talks' })
await createEvent({ id: 'quiet' })
afterAll(() => server.stop())

/** Each test has an editor of its own, who has sent nothing yet. */
let editor: { token: string }
let editors = 0
beforeEach(async () => {
  editor = { token: await server.sign({ sub: `editor-${editors++}` }, '1h') }
})

const post = (body = 'They shook hands.', headers: Record<string, string> = {}) =>
  call('POST', '/v1/events/talks/updates', { as: editor, body: { body }, headers })

function expectTooMany(answer: Answer<Record<string, unknown>>): number {
  expect(answer.status).toBe(429)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.body).toMatchObject({ type: '/problems/too-many', status: 429, retry: true })
  const ms = Number(answer.body['retryAfterMs'])
  expect(answer.headers['retry-after']).toBe(String(Math.ceil(ms / 1_000)))
  return ms
}

describe('writes', () => {
  it('[LIMIT1] over the bound are refused, told when to come again, and accepted then', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post()))
    const accepted = answers.filter(({ status }) => status === 202)
    const refused = answers.filter(({ status }) => status !== 202)
    // A busy machine may take a second for the eight, and then one more has come back.
    expect(accepted.length).toBeGreaterThanOrEqual(5)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(expectTooMany(answer)).toBeLessThanOrEqual(1_000)
    // What is refused takes nothing: it is no further away afterwards.
    await vi.waitFor(async () => expect((await post()).status).toBe(202), { timeout: 5_000, interval: 250 })
  })

  it('[LIMIT1] of one editor are no concern of another, whatever token they come with', async () => {
    for (let i = 0; i < 20; i++) await post()
    expect((await post()).status).toBe(429)
    const again = { token: await server.sign({ sub: `editor-${editors - 1}`, name: 'Another name' }, '2h') }
    const other = await call('POST', '/v1/events/talks/updates', { as: again, body: { body: 'Mine.' } })
    expect(other.status).toBe(429)
    expect(
      (await call('POST', '/v1/events/talks/updates', { as: 'contributor', body: { body: 'Mine.' } })).status,
    ).toBe(202)
  })

  it('[LIMIT1] of every kind count, and a key that was refused can be sent again', async () => {
    const key = { 'Idempotency-Key': `key-${editors}` }
    for (let i = 0; i < 5; i++) await call('PATCH', '/v1/events/talks', { as: editor, body: { section: 'World' } })
    await call('POST', '/v1/events', { as: editor, body: { headline: 'More talks' } })
    let refusals = 0
    await vi.waitFor(
      async () => {
        const answer = await post('Once.', key)
        if (answer.status === 429) refusals++
        expect(answer.status).toBe(202)
      },
      { timeout: 5_000, interval: 100 },
    )
    expect(refusals).toBeGreaterThan(0)
    const repeated = await vi.waitFor(
      async () => {
        const answer = await post('Once.', key)
        expect(answer.status).toBe(202)
        return answer
      },
      { timeout: 5_000, interval: 100 },
    )
    expect(repeated.headers['idempotency-replayed']).toBe('true')
  })

  it('[LIMIT2] are answered with what is left of how much', async () => {
    const first = await post()
    expect(first.headers['ratelimit-policy']).toBe('"posts";q=5;w=5')
    expect(first.headers['ratelimit']).toBe('"posts";r=4;t=1')
    const answers = await Promise.all(Array.from({ length: 12 }, () => post()))
    const last = answers.findLast(({ status }) => status === 429)
    expect(last?.headers['ratelimit']).toBe('"posts";r=0;t=1')
    expect((await call('GET', '/v1/events/talks')).headers['ratelimit']).toBeUndefined()
  })
})

describe('previews', () => {
  const preview = () => call('POST', '/v1/events/talks/normalize', { as: editor, body: { body: 'Hello.' } })

  it('[LIMIT4] and imports of pages are limited together, apart from writes', async () => {
    const before = await preview()
    expect(before.headers['ratelimit-policy']).toBe('"previews";q=3;w=60')
    expect(before.headers['ratelimit']).toBe('"previews";r=2;t=20')
    await preview()
    const page = { html: '<h1>Talks</h1><p>They met.</p>' }
    const imported = await call('POST', '/v1/events/import', { as: editor, body: page })
    expect(imported.headers['ratelimit']).toMatch(/^"previews";r=0;/)
    expect(expectTooMany(await preview())).toBeGreaterThan(10_000)
    expectTooMany(await call('POST', '/v1/events/import', { as: editor, body: page }))
    expect((await post()).status).toBe(202)
  })
})

describe('long-polls', () => {
  const poll = (query: string) => call('GET', `/v1/events/quiet/entries?${query}`, { as: null })

  it('[LIMIT12] of one address over the bound are refused; a place is free again when one is answered', async () => {
    expect((await poll('after=99&wait=1')).status, 'one that ends at once gives its place back').toBe(409)
    const held = [poll('after=1&wait=3'), poll('after=1&wait=3')]
    await vi.waitFor(async () => expectTooMany(await poll('after=1&wait=1')), { timeout: 2_500, interval: 20 })
    expect((await poll('after=0')).status, 'what does not wait').toBe(200)
    for (const answer of await Promise.all(held)) expect(answer.status).toBe(200)
    expect((await poll('after=1&wait=1')).status).toBe(200)
  })
})
