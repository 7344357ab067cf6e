import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { HeldPage } from '../../src/protocol/held.ts'
import type { TypedDraft } from '../../src/protocol/preview.ts'
import type { Receipt, Submission, SubmissionStatus } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { acceptRequest, updateSubmission } from '../support/build.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)
const { acceptor, committer, redis, keys } = server.store

let eventId: string
let path: string
beforeEach(async () => {
  eventId = (await createEvent({ id: `e-${randomUUID().slice(0, 8)}` })).id
  path = `/v1/events/${eventId}/held`
})

const carl = { sub: 'carl', name: 'Carl Contributor' }
type UpdateSubmission = Exclude<Submission, { kind: 'event' }>

/** Accepts a submission and ends it as held, as a worker does that finds a blocked term. */
async function hold(about: Partial<UpdateSubmission> = {}, body = 'Jane Roe was there.') {
  const now = new Date()
  const draft = { body, bodyFormat: 'text' as const }
  const submission = updateSubmission({ eventId, subject: carl, draft, ...about }, now)
  const accepted = await acceptor.accept(acceptRequest(submission), now)
  if (accepted.result !== 'accepted') throw new Error(accepted.result)
  const { acceptNumber } = accepted
  const { submissionId, updateId } = submission
  const reason = { step: 'blocked-terms', error: 'It says "Jane Roe".', attempts: 1, at: now.toISOString() }
  const ref = { eventId, acceptNumber, submissionId, updateId, sub: carl.sub }
  const { verdict } = await committer.commit(ref, { kind: 'held', reason }, now)
  expect(verdict).toBe('held')
  return { acceptNumber, updateId, submission }
}

const list = async (query = '') => (await call<HeldPage>('GET', path + query)).body
const decide = <Body = Record<string, unknown>>(
  acceptNumber: number | string,
  body: unknown,
  headers: Record<string, string> = {},
) => call<Body>('POST', `${path}/${acceptNumber}`, { body, headers })
const release = { action: 'release' }
const discard = { action: 'discard', reason: 'She must not be named.' }
const wait = { Prefer: 'wait=10' }
const stateOf = async (acceptNumber: number) =>
  (await call<SubmissionStatus>('GET', `/v1/events/${eventId}/submissions/${acceptNumber}`, { as: 'editor' })).body

describe('the list of held submissions', () => {
  it('[CLEAN8] tells what was submitted, by whom, when, and why it waits', async () => {
    expect(await list()).toEqual({ held: [], complete: true })
    const { acceptNumber, updateId, submission } = await hold()
    const answer = await call<HeldPage>('GET', path)
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    expect(answer.body).toEqual({
      held: [
        {
          ...{ acceptNumber, updateId, version: 1, kind: 'publish', submittedBy: carl },
          ...{ acceptedAt: submission.acceptedAt, step: 'blocked-terms', reason: 'It says "Jane Roe".' },
          draft: submission.draft,
        },
      ],
      complete: true,
    })
  })

  it('[CLEAN8] comes in pages, oldest first', async () => {
    const numbers: number[] = []
    for (let i = 0; i < 12; i++) numbers.push((await hold()).acceptNumber)
    const first = await list('?limit=5')
    expect([first.complete, first.held.map(one => one.acceptNumber)]).toEqual([false, numbers.slice(0, 5)])
    const last = await list(`?after=${numbers[6]}&limit=5`)
    expect([last.complete, last.held.map(one => one.acceptNumber)]).toEqual([true, numbers.slice(7)])
    for (const query of ['?limit=0', '?limit=101', '?limit=a', '?after=-1']) {
      expectProblem(await call('GET', path + query), 'invalid-request', {
        errors: [`#/${query.slice(1, 6).replace('=', '')}`],
      })
    }
  })

  it('[CLEAN9] is for editors alone, and so is deciding', async () => {
    const { acceptNumber } = await hold()
    for (const [method, to, body] of [
      ['GET', path, undefined],
      ['POST', `${path}/${acceptNumber}`, release],
    ] as const) {
      expectProblem(await call(method, to, { as: null, body }), 'token-needed')
      for (const as of ['contributor', 'ops'] as const) {
        expectProblem(await call(method, to, { as, body }), 'not-allowed', { detail: 'This needs the role editor.' })
      }
      expectProblem(await call(method, to, { as: 'elsewhere', body }), 'not-allowed', {
        detail: 'This token is for other events.',
      })
      expectProblem(await call(method, to.replace(eventId, 'nowhere'), { body }), 'event-not-found')
    }
    expectProblem(await call('DELETE', path), 'method-not-allowed')
    expectProblem(await call('GET', `${path}/${acceptNumber}`), 'method-not-allowed')
    expect(await list()).toMatchObject({ held: [{ acceptNumber }] })
  })
})

