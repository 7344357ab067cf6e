import { decodeJwt, SignJWT } from 'jose'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Revocation, RevocationPage } from '../../src/protocol/access.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { OpsAuditPage } from '../../src/protocol/ops.ts'
import type { Replay } from '../../src/protocol/replay.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer, TEST_SECRET } from '../support/server.ts'
import { expectRefused, viewersOf } from '../support/socket-viewer.ts'
import { streamsOf } from '../support/stream-viewer.ts'

const server = await startServer()
const { call, change, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
const { stream } = streamsOf(server)
afterAll(() => server.stop())

/** What is revoked is gone everywhere after this long at the latest. */
const RIGHTS_MS = 5_000
const PATH = '/v1/ops/revocations'
const REVOKED = { detail: 'The bearer token was revoked.' }

const sign = async (claims: Parameters<typeof server.sign>[0] = {}, expires = '1h') => ({
  token: await server.sign(claims, expires),
})
const jtiOf = ({ token }: { token: string }) => String(decodeJwt(token).jti)
const key = new TextEncoder().encode(TEST_SECRET)
/** As another system would sign it. */
const signElsewhere = async (payload: Record<string, unknown>) => ({
  token: await new SignJWT({ name: 'Ina', roles: ['editor'], ...payload })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(key),
})

function spellings(token: string): string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = letters.indexOf(token.at(-1) ?? '')
  return [0, 1, 2, 3].map(bits => `${token.slice(0, -1)}${letters[(last & ~3) | bits]}`)
}

