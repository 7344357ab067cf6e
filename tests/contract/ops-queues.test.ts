import { afterAll, describe, expect, it } from 'vitest'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const { call } = callsTo(server)
afterAll(() => server.stop())

async function session(): Promise<{ setCookie: string; cookie: string }> {
  const answer = await call('POST', '/v1/ops/session', { as: 'ops' })
  expect(answer.status).toBe(204)
  const setCookie = answer.headers['set-cookie']?.[0] ?? ''
  return { setCookie, cookie: setCookie.split(';')[0] ?? '' }
}

const look = (path: string, cookie: string) => call('GET', `/ops/queues${path}`, { as: null, headers: { cookie } })

describe('the queues as a page', () => {
  it('[OPS12] opens by a short session that scripts and other sites cannot use', async () => {
    const { setCookie, cookie } = await session()
    expect(setCookie).toMatch(/; Max-Age=900; Path=\/ops\/queues; .*HttpOnly; SameSite=Strict$/)
    expect(setCookie).not.toMatch(/Secure/)
    const tls = await call('POST', '/v1/ops/session', { as: 'ops', headers: { 'x-forwarded-proto': 'https' } })
    expect(tls.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/)

    const soonOver = { token: await server.sign({ roles: ['ops'] }, '60s') }
    const short = await call('POST', '/v1/ops/session', { as: soonOver })
    expect(short.headers['set-cookie']?.[0]).toMatch(/; Max-Age=(60|59);/)

    const page = await look('', cookie)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Dateline queues')
    const queues = await look('/api/queues', cookie)
    expect((queues.body['queues'] as { name: string; readOnlyMode: boolean }[]).map(queue => queue.name)).toEqual([
      ...['submissions', 'replays'],
    ])
    const ended = await call('DELETE', '/v1/ops/session', { as: null, headers: { cookie } })
    expect(ended.headers['set-cookie']?.[0]).toMatch(/^dateline-queues=; Path=\/ops\/queues; Expires=Thu, 01 Jan 1970/)
  })

  it('[OPS12] stays shut for bearer tokens, forged or foreign sessions, and whoever is not ops of all events', async () => {
    expectProblem(await look('', ''), 'token-needed')
    expectProblem(await look('/api/queues', ''), 'token-needed')
    expectProblem(await look('', `dateline-queues=${server.tokens.ops}`), 'token-needed')
    expectProblem(await call('GET', '/ops/queues', { as: 'ops' }), 'token-needed')
    const { cookie } = await session()
    expectProblem(await look('', `${cookie}x`), 'token-needed')
    const bearer = { token: cookie.split('=')[1] ?? '' }
    expectProblem(await call('GET', '/v1/ops/overview', { as: bearer }), 'token-needed')
    expectProblem(await call('POST', '/v1/ops/session', { as: 'editor' }), 'not-allowed')
    expectProblem(await call('POST', '/v1/ops/session', { as: null, headers: { cookie } }), 'token-needed')
    const limited = { token: await server.sign({ roles: ['ops'], events: ['talks'] }, '1h') }
    expectProblem(await call('POST', '/v1/ops/session', { as: limited }), 'not-allowed')
  })

  it('[OPS13] loads nothing from elsewhere, and may not', async () => {
    const { cookie } = await session()
    const page = await look('', cookie)
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*/)
    const own = [...page.text.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '')
    expect(own.length).toBeGreaterThan(4)
    expect(page.text).not.toMatch(/https?:\/\//)
    for (const url of own.filter(each => each.startsWith('static/'))) {
      const file = await look(`/${url}`, cookie)
      expect(file.status, url).toBe(200)
      if (url.endsWith('.css')) expect(file.text).not.toMatch(/@import|url\(["']?(?:https?:)?\/\//)
    }
  })

  it('[OPS14] changes nothing', async () => {
    const { cookie } = await session()
    for (const [method, path] of [
      ['PUT', '/api/queues/submissions/pause'],
      ['PUT', '/api/queues/pause'],
      ['PUT', '/api/queues/submissions/empty'],
      ['PUT', '/api/queues/submissions/obliterate'],
      ['POST', '/api/queues/submissions/add'],
      ['DELETE', '/api/queues/submissions'],
    ] as const) {
      const answer = await call(method, `/ops/queues${path}`, { as: null, body: {}, headers: { cookie } })
      expect(answer.status, path).toBe(405)
    }
    expect(await server.store.queue.door.counts()).toMatchObject({ paused: false })
  })
})