describe('a decision', () => {
  it.each([
    [{}, '#/action'],
    [{ action: 'keep' }, '#/action'],
    [{ action: 'release', reason: 'a' }, '#/reason'],
    [{ action: 'discard' }, '#/reason'],
    [{ action: 'discard', reason: ' ' }, '#/reason'],
    [{ action: 'discard', reason: 'a'.repeat(1_001) }, '#/reason'],
  ])('[CLEAN9] that is none is refused: %j', async (body, pointer) => {
    const { acceptNumber } = await hold()
    expectProblem(await decide(acceptNumber, body), 'invalid-request', { errors: [pointer] })
    expect((await list()).held).toHaveLength(1)
  })

  it('[CLEAN9] about what is not held, or was never accepted, is refused', async () => {
    await publish(eventId)
    for (const body of [release, discard]) {
      expectProblem(await decide(2, body), 'not-held', {
        detail: 'Submission 2 is not held: it is published.',
        extra: { state: 'published' },
      })
      expectProblem(await decide(999, body), 'submission-not-found', { detail: 'There is no submission 999.' })
      expectProblem(await decide('none', body), 'invalid-request', { errors: ['#/acceptNumber'] })
    }
  })
})

describe('releasing', () => {
  it('[CLEAN10] accepts it anew: another number, the same update, above the version that stands', async () => {
    const { acceptNumber, updateId } = await hold()
    const answer = await decide<Receipt>(acceptNumber, release)
    expect(answer.status, answer.text).toBe(202)
    expect(answer.body).toEqual({
      ...{ updateId, version: 2, acceptNumber: acceptNumber + 1, state: 'accepted', durability: expect.any(String) },
      links: {
        update: `/v1/events/${eventId}/updates/${updateId}`,
        submission: `/v1/events/${eventId}/submissions/${acceptNumber + 1}`,
      },
    })
    expect(answer.headers.location).toBe(answer.body.links.submission)
    const ended = await call('GET', `${answer.body.links.submission}?wait=10`, { as: 'contributor' })
    expect(ended.body).toMatchObject({ updateId, state: 'published' })
    const { body: update } = await call<Update>('GET', answer.body.links.update ?? '')
    expect(update).toMatchObject({ version: 2, bodyText: 'Jane Roe was there.', authors: [{ name: carl.name }] })
    expect(await list()).toEqual({ held: [], complete: true })
    expect(await stateOf(acceptNumber)).toEqual({
      ...{ acceptNumber, updateId, state: 'released', releasedAs: acceptNumber + 1 },
    })
  })

  it('[CLEAN10] is a write like any other: with wait it answers the update, and a repeat gets the same', async () => {
    const { acceptNumber, updateId } = await hold()
    const headers = { ...wait, 'Idempotency-Key': 'release-it' }
    const first = await decide<Update>(acceptNumber, release, headers)
    expect([first.status, first.headers.etag]).toEqual([200, '"2"'])
    expect(first.body).toMatchObject({ id: updateId, version: 2 })
    const again = await decide(acceptNumber, release, headers)
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([200, first.text, 'true'])
    const { entries } = (await call<{ entries: unknown[] }>('GET', `/v1/events/${eventId}/entries`)).body
    expect(entries).toHaveLength(2)
  })

  it('[CLEAN11] has one winner, whoever else releases or discards at that moment', async () => {
    const { acceptNumber } = await hold()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => decide(acceptNumber, i % 2 === 0 ? release : discard, wait)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer.status).toBe(409)
    const { state } = await stateOf(acceptNumber)
    const late = await decide(acceptNumber, release)
    const as = state === 'released' ? { releasedAs: acceptNumber + 1 } : {}
    const detail = `Submission ${acceptNumber} is not held: it is ${state}${state === 'released' ? `, as ${acceptNumber + 1}` : ''}.`
    expectProblem(late, 'not-held', { detail, extra: { state, ...as } })
    const { entries } = (await call<{ entries: unknown[] }>('GET', `/v1/events/${eventId}/entries`)).body
    expect(entries).toHaveLength(state === 'released' ? 2 : 1)
  })

  it('[CLEAN10] of a revision revises what is published', async () => {
    const { id } = await publish(eventId, { body: 'She was there.' }, 'contributor')
    const { acceptNumber } = await hold({ kind: 'revise', updateId: id, version: 2 })
    const answer = await decide<Update>(acceptNumber, release, wait)
    expect(answer.body).toMatchObject({ id, version: 3, bodyText: 'Jane Roe was there.' })
  })

  it('[CLEAN12] does not go over what was accepted later, unless that is named', async () => {
    const { acceptNumber, updateId } = await hold()
    await change('PATCH', `/v1/events/${eventId}/updates/${updateId}`, 1, { body: 'Somebody was there.' })
    const expected = { detail: 'It is at version 2 now.', extra: { version: 2 } }
    expectProblem(await decide(acceptNumber, release), 'version-mismatch', expected)
    expectProblem(await decide(acceptNumber, release, { 'If-Match': '"1"' }), 'version-mismatch', expected)
    expect((await list()).held).toHaveLength(1)
    const answer = await decide<Update>(acceptNumber, release, { ...wait, 'If-Match': '"2"' })
    expect(answer.body).toMatchObject({ version: 3, bodyText: 'Jane Roe was there.' })
  })

  it('[CLEAN12] is refused where the update was retracted or the event has ended', async () => {
    const { id } = await publish(eventId)
    const { acceptNumber } = await hold({ kind: 'revise', updateId: id, version: 2 })
    await change('DELETE', `/v1/events/${eventId}/updates/${id}`, 2)
    expectProblem(await decide(acceptNumber, release), 'update-retracted')
    const other = await hold()
    await change('PATCH', `/v1/events/${eventId}`, 1, { status: 'ended' })
    expectProblem(await decide(other.acceptNumber, release), 'event-closed')
    expect((await list()).held).toHaveLength(2)
  })
})