async function revoke(of: { jti: string } | { sub: string }): Promise<Revocation> {
  const answer = await call<Revocation>('POST', PATH, { as: 'ops', body: { ...of, reason: 'The phone was lost.' } })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

const routes = (event: string) =>
  [
    ['POST', `/v1/events/${event}/updates`, { body: 'a' }],
    ['PATCH', `/v1/events/${event}`, { headline: 'a' }],
    ['GET', '/v1/events'],
    ['GET', `/v1/events/${event}`],
    ['GET', `/v1/events/${event}/feed`],
    ['GET', `/v1/events/${event}/entries`],
    ['GET', `/v1/events/${event}/held`],
    ['GET', `/v1/events/${event}/stream`],
    ['GET', '/v1/ops/overview'],
  ] as const

async function expectRefusedEverywhere(as: { token: string }, event: string): Promise<void> {
  for (const [method, path, body] of routes(event)) {
    expectProblem(await call(method, path, { as, body, headers: { 'If-Match': '"1"' } }), 'token-needed', REVOKED)
  }
}

describe('a revoked token', () => {
  it('[REVOKE1] [P7] is refused at once on every route, writes and reads; others of the same person hold', async () => {
    await createEvent({ id: 'talks' })
    const [lost, other] = [await sign({ sub: 'anna' }), await sign({ sub: 'anna' })]
    expect((await call('GET', '/v1/events/talks', { as: lost })).status).toBe(200)
    const revoked = await revoke({ jti: jtiOf(lost) })
    expect(revoked).toMatchObject({ jti: jtiOf(lost), by: 'Olga Ops', reason: 'The phone was lost.' })
    await expectRefusedEverywhere(lost, 'talks')
    expect((await call('POST', '/v1/events/talks/updates', { as: other, body: { body: 'Here.' } })).status).toBe(202)
  })

  it('[REVOKE2] of somebody is any that was issued until then, and none that is issued after', async () => {
    await createEvent({ id: 'people' })
    const before = [await sign({ sub: 'bert' }), await sign({ sub: 'bert', roles: ['contributor'] })]
    const revoked = await revoke({ sub: 'bert' })
    expect(revoked).toMatchObject({ sub: 'bert', at: expect.stringMatching(/Z$/) })
    const after = await sign({ sub: 'bert' })
    for (const as of before) await expectRefusedEverywhere(as, 'people')
    expect((await call('POST', '/v1/events/people/updates', { as: after, body: { body: 'Back.' } })).status).toBe(202)
    expect((await call('GET', '/v1/events/people', { as: await sign({ sub: 'berta' }) })).status).toBe(200)
    await revoke({ sub: 'bert' })
    await expectRefusedEverywhere(after, 'people')
  })

  it('[REVOKE3] of another system is revoked by its person, by its jti, or by its digest', async () => {
    await createEvent({ id: 'foreign' })
    const now = Math.floor(Date.now() / 1_000)
    const [bare, whole, named] = [
      await signElsewhere({ sub: 'ida' }),
      await signElsewhere({ sub: 'ina', iat: now - 60 }),
      await signElsewhere({ sub: 'ivo', iat: now - 60, jti: 'of-the-provider/1' }),
    ]
    for (const as of [bare, whole, named]) expect((await call('GET', '/v1/events/foreign', { as })).status).toBe(200)
    await revoke({ sub: 'ida' })
    await revoke({ sub: 'ina' })
    await revoke({ jti: 'of-the-provider/1' })
    for (const as of [bare, whole, named]) await expectRefusedEverywhere(as, 'foreign')
    expect((await call('GET', '/v1/events', { as: await signElsewhere({ sub: 'ina', iat: now + 2 }) })).status).toBe(
      200,
    )

    // A jti of over 200 characters counts as none.
    const spelled = await signElsewhere({ sub: 'iris', jti: 'x'.repeat(201) })
    const signed = spelled.token.slice(0, spelled.token.lastIndexOf('.'))
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(signed))
    await revoke({ jti: `sha256:${Buffer.from(digest).toString('hex')}` })
    await expectRefusedEverywhere(spelled, 'foreign')
    // The last letter of a signature has two bits that say nothing: the same token can be written in four ways.
    for (const token of spellings(spelled.token)) {
      expectProblem(await call('GET', '/v1/events', { as: { token } }), 'token-needed', REVOKED)
    }
  })

  it('[REVOKE4] can be no longer than is remembered, and no later than now', async () => {
    const year = 366 * 86_400
    const now = Math.floor(Date.now() / 1_000)
    await expect(server.sign({}, '367d')).rejects.toThrow(/366 days/)
    expect((await call('GET', '/v1/events', { as: await sign({}, '366d') })).status).toBe(200)
    const signed = (iat: number | undefined, exp: number) =>
      new SignJWT({ sub: 'ines', name: 'Ines', roles: [], exp, ...(iat === undefined ? {} : { iat }) })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(key)
    for (const [iat, exp] of [
      [undefined, now + year + 60],
      [now - 120, now + year - 60],
      [now, now + year + 60],
    ] as const) {
      const as = { token: await signed(iat, exp) }
      expectProblem(await call('GET', '/v1/events', { as }), 'token-needed', {
        detail: expect.stringMatching(/366 days/),
      })
    }
    expectProblem(
      await call('GET', '/v1/events', { as: { token: await signed(now + 600, now + 900) } }),
      'token-needed',
    )
  })
})

