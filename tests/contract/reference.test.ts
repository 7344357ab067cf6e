import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { asyncApiDocument } from '../../src/main/reference/asyncapi.ts'
import { openApiDocument } from '../../src/main/reference/openapi.ts'
import { OPERATIONS } from '../../src/main/reference/operations.ts'
import { bury } from '../support/bury.ts'
import { expectDescribed, faultsIn, operationOf } from '../support/described.ts'
import { type Answer, type CallOptions, callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const folder = await mkdtemp(join(tmpdir(), 'dateline-reference-'))
const server = await startServer({ env: { ARCHIVE_DIR: folder } })
const { call, createEvent, publish } = callsTo(server)

/** The operations that were answered as they should be. */
const answered = new Set<string>()

/** Calls, and expects the answer to be as the document says. */
async function ask<Body = Record<string, unknown>>(method: string, path: string, options: CallOptions = {}) {
  const answer: Answer<Body> = await call<Body>(method, path, options)
  const operation = operationOf(method, path)
  expectDescribed(operation, answer)
  if (answer.status < 400) answered.add(operation.id)
  return answer
}

async function asOps<Body = Record<string, unknown>>(method: string, path: string, body?: unknown) {
  const answer = await ask<Body>(method, path, { as: 'ops', body })
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer
}

const versioned = (version: number | string, more: Record<string, string> = {}) => ({
  headers: { 'If-Match': version === '*' ? '*' : `"${version}"`, ...more },
})

beforeAll(async () => {
  await createEvent({ id: 'talks' })
  await publish('talks', { headline: 'They met', isKeyEvent: true })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

describe('the document of the API', { timeout: 60_000 }, () => {
  it('[API2] has every route of the app, and no other', () => {
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    const add = 'describe these in src/main/reference/operations/'
    expect(
      server.routes.filter(route => !described.includes(route)),
      add,
    ).toEqual([])
    expect(
      described.filter(route => !server.routes.includes(route)),
      'there is no such route',
    ).toEqual([])
  })

  it('[API3] is served, with an entity tag, to everybody', async () => {
    for (const [path, document] of [
      ['/openapi.json', openApiDocument()],
      ['/asyncapi.json', asyncApiDocument()],
    ] as const) {
      const answer = await ask('GET', path, { as: null })
      expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)))
      const again = await ask('GET', path, { as: null, headers: { 'If-None-Match': String(answer.headers.etag) } })
      expect(again.status).toBe(304)
    }
  })

  it('[API6] is a page that loads nothing from elsewhere and needs no script', async () => {
    const { text, headers } = await ask('GET', '/docs/api', { as: null })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    for (const { id, summary } of OPERATIONS) {
      expect(text).toContain(`<article id="${id}">`)
      expect(text).toContain(summary.replaceAll('&', '&amp;'))
    }
    const loaded = [...text.matchAll(/<(?:script|link|img|iframe|style)\b[^>]*>/g)].map(([tag]) => tag)
    expect(loaded.filter(tag => !/^<link rel="(icon|stylesheet)" href="\/assets\//.test(tag))).toEqual([])
    const anchors = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const missing = [...text.matchAll(/href="#([^"]+)"/g)].filter(([, id]) => !anchors.has(id))
    expect(missing).toEqual([])
  })
})

describe('what the API answers is as its document says', { timeout: 60_000 }, () => {
  it('[API7] for events and updates', async () => {
    const made = await ask<{ version: number }>('POST', '/v1/events', {
      body: { id: 'port', headline: 'At the port', about: { name: 'Port', startDate: '2026-11-24T10:00:00+01:00' } },
    })
    expect(made.status, made.text).toBe(201)
    const event = '/v1/events/port'
    const waited = { ...versioned(1, { Prefer: 'wait=10' }), body: { summaryPoints: ['One.'] } }
    expect((await ask('PATCH', event, waited)).status).toBe(200)
    expect((await ask('PATCH', event, { ...versioned(2), body: { section: 'World' } })).status).toBe(202)
    expect((await ask('PATCH', event, { ...versioned(1), body: {} })).status).toBe(412)
    expect((await ask('PATCH', event, { body: {} })).status).toBe(428)
    await ask('GET', '/v1/events?limit=1', { as: null })
    await ask('GET', event, { as: null })

    const body = { body: 'Ships **left**.', bodyFormat: 'markdown', media: [{ url: 'https://cdn.example/a.jpg' }] }
    const posted = await ask<{ id: string }>('POST', `${event}/updates`, { body, headers: { Prefer: 'wait=10' } })
    expect(posted.status).toBe(201)
    const update = `${event}/updates/${posted.body.id}`
    const receipt = await ask<{ acceptNumber: number }>('PATCH', update, {
      ...versioned(1),
      body: { body: 'Ships came.', correction: 'They did not leave.' },
    })
    expect(receipt.status).toBe(202)
    await ask('GET', `${event}/submissions/${receipt.body.acceptNumber}?wait=10`)
    await ask('GET', update, { as: null })
    await ask('GET', `${update}/draft`)
    await ask('DELETE', update, { ...versioned(2, { Prefer: 'wait=10' }), body: { reason: 'Wrong port.' } })
    await ask('GET', update, { as: null })
  })

  it('[API7] for what viewers read', async () => {
    for (const path of ['feed', 'feed?at=1', 'entries', 'entries?after=1&limit=1', 'proof']) {
      expect((await ask('GET', `/v1/events/talks/${path}`, { as: null })).status).toBe(200)
    }
    expect((await ask('GET', '/v1/events/talks/entries?after=99', { as: null })).status).toBe(409)
    await ask('GET', '/v1/events/talks/audience')
    const head = await call('HEAD', '/v1/events/talks/stream', { as: null })
    expectDescribed(operationOf('GET', '/v1/events/talks/stream'), head)
    answered.add('followFeed')
  })

  it('[API7] for cleaning, and what is held', async () => {
    const settings = '/v1/events/talks/normalization'
    await ask('GET', settings)
    await ask('PUT', settings, { ...versioned(0), body: { blockedTerms: ['embargo'] } })
    await ask('POST', '/v1/events/talks/normalize', { body: { body: 'Under embargo.' } })
    const held: number[] = []
    for (const body of ['An embargo.', 'No embargo.']) {
      const answer = await ask<{ acceptNumber: number }>('POST', '/v1/events/talks/updates', {
        ...{ body: { body }, headers: { Prefer: 'wait=10' } },
      })
      expect(answer.status, answer.text).toBe(422)
      held.push(answer.body.acceptNumber)
    }
    const page = await ask<{ held: unknown[] }>('GET', '/v1/events/talks/held')
    expect(page.body.held).toHaveLength(2)
    const [released, discarded] = held.map(acceptNumber => `/v1/events/talks/held/${acceptNumber}`)
    expect((await ask('POST', `${released}`, { body: { action: 'release' } })).status).toBe(202)
    expect((await ask('POST', `${discarded}`, { body: { action: 'discard', reason: 'No.' } })).status).toBe(200)
    expect((await ask('POST', `${discarded}`, { body: { action: 'release' } })).status).toBe(409)
    for (const acceptNumber of held) await ask('GET', `/v1/events/talks/submissions/${acceptNumber}`)
    const text = '10:05 Nordin arrives at the port.\n10:20 The talks begin.'
    expect((await ask('POST', '/v1/events/import', { body: { text } })).status).toBe(200)
  })

  it('[API7] for replays', async () => {
    const replays = '/v1/events/talks/replays'
    const { body } = await asOps<{ id: string }>('POST', replays, { speed: 'step' })
    await asOps('GET', replays)
    await asOps('PATCH', `${replays}/${body.id}`, { state: 'paused' })
    await asOps('GET', `${replays}/${body.id}`)
    await asOps('DELETE', `${replays}/${body.id}`)
    expect((await ask('GET', `${replays}/${body.id}`, { as: 'ops' })).status).toBe(404)
  })

  it('[API7] for repair and archives', async () => {
    for (const path of ['gaps', 'audit']) await asOps('GET', `/v1/events/talks/${path}`)
    await asOps('POST', '/v1/events/talks/rebroadcast', { from: 1 })
    await createEvent({ id: 'past' })
    await publish('past')
    const { bytes } = await asOps('GET', '/v1/events/past/archive')
    const imported = await ask('POST', '/v1/archives?replace=true', {
      ...{ as: 'ops', raw: bytes, headers: { 'Content-Type': 'application/gzip' } },
    })
    expect(imported.status, imported.text).toBe(200)
    await ask('PATCH', '/v1/events/past', { ...versioned('*', { Prefer: 'wait=10' }), body: { status: 'ended' } })
    await asOps('PUT', '/v1/events/past/stored')
    await asOps('PUT', '/v1/events/past/stored')
    await asOps('DELETE', '/v1/events/past/stored')
  })

  it('[API7] for dead letters and strays', async () => {
    const [edited, again, discarded] = [
      await bury(server.store, 'talks'),
      await bury(server.store, 'talks'),
      await bury(server.store, 'talks'),
    ].map(({ acceptNumber }) => acceptNumber)
    const letters = '/v1/events/talks/dead-letters'
    await asOps('GET', `${letters}?limit=1`)
    await asOps('GET', `${letters}/${edited}`)
    await asOps('POST', `${letters}/${edited}/retry`, { draft: { body: 'Mended.' } })
    const many = await asOps<{ results: unknown[] }>('POST', `${letters}/retry`, { acceptNumbers: [again, edited] })
    expect(many.body.results).toHaveLength(2)
    expect((await ask('POST', `${letters}/${edited}/retry`, { as: 'ops' })).status).toBe(409)
    await asOps('POST', `${letters}/${discarded}/discard`, { reason: 'Posted again.' })
    const reason = { step: 'job', error: 'It cannot be read.', attempts: 1, at: new Date().toISOString() }
    await server.store.strays.keep('stray', reason, '{"acceptNumber":3,"submission":{"eventId":"nowhere"')
    const all = await asOps<{ strays: unknown[] }>('GET', '/v1/ops/dead-letters')
    expect(all.body.strays).toHaveLength(1)
    await asOps('POST', '/v1/ops/strays/stray/discard', { reason: 'Not ours.' })
  })

  it('[API7] for all that runs', async () => {
    for (const path of ['overview', 'audit', 'latency', 'dead-letters', 'revocations']) {
      await asOps('GET', `/v1/ops/${path}`)
    }
    await asOps('PUT', '/v1/ops/intake', { paused: true, reason: 'A test.' })
    expect((await ask('POST', '/v1/events', { body: { headline: 'Not now' } })).status).toBe(503)
    await asOps('PUT', '/v1/ops/intake', { paused: false })
    await asOps('PUT', '/v1/ops/queues/replays', { paused: false })
    await asOps('POST', '/v1/ops/revocations', { jti: randomUUID(), reason: 'A test.' })
    await asOps('GET', '/v1/ops/revocations')
    await asOps('POST', '/v1/ops/session')
    await ask('DELETE', '/v1/ops/session', { as: null })
    await asOps('POST', `/v1/ops/processes/${server.processId}/drain`)
    await vi.waitFor(() => expect(server.endings).toHaveLength(1), 10_000)
  })

  it('[API7] for processes and pages', async () => {
    for (const path of ['/healthz', '/readyz', '/', '/desk', '/ops', '/events/talks']) {
      expect((await ask('GET', path, { as: null })).status).toBe(200)
    }
    await asOps('GET', '/metrics')
  })

  it('[API7] for refusals', async () => {
    expect((await ask('POST', '/v1/events', { as: null, body: {} })).status).toBe(401)
    expect((await ask('POST', '/v1/events', { as: 'contributor', body: {} })).status).toBe(403)
    expect((await ask('POST', '/v1/events', { body: { nothing: 1 } })).status).toBe(400)
    expect((await ask('POST', '/v1/events', { raw: 'x', headers: { 'Content-Type': 'text/plain' } })).status).toBe(415)
    expect((await ask('POST', '/v1/events', { body: { headline: 'x'.repeat(70_000) } })).status).toBe(413)
    expect((await ask('GET', '/v1/events/nowhere', { as: null })).status).toBe(404)
    expect((await ask('GET', '/events/No-Event', { as: null })).status).toBe(400)
    const undescribed = await call('PUT', '/v1/events', {})
    expect(faultsIn(undescribed.body, 'components', 'schemas', 'Problem')).toEqual([])
  })

  it('[API7] and every route was asked', () => {
    const never = OPERATIONS.map(({ id }) => id).filter(id => !answered.has(id))
    expect(never, 'ask these above').toEqual([])
  })
})