describe('discarding', () => {
  it('[CLEAN13] takes it off the list and keeps it whole, with who, when and why', async () => {
    const { acceptNumber, updateId, submission } = await hold()
    const answer = await decide(acceptNumber, discard)
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    expect(answer.body).toEqual({ acceptNumber, updateId, state: 'discarded' })
    expect(await list()).toEqual({ held: [], complete: true })
    const record = (await redis.hget(keys.event(eventId).discarded, String(acceptNumber))) ?? ''
    const [who = '', why = '', kept = ''] = record.split('\n')
    expect(JSON.parse(who)).toMatchObject({
      by: 'erin',
      name: 'Erin Editor',
      at: expect.stringMatching(/Z$/),
      reason: discard.reason,
    })
    expect(JSON.parse(why)).toMatchObject({ step: 'blocked-terms' })
    expect(JSON.parse(kept)).toEqual(submission)
    expect(await stateOf(acceptNumber)).toMatchObject({
      ...{ acceptNumber, updateId, state: 'discarded' },
      problem: {
        type: '/problems/submission-failed',
        detail: `Submission ${acceptNumber} is discarded and kept whole. Erin Editor discarded it: ${discard.reason}`,
      },
    })
  })

  it('[CLEAN13] may be repeated under its key', async () => {
    const { acceptNumber } = await hold()
    const key = { 'Idempotency-Key': 'discard-it' }
    const first = await decide(acceptNumber, discard, key)
    const again = await decide(acceptNumber, discard, key)
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([200, first.text, 'true'])
    const other = await decide(acceptNumber, discard, { 'Idempotency-Key': 'another' })
    expectProblem(other, 'not-held', { extra: { state: 'discarded' } })
  })

  it('[CLEAN14] of a revision lets the next one start from what readers see', async () => {
    const { id } = await publish(eventId, { body: 'She was there.', tags: ['a'] })
    const { acceptNumber } = await hold({ kind: 'revise', updateId: id, version: 2 })
    await decide(acceptNumber, discard)
    const updates = `/v1/events/${eventId}/updates/${id}`
    const { body: typed } = await call<TypedDraft>('GET', `${updates}/draft`)
    expect(typed).toMatchObject({ version: 3, draft: { body: 'She was there.', tags: ['a'] } })
    const marked = await change<Update>('PATCH', updates, 3, { isKeyEvent: true })
    expect(marked).toMatchObject({ version: 4, bodyText: 'She was there.', isKeyEvent: true })
  })

  it('[CLEAN14] leaves what was accepted after it, and what was never published, to be mended', async () => {
    const { acceptNumber, updateId } = await hold()
    await decide(acceptNumber, discard)
    const updates = `/v1/events/${eventId}/updates/${updateId}`
    const mended = await change<Update>('PATCH', updates, 1, { body: 'Somebody was there.' })
    expect(mended).toMatchObject({ version: 2, bodyText: 'Somebody was there.' })
    const second = await hold({ kind: 'revise', updateId, version: 3 })
    await change('PATCH', updates, 3, { body: 'Nobody was there.' })
    await decide(second.acceptNumber, discard)
    const { body: typed } = await call<TypedDraft>('GET', `${updates}/draft`)
    expect(typed).toMatchObject({ version: 4, draft: { body: 'Nobody was there.' } })
  })
})

