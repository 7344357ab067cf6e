import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { OpsAuditPage, Overview } from '../../src/protocol/ops.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { type Answer, callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const { call, createEvent, publish } = callsTo(server)
const reason = 'The wire agency retracts everything.'

const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call('PUT', path, { as: 'ops', body, headers })
const trail = async (query = '') => (await call<OpsAuditPage>('GET', `/v1/ops/audit${query}`, { as: 'ops' })).body
const overview = async () => (await call<Overview>('GET', '/v1/ops/overview', { as: 'ops' })).body

beforeAll(async () => {
  await createEvent({ id: 'talks' })
})
afterAll(() => server.stop())

function expectPaused(answer: Answer<unknown>): void {
  expect(answer.status, answer.text).toBe(503)
  expect(answer.headers['retry-after']).toBe('5')
  const problem = answer.body as Problem
  expect(problem).toMatchObject({ type: '/problems/intake-paused', retry: true, detail: reason })
  expect(problem['since']).toMatch(/Z$/)
}

describe('intake', () => {
  it('[OPS6] that is paused refuses every write of editors with the reason, and nothing else', async () => {
    const update = await publish('talks')
    const now = Date.now()
    const paused = await put('/v1/ops/intake', { paused: true, reason })
    expect(paused).toMatchObject({ status: 200, body: { paused: true, reason, by: 'Olga Ops' } })
    expect(Date.parse(String(paused.body['since']))).toBeGreaterThanOrEqual(now)
    const E = '/v1/events/talks'
    const headers = { 'If-Match': '*' }
    for (const [method, path] of [
      ['POST', '/v1/events'],
      ['PATCH', E],
      ['POST', `${E}/updates`],
      ['PATCH', `${E}/updates/${update.id}`],
      ['DELETE', `${E}/updates/${update.id}`],
      ['PUT', `${E}/normalization`],
      ['POST', `${E}/held/1`],
    ] as const) {
      expectPaused(await call(method, path, { body: {}, headers }))
    }
    expectPaused(await call('POST', `${E}/updates`, { as: 'contributor', body: { body: 'Late news.' } }))
    expectProblem(await call('POST', `${E}/updates`, { as: null, body: { body: 'x' } }), 'token-needed')

    expect((await call('GET', `${E}/feed`, { as: null })).status).toBe(200)
    expect((await call('POST', `${E}/normalize`, { body: { body: 'A preview.' } })).status).toBe(200)
    expect((await overview()).intake).toEqual(paused.body)
    expect((await call('GET', '/readyz', { as: null })).status).toBe(200)

    expect(await put('/v1/ops/intake', { paused: false })).toMatchObject({ status: 200, body: { paused: false } })
    await publish('talks')
    expect((await overview()).intake).toEqual({ paused: false })
  })

  it('[OPS6] is paused in every process at once, or within 2 s where that was not heard', async () => {
    const { redis, keys } = server.store
    const state = { paused: true, reason, since: new Date().toISOString(), by: 'Olga Ops' }
    // Another process does it.
    const post = () => call('POST', '/v1/events/talks/updates', { body: { body: 'News.' } })
    await redis.set(keys.intake, JSON.stringify(state))
    await redis.spublish(keys.intakeChanged, 'changed')
    await vi.waitFor(async () => expectPaused(await post()), { timeout: 1_000, interval: 10 })
    await redis.del(keys.intake) // and nobody is told
    await vi.waitFor(async () => expect((await post()).status).toBe(202), { timeout: 2_000 + 1_000, interval: 50 })
  })

  it('[OPS6] takes a write under its key as before, once it is open again', async () => {
    const send = () =>
      call('POST', '/v1/events/talks/updates', { body: { body: 'Kept.' }, headers: { 'Idempotency-Key': 'kept-1' } })
    await put('/v1/ops/intake', { paused: true, reason })
    expectPaused(await send())
    await put('/v1/ops/intake', { paused: false })
    const first = await send()
    expect(first.status).toBe(202)
    expect((await send()).body).toEqual(first.body)
  })

  it('[OPS21] that is paused is waited for by the SDK, which tells the reason and publishes once it is open', async () => {
    const client = createClient({ url: server.url, token: server.tokens.editor })
    await put('/v1/ops/intake', { paused: true, reason })
    const told: (string | undefined)[] = []
    const writing = client.publish(
      'talks',
      { body: 'It waited.' },
      { waitSeconds: 5, onRepeat: ({ problem }) => told.push(problem?.detail) },
    )
    await vi.waitFor(() => expect(told).toEqual([reason]))
    await put('/v1/ops/intake', { paused: false })
    expect(await writing).toMatchObject({ state: 'done', update: { bodyText: 'It waited.' } })
    const { text } = await call('GET', '/v1/events/talks/feed', { as: null })
    expect(text.match(/"bodyText":"It waited\."/g)).toHaveLength(1)
    client.close()
  }, 20_000)

  it.each([
    [{}, '#/paused'],
    [{ paused: 'yes' }, '#/paused'],
    [{ paused: true }, '#/reason'],
    [{ paused: true, reason: ' ' }, '#/reason'],
    [{ paused: true, reason: 'x'.repeat(501) }, '#/reason'],
    [{ paused: false, reason }, '#/reason'],
  ])('[OPS7] is refused with %j', async (body, pointer) => {
    expectProblem(await put('/v1/ops/intake', body), 'invalid-request', { errors: [pointer] })
  })
})

