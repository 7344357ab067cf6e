import { afterAll, describe, expect, it, vi } from 'vitest'
import type { Receipt, SubmissionStatus } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
const idle = await startServer({ worker: false })
afterAll(async () => {
  await idle.stop()
  await server.stop()
})
const { call, change, createEvent, publish } = callsTo(server)
const withoutWorker = callsTo(idle)

await createEvent({ id: 'talks' })
await withoutWorker.createEvent({ id: 'talks' })
const UPDATES = '/v1/events/talks/updates'
const body = { body: 'They shook hands.' }

describe('Prefer: wait', () => {
  it('[ACCEPT13] answers 201 and the published update', async () => {
    const answer = await call<Update>('POST', UPDATES, { body, headers: { Prefer: 'wait=10' } })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ bodyText: 'They shook hands.', version: 1, eventId: 'talks' })
    expect(answer.headers).toMatchObject({
      location: `${UPDATES}/${answer.body.id}`,
      etag: '"1"',
      'preference-applied': 'wait=10',
    })
    expect((await call('GET', `${UPDATES}/${answer.body.id}`)).text).toBe(answer.text)
  })

  it('[ACCEPT13] answers 200 to a revision, a retraction and a change of the event', async () => {
    const { id } = await publish('talks')
    const wait = { Prefer: 'wait=10', 'If-Match': '"1"' }
    const patched = await call('PATCH', `${UPDATES}/${id}`, { body: { body: 'Better.' }, headers: wait })
    expect([patched.status, patched.headers.etag, patched.body['bodyText']]).toEqual([200, '"2"', 'Better.'])
    const deleted = await call('DELETE', `${UPDATES}/${id}`, { headers: { ...wait, 'If-Match': '"2"' } })
    expect([deleted.status, deleted.headers.etag, deleted.body['retracted']]).toEqual([200, '"3"', expect.anything()])
    const event = await call('PATCH', '/v1/events/talks', { body: { headline: 'More talks' }, headers: wait })
    expect([event.status, event.headers.etag, event.body['headline']]).toEqual([200, '"2"', 'More talks'])
  })

  it('[ACCEPT13] answers 202 when the end takes longer', async () => {
    const startedAt = performance.now()
    const answer = await withoutWorker.call<Receipt>('POST', UPDATES, { body, headers: { Prefer: 'wait=1' } })
    const tookMs = performance.now() - startedAt
    expect(answer.status).toBe(202)
    expect(answer.headers['preference-applied']).toBeUndefined()
    expect(answer.body).toMatchObject({ state: 'accepted', updateId: expect.any(String) })
    expect(tookMs).toBeGreaterThanOrEqual(990)
    expect(tookMs).toBeLessThan(5_000)
  })

  it('[ACCEPT13] waits at most 25 s, and says so', async () => {
    const answer = await call('POST', UPDATES, { body, headers: { Prefer: 'respond-async, wait=999999' } })
    expect([answer.status, answer.headers['preference-applied']]).toEqual([201, 'wait=25'])
  })

  it.each(['wait=0', 'wait', 'wait=', 'wait=-5', 'wait=soon', 'wait=1.5', 'wait=9999999', 'await=5', 'rubbish;;=', ''])(
    '[ACCEPT13] is passed over when it asks for nothing that can be done: %j',
    async prefer => {
      expect((await call('POST', UPDATES, { body, headers: { Prefer: prefer } })).status).toBe(202)
    },
  )

  it('[ACCEPT14] answers 422 with the accept number when the submission ends dead', async () => {
    const { store } = idle
    const waiting = withoutWorker.call('POST', UPDATES, { body, headers: { Prefer: 'wait=10' } })
    const { outbox } = store.keys.event('talks')
    const acceptNumber = await vi.waitFor(async () => {
      const newest = Math.max(...(await store.redis.hkeys(outbox)).map(Number))
      expect(newest).toBeGreaterThan(2)
      return newest
    })
    const accepted = JSON.parse((await store.redis.hget(outbox, String(acceptNumber))) ?? '{}') as {
      submissionId: string
      updateId: string
    }
    const reason = { step: 'render-body', error: 'It could not be read.', attempts: 1, at: new Date().toISOString() }
    const ref = { eventId: 'talks', acceptNumber, ...accepted, sub: 'erin' }
    // What was accepted before it is passed over: an hour from now, it has waited long enough.
    await store.committer.commit(ref, { kind: 'dead', reason }, new Date(Date.now() + 3_600_000))

    const detail = `Submission ${acceptNumber} is dead and kept whole. The step render-body said: It could not be read.`
    const expected = { detail, extra: { acceptNumber, state: 'dead' } }
    expectProblem(await waiting, 'submission-failed', expected)
    const path = `/v1/events/talks/submissions/${acceptNumber}`
    const { body: status } = await withoutWorker.call<SubmissionStatus>('GET', path)
    expect(status).toEqual({
      ...{ acceptNumber, updateId: accepted.updateId, state: 'dead' },
      problem: expect.objectContaining({ type: '/problems/submission-failed', status: 422, retry: false, detail }),
    })
    expectProblem(await withoutWorker.call('GET', `${UPDATES}/${accepted.updateId}`), 'update-not-found')
  })
})