describe('an update with a blocked term', () => {
  it('[CLEAN17] is held by the worker, waits for nobody and keeps nobody waiting, and is published once released', async () => {
    const settings = { blockedTerms: ['jane roe'] }
    await call('PUT', `/v1/events/${eventId}/normalization`, { body: settings, headers: { 'If-Match': '"0"' } })
    const draft = { body: 'They met Jane  Roe.' }
    const preview = await call('POST', `/v1/events/${eventId}/normalize`, { body: draft })
    expect(preview.body).toMatchObject({ held: { step: 'blocked-terms', reason: expect.stringMatching(/jane roe/i) } })
    const updates = `/v1/events/${eventId}/updates`
    const refused = await call('POST', updates, { as: 'contributor', body: draft, headers: wait })
    expectProblem(refused, 'submission-failed', { extra: { acceptNumber: 2, state: 'held' } })
    const other = await publish(eventId, { body: 'They met.' })
    const [one] = (await list()).held
    expect(one).toMatchObject({ acceptNumber: 2, step: 'blocked-terms', submittedBy: carl, draft })
    const released = await decide<Update>(2, release, wait)
    expect(released.body).toMatchObject({ version: 2, bodyText: 'They met Jane Roe.' })
    const feed = await call<{ updates: Update[] }>('GET', `/v1/events/${eventId}/feed`)
    expect(feed.body.updates.map(({ id }) => id)).toEqual([other.id, released.body.id])
    const typed = await call<TypedDraft>('GET', `${updates}/${released.body.id}/draft`, { as: 'contributor' })
    expect(typed.body).toMatchObject({ version: 2, draft })
  })
})