describe('whoever looks on with a revoked token', () => {
  it('[REVOKE5] [P7] leaves a private room at once on a socket, and comes back by refresh alone', async () => {
    await createEvent({ id: 'room', visibility: 'private' })
    const [lost, other] = [await sign({ sub: 'dora' }), await sign({ sub: 'dora' })]
    const [viewer, editor] = [await connect({ as: lost }), await connect({ as: 'editor' })]
    await viewer.join('room')
    await editor.join('room')
    await revoke({ jti: jtiOf(lost) })
    await vi.waitFor(() => expect(viewer.notices).toEqual([{ kind: 'token-expired' }]), RIGHTS_MS)
    await publish('room')
    await editor.reaches(2)
    expectRefused(await viewer.join('room'), 'token-needed')
    expectRefused(await viewer.ask('refresh', lost), 'token-needed', REVOKED)
    expectRefused(await viewer.join('room'), 'token-needed')
    await expect(connect({ as: lost })).rejects.toMatchObject({ data: { type: '/problems/token-needed' } })
    expect(viewer.entries).toEqual([])

    expect(await viewer.ask('refresh', other)).toEqual({ result: 'done' })
    expect((await viewer.join('room')).result).toBe('restarted')
    await publish('room')
    await viewer.reaches(3)
    viewer.expectNoGap()
    editor.expectNoGap()
  })

  it('[REVOKE5] stays with a token of fewer rights where that lets them, and only there', async () => {
    for (const id of ['kept', 'taken']) await createEvent({ id, visibility: 'private' })
    const [all, few] = [await sign({ sub: 'emil' }), await sign({ sub: 'emil', events: ['kept'] })]
    const viewer = await connect({ as: all })
    for (const id of ['kept', 'taken']) await viewer.join(id)
    await viewer.ask('refresh', few)
    const notice = { kind: 'restart', eventId: 'taken', reason: 'epoch-changed' }
    await vi.waitFor(() => expect(viewer.notices).toEqual([notice]), RIGHTS_MS)
    await revoke({ jti: jtiOf(all) })
    await publish('taken')
    await publish('kept')
    await vi.waitFor(() => expect(viewer.seen.at(-1)).toMatchObject({ what: 'entry', room: 'kept' }))
    expect(viewer.entries).toHaveLength(1)
    expect(viewer.notices).toEqual([notice])
    expectRefused(await viewer.join('taken'), 'event-not-found')
  })

  it('[REVOKE6] [P7] is given the end of an event stream, and no more', async () => {
    await createEvent({ id: 'streamed', visibility: 'private' })
    const lost = await sign({ sub: 'fred' })
    const [viewer, editor] = [await stream('streamed', { as: lost }), await stream('streamed', { as: 'editor' })]
    await revoke({ sub: 'fred' })
    await vi.waitFor(() => expect(viewer.isOver).toBe(true), RIGHTS_MS)
    await publish('streamed')
    await editor.reaches(2)
    expect(viewer.named('notice')).toEqual([{ kind: 'token-expired' }])
    expect(viewer.entries).toEqual([])
    expectProblem(await call('GET', '/v1/events/streamed/stream', { as: lost }), 'token-needed', REVOKED)
  })

  it('[REVOKE7] [P7] waits no longer for entries, and neither does one whose token runs out', {
    timeout: 20_000,
  }, async () => {
    await createEvent({ id: 'polled', visibility: 'private' })
    const [lost, short] = [await sign({ sub: 'gina' }), await sign({ sub: 'gerd' }, '2s')]
    const path = '/v1/events/polled/entries?after=1&wait=25'
    const [began, waiting] = [Date.now(), [lost, short].map(as => call('GET', path, { as }))]
    await vi.waitFor(async () => expect(await waitingFor('polled')).toBeGreaterThan(0), RIGHTS_MS)
    await revoke({ sub: 'gina' })
    const [revoked, expired] = await Promise.all(waiting)
    expect(Date.now() - began).toBeLessThan(2_000 + RIGHTS_MS)
    if (revoked === undefined || expired === undefined) throw new Error('no answers')
    expectProblem(revoked, 'token-needed', REVOKED)
    expectProblem(expired, 'token-needed')
    expectProblem(await call('GET', path, { as: lost }), 'token-needed', REVOKED)
  })

  it('[REVOKE7] waits no longer for an event that is not for them any more', async () => {
    await createEvent({ id: 'closed' })
    const path = '/v1/events/closed/entries?after=1&wait=25'
    const waiting = call('GET', path, { as: null })
    await vi.waitFor(async () => expect(await waitingFor('closed')).toBeGreaterThan(0), RIGHTS_MS)
    await change<Event>('PATCH', '/v1/events/closed', 1, { visibility: 'private' })
    expectProblem(await waiting, 'event-not-found', { detail: 'There is no event closed.' })
  })

  it('[REVOKE8] [P7] leaves the rehearsal of a public event as well', { timeout: 20_000 }, async () => {
    await createEvent({ id: 'rehearsed' })
    await publish('rehearsed')
    const body = { speed: 'step' }
    const begun = await call<Replay>('POST', '/v1/events/rehearsed/replays', { as: 'ops', body })
    expect(begun.status, begun.text).toBe(201)
    const door = { eventId: 'rehearsed', replay: begun.body.id, after: null }
    const [lost, short, demoted] = [
      await connect({ as: await sign({ sub: 'hugo' }) }),
      await connect({ as: await sign({ sub: 'hans' }, '3s') }),
      await connect({ as: await sign({ sub: 'hedi' }) }),
    ]
    for (const viewer of [lost, short, demoted])
      expect(await viewer.ask('join', door)).toMatchObject({ result: 'restarted' })
    await revoke({ sub: 'hugo' })
    await demoted.ask('refresh', await sign({ sub: 'hedi', roles: ['contributor'] }))
    const over = { timeout: 3_000 + RIGHTS_MS }
    for (const viewer of [lost, short]) {
      await vi.waitFor(() => expect(viewer.notices).toEqual([{ kind: 'token-expired' }]), over)
      expectRefused(await viewer.ask('join', door), 'token-needed')
    }
    const notice = { kind: 'restart', eventId: begun.body.room, reason: 'epoch-changed' }
    await vi.waitFor(() => expect(demoted.notices).toEqual([notice]), over)
    expectRefused(await demoted.ask('join', door), 'not-allowed')
  })

  it('[REVOKE9] sees no more of the queues', async () => {
    for (const revokes of ['jti', 'sub'] as const) {
      const ops = await sign({ sub: 'ilse', roles: ['ops'] })
      const begun = await call('POST', '/v1/ops/session', { as: ops })
      const cookie = begun.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
      const look = () => call('GET', '/ops/queues/api/queues', { as: null, headers: { cookie } })
      expect((await look()).status).toBe(200)
      await revoke(revokes === 'jti' ? { jti: jtiOf(ops) } : { sub: 'ilse' })
      expectProblem(await look(), 'token-needed')
    }
  })
})

