import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import type { AllDeadLettersPage, DeadLetter, DeadLetterPage, Retried, RetriedMany } from '../../src/protocol/ops.ts'
import type { SubmissionStatus } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { bury as buryIn, carl } from '../support/bury.ts'
import { type Answer, callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)
const { redis, keys, strays } = server.store

let eventId: string
let path: string
beforeEach(async () => {
  eventId = (await createEvent({ id: `e-${randomUUID().slice(0, 8)}` })).id
  path = `/v1/events/${eventId}/dead-letters`
})

const bury = (about: Parameters<typeof buryIn>[2] = {}, body = 'They met at noon.') =>
  buryIn(server.store, eventId, { draft: { body, bodyFormat: 'text' }, ...about })

/** Leaves of a dead letter only this much of its text. */
async function damage(acceptNumber: number, text: string) {
  const { dead } = keys.event(eventId)
  const [reason = ''] = ((await redis.hget(dead, String(acceptNumber))) ?? '').split('\n', 1)
  await redis.hset(dead, String(acceptNumber), `${reason}\n${text}`)
}

const ops = <Body>(method: string, to: string, body?: unknown, headers: Record<string, string> = {}) =>
  call<Body>(method, to, { as: 'ops', headers, ...(body === undefined ? {} : { body }) })
const list = async (query = '') => (await ops<DeadLetterPage>('GET', path + query)).body.deadLetters
const retry = (acceptNumber: number, body?: unknown, headers?: Record<string, string>) =>
  ops<Retried>('POST', `${path}/${acceptNumber}/retry`, body, headers)
const discard = (acceptNumber: number, reason = 'It was a test.', headers?: Record<string, string>) =>
  ops('POST', `${path}/${acceptNumber}/discard`, { reason }, headers)
const ended = async (acceptNumber: number) =>
  (await call<SubmissionStatus>('GET', `/v1/events/${eventId}/submissions/${acceptNumber}?wait=10`)).body
const entryCount = async () =>
  (await call<{ entries: unknown[] }>('GET', `/v1/events/${eventId}/entries`)).body.entries.length
const update = async (updateId: string) => (await call<Update>('GET', `/v1/events/${eventId}/updates/${updateId}`)).body
const trail = async () =>
  (await ops<{ entries: { action: string; detail: object }[] }>('GET', `/v1/events/${eventId}/audit`)).body.entries

