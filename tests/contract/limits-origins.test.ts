import { afterAll, describe, expect, it } from 'vitest'
import { type Answer, callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const NEWS = 'https://news.example'
const PARTNER = 'https://partner.example'
const EVIL = 'https://evil.example'

const server = await startServer({ env: { PUBLIC_ORIGINS: NEWS, READ_ORIGINS: PARTNER } })
const everybody = await startServer({ env: { READ_ORIGINS: '*' } })
const nobody = await startServer()
afterAll(async () => {
  for (const each of [nobody, everybody, server]) await each.stop()
})
const { call, createEvent, publish } = callsTo(server)
await createEvent({ id: 'talks' })
await createEvent({ id: 'secret', visibility: 'private' })
const update = await publish('talks')
await callsTo(everybody).createEvent({ id: 'talks' })
await callsTo(nobody).createEvent({ id: 'talks' })

const READS = [
  '/v1/events',
  '/v1/events/talks',
  `/v1/events/talks/updates/${update.id}`,
  '/v1/events/talks/feed',
  '/v1/events/talks/entries',
  '/v1/events/talks/proof',
]

const allowed = ({ headers }: Pick<Answer, 'headers'>) => headers['access-control-allow-origin']
const from = (origin: string) => ({ as: null, headers: { Origin: origin } })

describe('pages of other sites', () => {
  it.each(READS)('[LIMIT15] may read %s where they are named, and no others', async path => {
    for (const origin of [NEWS, PARTNER]) {
      const answer = await call('GET', path, from(origin))
      expect(answer.status).toBe(200)
      expect(allowed(answer)).toBe(origin)
      expect(answer.headers['access-control-expose-headers']).toContain('Retry-After')
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(answer.headers['vary']).toMatch(/\bOrigin\b/)
    }
    for (const origin of [EVIL, 'null', `${NEWS}.evil.example`, 'https://sub.news.example']) {
      expect(allowed(await call('GET', path, from(origin)))).toBeUndefined()
    }
  })

  it.each([...READS, '/v1/events/talks/stream'])('[LIMIT15] may ask before for %s, without a token', async path => {
    const ask = (origin: string, headers: string) =>
      call('OPTIONS', path, {
        as: null,
        headers: {
          ...{ Origin: origin, 'Access-Control-Request-Method': 'GET' },
          'Access-Control-Request-Headers': headers,
        },
      })
    const answer = await ask(PARTNER, 'last-event-id')
    expect(answer.status).toBe(204)
    expect(allowed(answer)).toBe(PARTNER)
    expect(answer.headers['access-control-allow-methods']).toBe('GET,HEAD')
    expect(answer.headers['access-control-allow-headers']).not.toMatch(/authorization/i)
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
    expect(allowed(await ask(EVIL, 'last-event-id'))).toBeUndefined()
  })

  it('[LIMIT15] may not read what a token is sent for, nor what is private', async () => {
    const headers = { Origin: PARTNER }
    const withToken = await call('GET', '/v1/events/secret/feed', { as: 'editor', headers })
    expect(withToken.status).toBe(200)
    expect(allowed(withToken)).toBeUndefined()
    expect(withToken.headers['cache-control']).toBe('private, no-store')
    const ofPublic = await call('GET', '/v1/events/talks/feed', { as: 'editor', headers })
    expect(allowed(ofPublic)).toBeUndefined()
    expect(ofPublic.headers['vary'], 'a cache gives it to no page').toMatch(/\bAuthorization\b/)
    expectProblem(await call('GET', '/v1/events/secret/feed', { as: null, headers }), 'event-not-found')
  })

  it('[LIMIT15] may not write, and are shown nothing of the newsroom', async () => {
    const body = { body: 'Hello.' }
    const headers = { Origin: NEWS }
    expect(allowed(await call('POST', '/v1/events/talks/updates', { body, headers }))).toBeUndefined()
    for (const path of ['/v1/events/talks/held', '/v1/ops/overview', '/v1/events/talks/audience']) {
      expect(allowed(await call('GET', path, { as: null, headers }))).toBeUndefined()
      expect(allowed(await call('OPTIONS', path, { as: null, headers }))).toBeUndefined()
    }
  })

  it('[LIMIT15] may all read with *, and none where nothing is set', async () => {
    const open = await callsTo(everybody).call('GET', '/v1/events/talks/feed', from(EVIL))
    expect(allowed(open)).toBe('*')
    expect(open.headers['access-control-allow-credentials']).toBeUndefined()
    const closed = await callsTo(nobody).call('GET', '/v1/events/talks/feed', from(NEWS))
    expect(closed.status).toBe(200)
    expect(allowed(closed)).toBeUndefined()
    expect(allowed(await callsTo(nobody).call('OPTIONS', '/v1/events/talks/feed', from(NEWS)))).toBeUndefined()
  })
})

describe('an event stream', () => {
  const stream = async (of: typeof server, origin: string) => {
    const stop = new AbortController()
    const answer = await fetch(`${of.url}/v1/events/talks/stream`, { headers: { Origin: origin }, signal: stop.signal })
    const { status, headers } = answer
    const problem = status === 200 ? undefined : ((await answer.json()) as Record<string, unknown>)
    stop.abort()
    return { status, allowed: headers.get('access-control-allow-origin'), problem }
  }

  it('[LIMIT16] is for pages of its own host and of those that are named', async () => {
    expect(await stream(server, NEWS)).toMatchObject({ status: 200, allowed: NEWS })
    expect(await stream(server, PARTNER)).toMatchObject({ status: 200, allowed: PARTNER })
    expect(await stream(server, server.url)).toMatchObject({ status: 200, allowed: null })
    expect(await stream(everybody, EVIL)).toMatchObject({ status: 200, allowed: '*' })
  })

  it.each([EVIL, 'null', 'rubbish', `${NEWS}.evil.example`])('[LIMIT16] is refused to pages of %s', async origin => {
    expect(await stream(server, origin)).toMatchObject({
      status: 403,
      allowed: null,
      problem: { type: '/problems/not-allowed', detail: `Pages of ${origin} may not connect here.` },
    })
  })
})