describe('the list of revocations', () => {
  it('[REVOKE10] is for ops of all events, paged, newest first, and each is audited', async () => {
    for (const sub of ['kurt', 'karl', 'kira']) await revoke({ sub })
    const page = async (query: string) => await call<RevocationPage>('GET', `${PATH}${query}`, { as: 'ops' })
    const first = await page('?limit=2')
    expect(first.body).toMatchObject({ revocations: [{ sub: 'kira' }, { sub: 'karl' }], complete: false })
    expect(first.headers['link']).toBe(`<${PATH}?limit=2&offset=2>; rel="next"`)
    expect((await page('?limit=1&offset=2')).body.revocations).toMatchObject([{ sub: 'kurt' }])
    expect((await page('')).body.complete).toBe(true)
    const trail = (await call<OpsAuditPage>('GET', '/v1/ops/audit?limit=1', { as: 'ops' })).body.entries
    const detail = { sub: 'kira', reason: 'The phone was lost.' }
    expect(trail).toMatchObject([{ action: 'tokens-revoked', by: { sub: 'olga' }, detail }])
  })

  it('[REVOKE10] takes one token or one person, with a reason, and only from ops of all events', async () => {
    const limited = await sign({ roles: ['ops'], events: ['talks'] })
    for (const as of ['editor', limited] as const) {
      expectProblem(await call('GET', PATH, { as }), 'not-allowed')
      expectProblem(await call('POST', PATH, { as, body: { sub: 'erin', reason: 'a' } }), 'not-allowed')
    }
    expectProblem(await call('GET', PATH, { as: null }), 'token-needed')
    for (const body of [
      {},
      { sub: 'a' },
      { reason: 'a' },
      { sub: 'a', jti: 'b', reason: 'c' },
      { sub: '', reason: 'a' },
      { jti: 'a'.repeat(201), reason: 'a' },
      { sub: 'a', reason: 'a'.repeat(501) },
      { sub: 'a', reason: 'a', before: 'now' },
      { sub: 'a\u0000', reason: 'a' },
      { sub: 1, reason: 'a' },
    ]) {
      expect((await call('POST', PATH, { as: 'ops', body })).status, JSON.stringify(body)).toBe(400)
    }
    for (const query of ['?limit=0', '?limit=501', '?offset=-1', '?limit=a']) {
      expect((await call('GET', `${PATH}${query}`, { as: 'ops' })).status).toBe(400)
    }
  })

  it('[REVOKE11] forgets nothing that a later look does not find, and what no token can need', async () => {
    const { keys, redis, revocations } = server.store
    const lost = await sign({ sub: 'lena' })
    await revoke({ sub: 'lena' })
    await redis.zrem(keys.revocationTimes, 'sub:lena')
    await revoke({ sub: 'lisa' })
    expectProblem(await call('GET', '/v1/events', { as: lost }), 'token-needed', REVOKED)

    const longAgo = new Date(Date.now() - 367 * 86_400_000)
    const by = { by: { sub: 'olga', name: 'Olga Ops' }, requestId: 'r' }
    await revocations.revoke({ sub: 'ludo', reason: 'a' }, by, longAgo)
    const { revocations: listed } = await revocations.page(0, 500, new Date())
    expect(listed.map(({ sub }) => sub)).not.toContain('ludo')
    await revoke({ sub: 'lisa' })
    expect(await redis.hexists(keys.revocations, 'sub:ludo')).toBe(0)
    for (const key of [keys.revocations, keys.revocationTimes, keys.revocationsState]) {
      expect(await redis.ttl(key)).toBeGreaterThan(365 * 86_400)
    }
  })

  it('[REVOKE11] takes nothing back where a clock is behind', async () => {
    const { revocations } = server.store
    const by = { by: { sub: 'olga', name: 'Olga Ops' }, requestId: 'r' }
    const now = new Date()
    const first = await revocations.revoke({ sub: 'mona', reason: 'now' }, by, now)
    const late = await revocations.revoke({ sub: 'mona', reason: 'earlier' }, by, new Date(now.getTime() - 1_000))
    expect(late).toEqual(first)
  })

  it('[REVOKE11] is read whole, however long it is', async () => {
    const { keys, redis } = server.store
    const subs = Array.from({ length: 3_000 }, (_, i) => `one of many ${i}`)
    await redis.zadd(keys.revocationTimes, ...subs.flatMap(sub => [Date.now(), `sub:${sub}`]))
    await revoke({ sub: 'the last one' })
    for (const sub of [subs[0], subs[1_500], subs[2_999]]) {
      const as = await signElsewhere({ sub, iat: Math.floor(Date.now() / 1_000) - 60 })
      expectProblem(await call('GET', '/v1/events', { as }), 'token-needed', REVOKED)
    }
  })

  it('[REVOKE12] [P7] is read again within 5 s where its announcement was lost', async () => {
    const { keys, redis } = server.store
    const lost = await sign({ sub: 'nora' })
    // As revoke.lua does, but nobody is told.
    await redis.zadd(keys.revocationTimes, Date.now(), 'sub:nora')
    await redis.set(keys.revocationsState, crypto.randomUUID())
    await vi.waitFor(async () => {
      expectProblem(await call('GET', '/v1/events', { as: lost }), 'token-needed', REVOKED)
    }, RIGHTS_MS)
  })
})

/** How many wait for entries of an event now, as those who count them were told. */
async function waitingFor(eventId: string): Promise<number> {
  const { body } = await call<{ pollers: number }>('GET', `/v1/events/${eventId}/audience`, { as: 'ops' })
  return body.pollers
}