describe('the list of dead letters', () => {
  it('[DEAD1] tells what was sent, by whom, when, the step that broke, its error and how often it was tried', async () => {
    expect(await list()).toEqual([])
    const { acceptNumber, updateId, submission } = await bury()
    const answer = await ops<DeadLetterPage>('GET', path)
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    const letter = {
      ...{ acceptNumber, updateId, action: 'publish', submittedBy: carl, acceptedAt: submission.acceptedAt },
      ...{ endedAt: expect.stringMatching(/Z$/), state: 'dead', step: 'links', attempts: 1, raw: submission.draft },
      problem: {
        ...{ type: '/problems/submission-failed', status: 422, retry: false, acceptNumber, state: 'dead' },
        ...{ title: expect.any(String), detail: 'The step links said: It broke.' },
      },
    }
    expect(answer.body).toEqual({ deadLetters: [letter] })
    expect((await ops<DeadLetter>('GET', `${path}/${acceptNumber}`)).body).toEqual(letter)
  })

  it('[DEAD1] comes in pages, oldest first, of one event or of all', async () => {
    const numbers: number[] = []
    for (let i = 0; i < 5; i++) numbers.push((await bury()).acceptNumber)
    const first = await ops<DeadLetterPage>('GET', `${path}?limit=3`)
    expect(first.body.deadLetters.map(each => each.acceptNumber)).toEqual(numbers.slice(0, 3))
    expect(first.headers['link']).toBe(`<${path}?limit=3&after=${numbers[2]}>; rel="next"`)
    const last = await ops<DeadLetterPage>('GET', `${path}?limit=3&after=${numbers[2]}`)
    expect([last.body.deadLetters.map(each => each.acceptNumber), last.headers['link']]).toEqual([
      numbers.slice(3),
      undefined,
    ])

    const other = eventId
    eventId = (await createEvent({ id: `e-${randomUUID().slice(0, 8)}` })).id
    await bury()
    const all: string[] = []
    for (let next: string | undefined = '/v1/ops/dead-letters?limit=2'; next !== undefined; ) {
      const page: Answer<AllDeadLettersPage> = await ops<AllDeadLettersPage>('GET', next)
      expect(page.body.deadLetters.length).toBeLessThanOrEqual(2)
      all.push(...page.body.deadLetters.map(each => `${each.eventId} ${each.acceptNumber}`))
      next = /<(.*)>; rel="next"/.exec(String(page.headers['link'] ?? ''))?.[1]
    }
    const ours = all.filter(each => each.startsWith(other) || each.startsWith(eventId))
    expect(ours).toEqual([...numbers.map(number => `${other} ${number}`), `${eventId} 2`].sort(byEventFirst))
    expect(new Set(all).size).toBe(all.length)
    for (const query of ['?limit=0', '?limit=101', '?after=x']) {
      expectProblem(await ops('GET', path + query), 'invalid-request', {
        errors: [`#/${query.slice(1, 6).replace('=', '')}`],
      })
    }
    expectProblem(await ops('GET', '/v1/ops/dead-letters?after=7'), 'invalid-request', { errors: ['#/after'] })
  })

  it('[DEAD2] is for ops alone, of events that the token is for and that are not stored away, and so is every deed', async () => {
    const { acceptNumber } = await bury()
    const limited = await server.sign({ roles: ['ops'], events: ['elsewhere'] }, '1h')
    for (const [method, to, body] of [
      ['GET', path, undefined],
      ['GET', `${path}/${acceptNumber}`, undefined],
      ['POST', `${path}/${acceptNumber}/retry`, {}],
      ['POST', `${path}/${acceptNumber}/discard`, { reason: 'a' }],
      ['POST', `${path}/retry`, { all: true }],
    ] as const) {
      expectProblem(await call(method, to, { as: null, body }), 'token-needed')
      for (const as of ['contributor', 'editor'] as const) {
        expectProblem(await call(method, to, { as, body }), 'not-allowed', { detail: 'This needs the role ops.' })
      }
      expectProblem(await call(method, to, { as: { token: limited }, body }), 'not-allowed')
      expectProblem(await ops(method, to.replace(eventId, 'nowhere'), body), 'event-not-found')
    }
    await redis.hset(keys.event(eventId).meta, 'stored', 'somewhere')
    for (const to of [path, `${path}/${acceptNumber}`]) expectProblem(await ops('GET', to), 'event-closed')
    await redis.hdel(keys.event(eventId).meta, 'stored')
    expect((await call('GET', '/v1/ops/dead-letters')).status).toBe(403)
    const all = await call<AllDeadLettersPage>('GET', '/v1/ops/dead-letters', { as: { token: limited } })
    expect(all.body).toEqual({ deadLetters: [], strays: [] })
    expect(
      (await call('POST', '/v1/ops/strays/x/discard', { as: { token: limited }, body: { reason: 'a' } })).status,
    ).toBe(403)
    expect(await list()).toHaveLength(1)
  })
})

const byEventFirst = (a: string, b: string) => {
  const [[eventA = '', numberA], [eventB = '', numberB]] = [a.split(' '), b.split(' ')]
  return eventA === eventB ? Number(numberA) - Number(numberB) : eventA < eventB ? -1 : 1
}