describe('metrics', () => {
  it('[OPS18] tell how many processes run, how many look on over all gateways, and whether intake is paused', async () => {
    const { presence } = server.store
    const [own] = await presence.list()
    if (own === undefined) throw new Error('the server is not listed')
    const id = '018f0000-0000-7000-8000-000000000001'
    await presence.tell({ ...own, id, kind: 'gateway', viewers: 1_000 })
    await put('/v1/ops/intake', { paused: true, reason })
    const { text } = await call('GET', '/metrics', { as: 'ops' })
    expect(text).toContain('\ndateline_processes 2\n')
    expect(text).toContain('\ndateline_audience 1000\n')
    expect(text).toContain('\ndateline_intake_paused 1\n')
    await put('/v1/ops/intake', { paused: false })
    await presence.forget(id)
    expect((await call('GET', '/metrics', { as: 'ops' })).text).toContain('\ndateline_intake_paused 0\n')
  })
})

describe('a queue', () => {
  it('[OPS8] that is paused hands out no job, and goes on when it is resumed', async () => {
    expect(await put('/v1/ops/queues/submissions', { paused: true })).toMatchObject({
      ...{ status: 200, body: { name: 'submissions', paused: true } },
    })
    const answer = await call('POST', '/v1/events/talks/updates', {
      ...{ body: { body: 'It waits.' }, headers: { Prefer: 'wait=1' } },
    })
    expect(answer.status).toBe(202)
    await vi.waitFor(async () => {
      expect((await overview()).queues[0]).toMatchObject({ name: 'submissions', paused: true, waiting: 1 })
    })
    await put('/v1/ops/queues/submissions', { paused: false })
    const status = `/v1/events/talks/submissions/${answer.body['acceptNumber']}?wait=10`
    expect((await call('GET', status)).body).toMatchObject({ state: 'published' })
    expectProblem(await put('/v1/ops/queues/nothing', { paused: true }), 'not-found')
    expectProblem(await put('/v1/ops/queues/replays', {}), 'invalid-request', { errors: ['#/paused'] })
  })
})

describe('a process', () => {
  it('[OPS9] hears within 5 s that it is to drain', async () => {
    const drain = (id: string) => call('POST', `/v1/ops/processes/${id}/drain`, { as: 'ops' })
    expect(await drain(server.processId)).toMatchObject({ status: 202 })
    await vi.waitFor(() => expect(server.endings).toEqual(['ops drained it']), 5_000)
    expectProblem(await drain('018f0000-0000-7000-8000-000000000000'), 'process-not-found')
    expectProblem(await drain('x'), 'invalid-request', { errors: ['#/id'] })
  })
})

describe('what ops do to all of Dateline', () => {
  it('[OPS10] stands in a trail of its own: who, when, what, by which request; newest first, in pages', async () => {
    await put('/v1/ops/intake', { paused: true, reason }, { 'X-Request-Id': 'pause-1' })
    await put('/v1/ops/intake', { paused: false })
    const { entries } = await trail()
    const by = { sub: 'olga', name: 'Olga Ops' }
    expect(entries[0]).toMatchObject({ action: 'intake-opened', by, detail: {} })
    expect(entries[1]).toMatchObject({ action: 'intake-paused', by, requestId: 'pause-1', detail: { reason } })
    const actions = new Set(entries.map(({ action }) => action))
    expect([...actions].toSorted()).toEqual([
      ...['intake-opened', 'intake-paused', 'process-drained', 'queue-paused', 'queue-resumed'],
    ])
    const paged = await trail('?limit=1')
    expect(paged).toEqual({ entries: [entries[0]], complete: false })
    expect((await trail(`?limit=1&before=${entries[0]?.id}`)).entries).toEqual([entries[1]])
    const refused = await call('GET', '/v1/ops/audit?before=x', { as: 'ops' })
    expectProblem(refused, 'invalid-request', { errors: ['#/before'] })
  })

  it('[OPS11] is for ops whose token is for all events', async () => {
    const limited = { token: await server.sign({ roles: ['ops'], events: ['talks'] }, '1h') }
    for (const [method, path, body] of [
      ['PUT', '/v1/ops/intake', { paused: false }],
      ['PUT', '/v1/ops/queues/replays', { paused: false }],
      ['POST', `/v1/ops/processes/${server.processId}/drain`, undefined],
      ['GET', '/v1/ops/audit', undefined],
    ] as const) {
      expectProblem(await call(method, path, { as: null, body }), 'token-needed')
      expectProblem(await call(method, path, { as: 'editor', body }), 'not-allowed')
      expectProblem(await call(method, path, { as: limited, body }), 'not-allowed')
    }
  })
})
