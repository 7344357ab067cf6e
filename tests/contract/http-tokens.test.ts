import { SignJWT } from 'jose'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer, TEST_SECRET } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks' })
await createEvent({ id: 'elsewhere' })
await createEvent({ id: 'secret', visibility: 'private' })
const editors = await publish('talks')
const carls = await publish('talks', {}, 'contributor')
const hidden = await publish('secret')
const MATCH = { 'If-Match': '"1"' }

afterEach(async () => {
  await publish('talks', { body: 'Still here.' })
})

const writes = (event: string, updateId: string) =>
  [
    ['PATCH', `/v1/events/${event}`, { headline: 'Talks' }],
    ['POST', `/v1/events/${event}/updates`, { body: 'a' }],
    ['PATCH', `/v1/events/${event}/updates/${updateId}`, { body: 'a' }],
    ['DELETE', `/v1/events/${event}/updates/${updateId}`, { reason: 'a' }],
  ] as const
const reads = (event: string, updateId: string) =>
  [
    ['GET', `/v1/events/${event}`],
    ['GET', `/v1/events/${event}/feed`],
    ['GET', `/v1/events/${event}/feed?before=1.000000000000002:${updateId}`],
    ['GET', `/v1/events/${event}/entries`],
    ['GET', `/v1/events/${event}/entries?after=1&wait=5`],
    ['GET', `/v1/events/${event}/updates/${updateId}`],
    ['GET', `/events/${event}`],
  ] as const

/** What only those who edit may see or decide. */
const desks = (event: string) =>
  [
    ['GET', `/v1/events/${event}/submissions/1`],
    ['GET', `/v1/events/${event}/updates/${editors.id}/draft`],
    ['GET', `/v1/events/${event}/normalization`],
    ['PUT', `/v1/events/${event}/normalization`, {}],
    ['POST', `/v1/events/${event}/normalize`, { body: 'a' }],
    ['GET', `/v1/events/${event}/held`],
    ['POST', `/v1/events/${event}/held/1`, { action: 'release' }],
    ['POST', '/v1/events/import', { text: 'a' }],
  ] as const

const key = new TextEncoder().encode(TEST_SECRET)
const claims = { sub: 'erin', name: 'Erin', roles: ['editor'] }
const signed = (payload: Record<string, unknown>, alg = 'HS256', secret = key) =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(secret)
const inAnHour = Math.floor(Date.now() / 1_000) + 3_600
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const right = await signed({ ...claims, exp: inAnHour })
const [head = '', , signature = ''] = right.split('.')

const badTokens: [what: string, header: string][] = [
  ['an empty header', ''],
  ['a scheme alone', 'Bearer'],
  ['another scheme', `Basic ${Buffer.from('erin:secret').toString('base64')}`],
  ['a token without its scheme', right],
  ['two tokens', `Bearer ${right} ${right}`],
  ['no JWT', 'Bearer abc'],
  ['three empty parts', 'Bearer ..'],
  ['rubbish in three parts', 'Bearer a.b.c'],
  ['an expired one', `Bearer ${await server.sign({}, '-1m')}`],
  ['one of another secret', `Bearer ${await signed({ ...claims, exp: inAnHour }, 'HS256', new Uint8Array(32))}`],
  [
    'one with other claims than were signed',
    `Bearer ${head}.${part({ ...claims, sub: 'eve', exp: inAnHour })}.${signature}`,
  ],
  ['alg none', `Bearer ${part({ alg: 'none' })}.${part({ ...claims, exp: inAnHour })}.`],
  ['alg none with a signature', `Bearer ${part({ alg: 'none' })}.${part({ ...claims, exp: inAnHour })}.${signature}`],
  ['another algorithm', `Bearer ${await signed({ ...claims, exp: inAnHour }, 'HS512', new Uint8Array(64))}`],
  ['one without expiry', `Bearer ${await signed(claims)}`],
  ['one without sub', `Bearer ${await signed({ name: 'Erin', roles: ['editor'], exp: inAnHour })}`],
  ['an empty sub', `Bearer ${await signed({ ...claims, sub: '', exp: inAnHour })}`],
  ['one without a name', `Bearer ${await signed({ sub: 'erin', roles: ['editor'], exp: inAnHour })}`],
  ['a role that does not exist', `Bearer ${await signed({ ...claims, roles: ['admin'], exp: inAnHour })}`],
  ['roles that are no list', `Bearer ${await signed({ ...claims, roles: 'editor', exp: inAnHour })}`],
  ['events that are no list', `Bearer ${await signed({ ...claims, events: 'talks', exp: inAnHour })}`],
  ['one that does not hold yet', `Bearer ${await signed({ ...claims, nbf: inAnHour - 60, exp: inAnHour })}`],
]