describe('a retry', () => {
  it('[DEAD3] accepts it anew: another number, the same update; the old number tells the new one', async () => {
    const { acceptNumber, updateId } = await bury()
    const answer = await retry(acceptNumber)
    expect(answer.status, answer.text).toBe(202)
    const links = {
      update: `/v1/events/${eventId}/updates/${updateId}`,
      submission: `/v1/events/${eventId}/submissions/${acceptNumber + 1}`,
    }
    expect(answer.body).toEqual({
      acceptNumber: acceptNumber + 1,
      updateId,
      retriedFrom: acceptNumber,
      state: 'accepted',
      links,
    })
    expect(answer.headers.location).toBe(links.submission)
    expect(await ended(acceptNumber + 1)).toMatchObject({ updateId, state: 'published' })
    expect(await update(updateId)).toMatchObject({ bodyText: 'They met at noon.', authors: [{ name: carl.name }] })
    expect(await ended(acceptNumber)).toEqual({ acceptNumber, updateId, state: 'retried', retriedAs: acceptNumber + 1 })
    expect(await list()).toEqual([])
    expect(await entryCount()).toBe(2)
  })

  it('[DEAD3] keeps the letter whole, with who retried it, when and as which number', async () => {
    const { acceptNumber, submission } = await bury()
    await retry(acceptNumber)
    const [who = '', why = '', kept = ''] = (
      (await redis.hget(keys.event(eventId).anew, String(acceptNumber))) ?? ''
    ).split('\n')
    expect(JSON.parse(who)).toEqual({
      by: 'olga',
      name: 'Olga Ops',
      at: expect.stringMatching(/Z$/),
      as: acceptNumber + 1,
    })
    expect(JSON.parse(why)).toMatchObject({ step: 'links', error: 'It broke.' })
    expect(JSON.parse(kept)).toEqual(submission)
  })

  it('[DEAD3] is in the archive of the event, with the letter', async () => {
    const { acceptNumber } = await bury()
    const { body } = await retry(acceptNumber)
    await ended(body.acceptNumber)
    const before = await redis.hgetall(keys.event(eventId).anew)
    const headers = { Authorization: `Bearer ${server.tokens.ops}` }
    const archive = await fetch(`${server.url}/v1/events/${eventId}/archive`, { headers })
    const answer = await fetch(`${server.url}/v1/archives?replace=true`, {
      ...{ method: 'POST', headers: { ...headers, 'Content-Type': 'application/gzip' } },
      body: await archive.arrayBuffer(),
    })
    expect(answer.status, await answer.text()).toBe(200)
    expect(Object.keys(before)).toEqual([String(acceptNumber)])
    expect(await redis.hgetall(keys.event(eventId).anew)).toEqual(before)
    expect(await ended(acceptNumber)).toMatchObject({ state: 'retried', retriedAs: body.acceptNumber })
  })

  it('[DEAD4] takes an edit of what was sent, as a merge patch, and names what is wrong in it', async () => {
    const { acceptNumber, updateId } = await bury({
      draft: { body: 'They met.', bodyFormat: 'text', headline: 'Met', tags: ['a'], happenedAt: '2026-11-24T13:05' },
      timeZone: 'Mars/Olympus',
    })
    expectProblem(await retry(acceptNumber, { draft: { body: 7 } }), 'invalid-request', { errors: ['#/draft/body'] })
    expectProblem(await retry(acceptNumber, { draft: { body: null } }), 'invalid-request', { errors: ['#/draft/body'] })
    expectProblem(await retry(acceptNumber, { draft: { updateId: randomUUID() } }), 'invalid-request', {
      errors: ['#/draft/updateId'],
    })
    expectProblem(await retry(acceptNumber, { words: 'a' }), 'invalid-request', { errors: ['#/words'] })
    const answer = await retry(acceptNumber, { draft: { body: 'They met again.', headline: null } })
    expect(answer.status, answer.text).toBe(202)
    expect((await ended(answer.body.acceptNumber)).state).toBe('published')
    const { bodyText, tags, happenedAt } = await update(updateId)
    expect({ bodyText, tags, happenedAt }).toEqual({
      ...{ bodyText: 'They met again.', tags: ['a'] },
      // Read in the event's zone as it is now.
      happenedAt: '2026-11-24T13:05:00.000Z',
    })
  })

  it('[DEAD5] makes one submission, however many retry or discard at that moment', async () => {
    const { acceptNumber } = await bury()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 3 === 2 ? discard(acceptNumber) : retry(acceptNumber))),
    )
    expect(answers.filter(({ status }) => status === 202 || status === 200)).toHaveLength(1)
    const { state, retriedAs } = await ended(acceptNumber)
    for (const answer of answers.filter(({ status }) => status >= 400)) {
      const as = retriedAs === undefined ? '' : `, as ${retriedAs}`
      expectProblem(answer, 'not-dead', {
        detail: `Submission ${acceptNumber} is no dead letter: it is ${state}${as}.`,
        extra: { state, ...(retriedAs === undefined ? {} : { retriedAs }) },
      })
    }
    if (retriedAs !== undefined) await ended(retriedAs)
    expect(await entryCount()).toBe(retriedAs === undefined ? 1 : 2)
  })

  it('[DEAD5] may be repeated under its key, and gets the same answer', async () => {
    const { acceptNumber } = await bury()
    const key = { 'Idempotency-Key': 'again' }
    const answers = await Promise.all(Array.from({ length: 5 }, () => retry(acceptNumber, {}, key)))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(4)
    await ended(answers[0]?.body.acceptNumber ?? 0)
    const later = await retry(acceptNumber, {}, key)
    expect([later.status, later.text, later.headers['idempotency-replayed']]).toEqual([202, answers[0]?.text, 'true'])
    expectProblem(await retry(acceptNumber, { draft: { body: 'Other.' } }, key), 'key-reused')
    expect(await entryCount()).toBe(2)
  })

  it('[DEAD6] does not go over what was accepted later, unless that is named', async () => {
    const { acceptNumber, updateId } = await bury()
    await change('PATCH', `/v1/events/${eventId}/updates/${updateId}`, 1, { body: 'They met at one.' })
    const expected = { detail: 'It is at version 2 now.', extra: { version: 2 } }
    expectProblem(await retry(acceptNumber), 'version-mismatch', expected)
    expectProblem(await retry(acceptNumber, {}, { 'If-Match': '"1"' }), 'version-mismatch', expected)
    expect(await list()).toHaveLength(1)
    const answer = await retry(acceptNumber, {}, { 'If-Match': '"2"' })
    expect(await ended(answer.body.acceptNumber)).toMatchObject({ state: 'revised' })
    expect(await update(updateId)).toMatchObject({ version: 3, bodyText: 'They met at noon.' })
  })

  it('[DEAD6] is refused where the update was retracted or the event has ended, and the letter stays', async () => {
    const { id } = await publish(eventId)
    const revision = await bury({ kind: 'revise', updateId: id, version: 2 })
    await change('DELETE', `/v1/events/${eventId}/updates/${id}`, 2)
    expectProblem(await retry(revision.acceptNumber), 'update-retracted')
    const other = await bury()
    await change<Event>('PATCH', `/v1/events/${eventId}`, 1, { status: 'ended' })
    expectProblem(await retry(other.acceptNumber), 'event-closed', {
      detail: 'The event is ended. Set it live to go on.',
    })
    expect((await list()).map(each => each.acceptNumber)).toEqual([revision.acceptNumber, other.acceptNumber])
    await change<Event>('PATCH', `/v1/events/${eventId}`, 2, { status: 'live' })
    expect((await retry(other.acceptNumber)).status).toBe(202)
  })

  it('[DEAD3] of a retraction or a revision does what that was to do', async () => {
    const { id } = await publish(eventId)
    const revision = await bury({ kind: 'revise', updateId: id, version: 2 }, 'They met twice.')
    const revised = await retry(revision.acceptNumber)
    expect(await ended(revised.body.acceptNumber)).toMatchObject({ state: 'revised' })
    const retraction = await bury({ kind: 'retract', updateId: id, version: 4, reason: 'Wrong.' })
    expect((await list())[0]).toMatchObject({ action: 'retract', raw: { reason: 'Wrong.' } })
    expectProblem(await retry(retraction.acceptNumber, { draft: { body: 'a' } }), 'invalid-request', {
      errors: ['#/draft'],
    })
    const retracted = await retry(retraction.acceptNumber)
    expect(await ended(retracted.body.acceptNumber)).toMatchObject({ state: 'retracted' })
  })

  it('[DEAD7] of a letter that is damaged takes what was accepted of its update, or the text that is sent', async () => {
    const known = await bury()
    await damage(known.acceptNumber, JSON.stringify(known.submission).slice(0, 400))
    expect((await list())[0]).toMatchObject({
      ...{ action: 'unknown', updateId: known.updateId, submittedBy: carl },
      raw: { text: expect.stringContaining('"submissionId"') },
    })
    const answer = await retry(known.acceptNumber)
    expect(answer.body, answer.text).toMatchObject({ updateId: known.updateId })
    await ended(answer.body.acceptNumber)
    expect(await update(known.updateId)).toMatchObject({ bodyText: 'They met at noon.' })

    const lost = await bury()
    await damage(lost.acceptNumber, '')
    await redis.hset(
      keys.event(eventId).outcomes,
      String(lost.acceptNumber),
      JSON.stringify({ state: 'dead', seq: 0, updateId: '', sub: '', submissionId: '' }),
    )
    expectProblem(await retry(lost.acceptNumber), 'draft-needed')
    expectProblem(await retry(lost.acceptNumber, { draft: { tags: ['a'] } }), 'invalid-request', {
      errors: ['#/draft/body'],
    })
    const sent = { draft: { body: 'They met, says Carl.', updateId: lost.updateId } }
    const given = await retry(lost.acceptNumber, sent)
    expect(given.body, given.text).toMatchObject({ updateId: lost.updateId, retriedFrom: lost.acceptNumber })
    await ended(given.body.acceptNumber)
    expect(await update(lost.updateId)).toMatchObject({ bodyText: 'They met, says Carl.' })
  })

  it('[DEAD8] of some or all answers for each, and goes on after one that is refused', async () => {
    const first = await bury()
    await change('PATCH', `/v1/events/${eventId}/updates/${first.updateId}`, 1, { body: 'Later.' })
    const second = await bury()
    const third = await bury()
    const some = await ops<RetriedMany>('POST', `${path}/retry`, {
      acceptNumbers: [first.acceptNumber, second.acceptNumber, 999],
    })
    expect([some.status, some.body.more]).toEqual([200, false])
    expect(some.body.results).toMatchObject([
      { acceptNumber: first.acceptNumber, problem: { type: '/problems/version-mismatch', version: 2 } },
      { acceptNumber: second.acceptNumber, state: 'accepted', newAcceptNumber: third.acceptNumber + 1 },
      { acceptNumber: 999, problem: { type: '/problems/submission-not-found' } },
    ])
    const key = { 'Idempotency-Key': 'all-of-them' }
    const all = await ops<RetriedMany>('POST', `${path}/retry`, { all: true, after: first.acceptNumber }, key)
    expect(all.body).toEqual({
      results: [{ acceptNumber: third.acceptNumber, state: 'accepted', newAcceptNumber: third.acceptNumber + 2 }],
      more: false,
    })
    expect(await ended(third.acceptNumber + 2)).toMatchObject({ state: 'published' })
    expect(await list()).toMatchObject([{ acceptNumber: first.acceptNumber }])
    for (const body of [{}, { all: false }, { acceptNumbers: [] }, { acceptNumbers: Array(101).fill(1) }]) {
      expect((await ops('POST', `${path}/retry`, body)).status).toBe(400)
    }
  })
})