describe('a submission', () => {
  it('[ACCEPT15] is told in the state in which it is', async () => {
    const receipt = async (method: string, path: string, sent: unknown, version = 1) => {
      const headers = { 'If-Match': `"${version}"` }
      const answer = await call<Receipt>(method, path, { body: sent, headers })
      expect(answer.status, answer.text).toBe(202)
      expect(answer.headers.location).toBe(answer.body.links.submission)
      return answer.body
    }
    await createEvent({ id: 'states' })
    const published = await receipt('POST', '/v1/events/states/updates', body)
    const update = `/v1/events/states/updates/${published.updateId}`
    expect(published.links).toEqual({ update, submission: '/v1/events/states/submissions/2' })
    const revised = await receipt('PATCH', update, { body: 'Better.' })
    const retracted = await receipt('DELETE', update, undefined, 2)
    const applied = await receipt('PATCH', '/v1/events/states', { headline: 'a' })
    expect(applied.links).toEqual({ event: '/v1/events/states', submission: '/v1/events/states/submissions/5' })

    const states = []
    for (const { links } of [published, revised, retracted, applied]) {
      const answer = await call<SubmissionStatus>('GET', `${links.submission}?wait=10`)
      expect(answer.headers['cache-control']).toBe('no-store')
      states.push(answer.body)
    }
    const { updateId } = published
    expect(states).toEqual([
      { acceptNumber: 2, updateId, state: 'published', seq: 2 },
      { acceptNumber: 3, updateId, state: 'revised', seq: 3 },
      { acceptNumber: 4, updateId, state: 'retracted', seq: 4 },
      { acceptNumber: 5, state: 'applied', seq: 5 },
    ])
    const created = await call<SubmissionStatus>('GET', '/v1/events/states/submissions/1')
    expect(created.body).toEqual({ acceptNumber: 1, state: 'applied', seq: 1 })
  })

  it('[ACCEPT15] is accepted until it has ended, and told at once when it ends while waited for', async () => {
    const slow = await startServer({ worker: false })
    try {
      const { call: ask, createEvent: create, submit } = callsTo(slow)
      await create({ id: 'slow' })
      const { links, updateId, acceptNumber } = await submit('slow')
      const first = await ask<SubmissionStatus>('GET', links.submission)
      expect(first.body).toEqual({ acceptNumber, updateId, state: 'accepted' })
      const waited = await ask<SubmissionStatus>('GET', `${links.submission}?wait=1`)
      expect(waited.body).toEqual({ acceptNumber, updateId, state: 'accepted' })
      const waiting = ask<SubmissionStatus>('GET', `${links.submission}?wait=25`)
      await slow.startWorker()
      expect((await waiting).body).toEqual({ acceptNumber, updateId, state: 'published', seq: 2 })
    } finally {
      await slow.stop()
    }
  })

  it('[ACCEPT16] is shown to its author, to editors and ops, and to nobody else', async () => {
    const answer = await call<Receipt>('POST', UPDATES, { as: 'contributor', body })
    const path = answer.body.links.submission
    for (const as of ['contributor', 'editor', 'ops'] as const) {
      expect((await call('GET', path, { as })).status).toBe(200)
    }
    const detail = `There is no submission ${answer.body.acceptNumber} that this token may see.`
    for (const as of ['colleague', 'elsewhere'] as const) {
      expectProblem(await call('GET', path, { as }), 'submission-not-found', { detail })
      expectProblem(await call('GET', `${path}?wait=5`, { as }), 'submission-not-found', { detail })
    }
    expectProblem(await call('GET', path, { as: null }), 'token-needed')
    expectProblem(await call('GET', '/v1/events/talks/submissions/999999'), 'submission-not-found')
  })

  it.each(['26', '-1', '1.5', 'soon', '', '1&wait=2'])('[ACCEPT15] is not waited for with wait=%s', async wait => {
    const answer = await call('GET', `/v1/events/talks/submissions/1?wait=${wait}`)
    expectProblem(answer, 'invalid-request', { errors: [['#/wait', 'Must be a whole number from 0 to 25.']] })
  })

  it('[ACCEPT15] that was overtaken by a later version of its update is superseded', async () => {
    const { id } = await publish('talks')
    const { body: status } = await call<SubmissionStatus>('GET', '/v1/events/talks/submissions/2')
    expect(status.state).toBe('published')
    // A revision that is committed before the one that was accepted first, as after a pass-over.
    const slow = await startServer({ worker: false })
    try {
      const { call: ask, createEvent: create, submit } = callsTo(slow)
      await create({ id: 'overtaken' })
      const first = await submit('overtaken')
      const patch = { body: { body: 'Better.' }, headers: { 'If-Match': '"1"' } }
      const second = await ask<Receipt>('PATCH', first.links.update ?? '', patch)
      const { redis, keys, committer } = slow.store
      const kept = await redis.hget(keys.event('overtaken').outbox, String(second.body.acceptNumber))
      const { submissionId } = JSON.parse(kept ?? '{}') as { submissionId: string }
      const updateId = second.body.updateId ?? ''
      const ref = { eventId: 'overtaken', acceptNumber: 3, submissionId, updateId, sub: 'erin' }
      const { body: update } = await call<Update>('GET', `${UPDATES}/${id}`)
      const revised = { ...update, id: updateId, eventId: 'overtaken', version: 2 }
      const desk = { raw: {}, normalization: [] }
      const fingerprint = { updateId, fingerprint: '0123456789abcdef', acceptedAt: revised.datePublished, name: 'Erin' }
      await committer.commit(
        ref,
        { kind: 'revise', update: revised, desk, fingerprint },
        new Date(Date.now() + 3_600_000),
      )
      await slow.startWorker()
      const ended = await ask<SubmissionStatus>('GET', `${first.links.submission}?wait=20`)
      expect(ended.body).toEqual({ acceptNumber: 2, updateId, state: 'superseded' })
      const overtaking = await ask<SubmissionStatus>('GET', second.body.links.submission)
      expect(overtaking.body).toEqual({ acceptNumber: 3, updateId, state: 'published', seq: 2 })
      expect((await ask('GET', first.links.update ?? '')).headers.etag).toBe('"2"')
    } finally {
      await slow.stop()
    }
  })
})

it('[ACCEPT13] leaves the process well', async () => {
  const { id } = await publish('talks')
  expect(await change('PATCH', `${UPDATES}/${id}`, 1, { body: 'Still here.' })).toMatchObject({ version: 2 })
})