describe('a bearer token', () => {
  it.each(badTokens)('[HTTP10] that does not hold is refused on every route: %s', async (_what, Authorization) => {
    const routes = [...writes('talks', editors.id), ...reads('talks', editors.id)]
    const others = [['POST', '/v1/events', { headline: 'a' }], ['GET', '/v1/events'], ...desks('talks')] as const
    for (const [method, path, body] of [...routes, ...others]) {
      const answer = await call(method, path, { as: null, body, headers: { ...MATCH, Authorization } })
      expectProblem(answer, 'token-needed')
    }
  })

  it('[HTTP10] is needed by every write, and by what only those who edit may see', async () => {
    const others = [['POST', '/v1/events', { headline: 'a' }], ...desks('talks')] as const
    for (const [method, path, body] of [...writes('talks', editors.id), ...others]) {
      expectProblem(await call(method, path, { as: null, body, headers: MATCH }), 'token-needed', {
        detail: 'Send the header Authorization: Bearer <token>.',
      })
    }
  })

  it('[HTTP10] is taken whatever the case of its scheme', async () => {
    const headers = { Authorization: `bEARER ${right}` }
    expect((await call('POST', '/v1/events/talks/updates', { as: null, body: { body: 'a' }, headers })).status).toBe(
      202,
    )
  })

  it('[HTTP10] is not taken from the query string', async () => {
    const path = `/v1/events/talks/updates?access_token=${right}&token=${right}`
    expectProblem(await call('POST', path, { as: null, body: { body: 'a' } }), 'token-needed')
  })
})

describe('a role', () => {
  it('[HTTP11] of ops alone writes nothing', async () => {
    for (const [method, path, body] of writes('talks', editors.id)) {
      expectProblem(await call(method, path, { as: 'ops', body, headers: MATCH }), 'not-allowed')
    }
    const created = await call('POST', '/v1/events', { as: 'ops', body: { headline: 'a' } })
    expectProblem(created, 'not-allowed', { detail: 'This needs the role editor.' })
  })

  it('[HTTP11] that is missing is no role', async () => {
    const token = await server.sign({ roles: [] }, '1h')
    for (const [method, path, body] of writes('talks', editors.id)) {
      expectProblem(await call(method, path, { as: { token }, body, headers: MATCH }), 'not-allowed')
    }
  })

  it('[HTTP11] of a contributor changes no event', async () => {
    const detail = 'This needs the role editor.'
    const created = await call('POST', '/v1/events', { as: 'contributor', body: { headline: 'a' } })
    expectProblem(created, 'not-allowed', { detail })
    const body = { status: 'ended' }
    const patched = await call('PATCH', '/v1/events/talks', { as: 'contributor', body, headers: MATCH })
    expectProblem(patched, 'not-allowed', { detail })
  })

  it("[HTTP11] of a contributor changes updates of the contributor's own only", async () => {
    const detail = 'A contributor may change only updates of their own.'
    for (const { id } of [editors, carls]) {
      for (const [method, body] of [
        ['PATCH', { body: 'Mine now.' }],
        ['DELETE', {}],
      ] as const) {
        const path = `/v1/events/talks/updates/${id}`
        expectProblem(await call(method, path, { as: 'colleague', body, headers: MATCH }), 'not-allowed', { detail })
      }
    }
    const path = `/v1/events/talks/updates/${carls.id}`
    expect(await change('PATCH', path, 1, { body: 'Better.' }, 'contributor')).toMatchObject({ version: 2 })
    expect(await change('PATCH', path, 2, { body: 'Edited.' }, 'editor')).toMatchObject({ version: 3 })
    expect(await change('DELETE', path, 3, {}, 'contributor')).toMatchObject({ version: 4 })
  })

  it('[HTTP11] counts only in the events of its token', async () => {
    const detail = 'This token is for other events.'
    for (const [method, path, body] of writes('talks', editors.id)) {
      expectProblem(await call(method, path, { as: 'elsewhere', body, headers: MATCH }), 'not-allowed', { detail })
    }
    const created = await call('POST', '/v1/events', { as: 'elsewhere', body: { id: 'new', headline: 'a' } })
    expectProblem(created, 'not-allowed', { detail })
    await publish('elsewhere', {}, 'elsewhere')
    const none = await server.sign({ events: [] }, '1h')
    const answer = await call('POST', '/v1/events/talks/updates', { as: { token: none }, body: { body: 'a' } })
    expectProblem(answer, 'not-allowed', { detail })
  })
})