describe('discarding', () => {
  it('[DEAD9] takes it off the list and keeps it whole, with who, when and why', async () => {
    const { acceptNumber, updateId, submission } = await bury()
    expectProblem(await ops('POST', `${path}/${acceptNumber}/discard`, {}), 'invalid-request', { errors: ['#/reason'] })
    const answer = await discard(acceptNumber)
    expect([answer.status, answer.body]).toEqual([200, { acceptNumber, state: 'discarded' }])
    expect(await list()).toEqual([])
    const [who = '', , kept = ''] = (
      (await redis.hget(keys.event(eventId).discarded, String(acceptNumber))) ?? ''
    ).split('\n')
    expect(JSON.parse(who)).toMatchObject({ by: 'olga', name: 'Olga Ops', reason: 'It was a test.' })
    expect(JSON.parse(kept)).toEqual(submission)
    const detail = `Submission ${acceptNumber} is discarded and kept whole. Olga Ops discarded it: It was a test.`
    expect(await ended(acceptNumber)).toMatchObject({ updateId, state: 'discarded', problem: { detail } })
    expectProblem(await retry(acceptNumber), 'not-dead', { extra: { state: 'discarded' } })
    expectProblem(await ops('GET', `${path}/${acceptNumber}`), 'not-dead', { extra: { state: 'discarded' } })
    expectProblem(await discard(999), 'submission-not-found')
  })

  it('[DEAD9] may be repeated under its key', async () => {
    const { acceptNumber } = await bury()
    const key = { 'Idempotency-Key': 'discard-it' }
    const first = await discard(acceptNumber, 'Done.', key)
    const again = await discard(acceptNumber, 'Done.', key)
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([200, first.text, 'true'])
    expectProblem(await discard(acceptNumber, 'Done.'), 'not-dead', { extra: { state: 'discarded' } })
  })
})

describe('the audit trail', () => {
  it('[DEAD10] has every retry and discard, of dead letters and of what is held, in the same step', async () => {
    const [first, second] = [await bury(), await bury()]
    await retry(first.acceptNumber, {}, { 'X-Request-Id': 'retry-1' })
    await discard(second.acceptNumber)
    const held = await bury()
    const { dead, held: shelf } = keys.event(eventId)
    await redis.hset(shelf, String(held.acceptNumber), (await redis.hget(dead, String(held.acceptNumber))) ?? '')
    await call('POST', `/v1/events/${eventId}/held/${held.acceptNumber}`, { body: { action: 'release' } })
    const [released, discarded, retried] = await trail()
    const by = { sub: 'olga', name: 'Olga Ops' }
    expect(retried).toMatchObject({
      ...{ by, action: 'dead-letter-retried', requestId: 'retry-1' },
      detail: { acceptNumber: first.acceptNumber, newAcceptNumber: second.acceptNumber + 1 },
    })
    expect(discarded).toMatchObject({
      ...{ by, action: 'dead-letter-discarded' },
      detail: { acceptNumber: second.acceptNumber, reason: 'It was a test.' },
    })
    expect(released).toMatchObject({ action: 'held-released', detail: { acceptNumber: held.acceptNumber } })
    expect(await trail()).toHaveLength(3)
  })
})