describe('a private event', () => {
  const elsewhere = ['no token', 'a token of other events'] as const

  it.each(elsewhere)('[HTTP13] looks like no event on every route that reads, to %s', async who => {
    const as = who === 'no token' ? null : 'elsewhere'
    for (const [method, path] of reads('secret', hidden.id)) {
      const answer = await call(method, path, { as })
      expectProblem(answer, 'event-not-found', { detail: 'There is no event secret.' })
      const [, missing] = reads('missing', hidden.id)[0] ?? []
      const unknown = await call(method, path.replace('secret', 'missing'), { as })
      expectProblem(unknown, 'event-not-found', { detail: 'There is no event missing.' })
      expect(missing).toBeDefined()
      const { requestId: _a, detail: _b, ...hiddenProblem } = answer.body
      const { requestId: _c, detail: _d, ...unknownProblem } = unknown.body
      expect(hiddenProblem).toEqual(unknownProblem)
    }
  })

  it('[HTTP13] is read with a token that reaches it, and kept by no cache', async () => {
    for (const person of ['editor', 'contributor', 'colleague', 'ops'] as const) {
      for (const [method, path] of reads('secret', hidden.id)) {
        const answer = await call(method, path.replace('wait=5', 'wait=0'), { as: person })
        expect(answer.status, answer.text).toBe(200)
        expect(answer.headers['cache-control']).toBe('private, no-store')
      }
    }
  })

  it('[HTTP13] stands in the list of those only who may read it', async () => {
    const ids = async (as: 'editor' | 'elsewhere' | null) => {
      const { body } = await call<{ events: { id: string }[] }>('GET', '/v1/events', { as })
      return body.events.map(({ id }) => id)
    }
    expect(await ids('editor')).toEqual(['secret', 'elsewhere', 'talks'])
    expect(await ids('elsewhere')).toEqual(['elsewhere', 'talks'])
    expect(await ids(null)).toEqual(['elsewhere', 'talks'])
    expect((await call('GET', '/', { as: null })).text).not.toContain('secret')
  })

  it('[HTTP13] has the same submissions as none, for a token of other events', async () => {
    const answers = await Promise.all(
      ['secret', 'missing'].map(event => call('GET', `/v1/events/${event}/submissions/1`, { as: 'elsewhere' })),
    )
    for (const answer of answers) expectProblem(answer, 'submission-not-found')
  })
})

describe('an event that does not exist', () => {
  it('[HTTP13] is not found by any route', async () => {
    for (const [method, path, body] of [...writes('missing', editors.id), ...reads('missing', editors.id)]) {
      const answer = await call(method, path, { body, headers: MATCH })
      expectProblem(answer, 'event-not-found', { detail: 'There is no event missing.' })
    }
    expectProblem(await call('GET', '/v1/events/missing/submissions/1'), 'submission-not-found')
  })

  it('[HTTP13] has updates as little as one that does, under an unknown id', async () => {
    const id = crypto.randomUUID()
    const requests = [['GET'], ['PATCH', { body: 'a' }], ['DELETE', {}]] as const
    for (const [method, body] of requests) {
      const answer = await call(method, `/v1/events/talks/updates/${id}`, { body, headers: MATCH })
      expectProblem(answer, 'update-not-found', { detail: 'There is no such update in this event.' })
    }
  })
})