describe('a stray', () => {
  const reason = { step: 'worker', error: 'No event.', attempts: 6, at: '2026-11-24T12:00:00.000Z' }

  it('[DEAD11] is told with the dead letters of all events, and discarded with a reason', async () => {
    const id = `s-${randomUUID()}`
    await strays.keep(id, reason, '{"acceptNumber":3,"submission":{"eventId":"nowhere-at-all"')
    const found = async () =>
      (await ops<AllDeadLettersPage>('GET', '/v1/ops/dead-letters')).body.strays.find(each => each.id === id)
    expect(await found()).toEqual({
      ...{ id, eventId: 'nowhere-at-all', at: reason.at, step: 'worker', error: 'No event.', attempts: 6 },
      raw: { text: expect.stringContaining('nowhere-at-all') },
    })
    const to = `/v1/ops/strays/${id}/discard`
    expect((await ops('POST', to, { reason: 'Not ours.' })).body).toEqual({ id, state: 'discarded' })
    expect(await found()).toBeUndefined()
    expectProblem(await ops('POST', to, { reason: 'Not ours.' }), 'not-found')
    expect(await redis.hget(keys.discardedStrays, id)).toContain('Not ours.')
    const { entries } = (await ops<{ entries: object[] }>('GET', '/v1/ops/audit')).body
    expect(entries[0]).toMatchObject({ action: 'stray-discarded', detail: { id, reason: 'Not ours.' } })
  })
})
