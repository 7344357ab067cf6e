import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { createPreview } from '../../src/main/preview.ts'
import type { SettingsNow } from '../../src/protocol/normalization.ts'
import type { Preview, TypedDraft } from '../../src/protocol/preview.ts'
import type { Update } from '../../src/protocol/update.ts'
import { updateSubmission } from '../support/build.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks', timeZone: 'Europe/Moscow' })
await createEvent({ id: 'secret', visibility: 'private' })

const DEFAULTS = { off: [], callsToAction: 'flag', blockedTerms: [] }
const ifMatch = (version: string) => ({ 'If-Match': version })
const freshEvent = async () => (await createEvent({ id: `e-${randomUUID().slice(0, 8)}` })).id

describe('the settings of an event', () => {
  it('[CLEAN1] are the defaults at version 0 until an editor changes them', async () => {
    const answer = await call<SettingsNow>('GET', '/v1/events/talks/normalization')
    expect([answer.status, answer.headers.etag, answer.headers['cache-control']]).toEqual([200, '"0"', 'no-store'])
    expect(answer.body).toEqual({ version: 0, settings: DEFAULTS })
  })

  it.each(['"0"', '*'])('[CLEAN1] are put for the first time over %s, and then stand', async version => {
    const path = `/v1/events/${await freshEvent()}/normalization`
    const settings = { off: ['typography'], callsToAction: 'remove', blockedTerms: ['Jane Roe'] }
    const put = await call('PUT', path, { body: settings, headers: ifMatch(version) })
    expect([put.status, put.headers.etag, put.headers['cache-control']]).toEqual([200, '"1"', 'no-store'])
    expect(put.body).toEqual({ version: 1, settings })
    const get = await call('GET', path)
    expect([get.text, get.headers.etag]).toEqual([put.text, '"1"'])
  })

  it('[CLEAN2] need If-Match, and of two editors who saw one version the first wins', async () => {
    const path = `/v1/events/${await freshEvent()}/normalization`
    expectProblem(await call('PUT', path, { body: {} }), 'version-needed', {
      detail: 'Send the version you saw as If-Match: "<version>".',
      extra: { version: 0 },
    })
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map(term => call('PUT', path, { body: { blockedTerms: [term] }, headers: ifMatch('"0"') })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412])
    for (const answer of answers.filter(({ status }) => status === 412)) {
      expectProblem(answer, 'version-mismatch', { detail: 'It is at version 1 now.', extra: { version: 1 } })
    }
    const over = await call('PUT', path, { body: { blockedTerms: ['z'] }, headers: ifMatch('*') })
    expect([over.status, over.headers.etag]).toEqual([200, '"2"'])
    const rubbish = await call('PUT', path, { body: {}, headers: ifMatch('2') })
    expectProblem(rubbish, 'invalid-request', { detail: 'If-Match must be one strong entity tag, such as "3".' })
  })

  it('[CLEAN2] may be put again when an answer was lost: what stands already is answered', async () => {
    const path = `/v1/events/${await freshEvent()}/normalization`
    const once = { body: { blockedTerms: ['a'] }, headers: ifMatch('"0"') }
    const first = await call('PUT', path, once)
    const again = await call('PUT', path, once)
    expect([again.status, again.text, again.headers.etag]).toEqual([200, first.text, '"1"'])
  })

  it.each([
    [{ off: ['characters'] }, '#/off/0'],
    [{ off: 'typography' }, '#/off'],
    [{ callsToAction: 'keep' }, '#/callsToAction'],
    [{ blockedTerms: [' '] }, '#/blockedTerms/0'],
    [{ blockedTerms: ['a'.repeat(101)] }, '#/blockedTerms/0'],
    [{ blockedTerms: Array.from({ length: 201 }, () => 'a') }, '#/blockedTerms'],
    [{ colour: 'red' }, '#/colour'],
  ])('[CLEAN1] that are not valid are refused: %j', async (body, pointer) => {
    const answer = await call('PUT', '/v1/events/talks/normalization', { body, headers: ifMatch('*') })
    expectProblem(answer, 'invalid-request', { errors: [pointer] })
  })

  it('[CLEAN3] are for editors alone, of an event that there is', async () => {
    for (const [method, headers] of [
      ['GET', {}],
      ['PUT', ifMatch('*')],
    ] as const) {
      const path = '/v1/events/talks/normalization'
      const body = method === 'PUT' ? {} : undefined
      expectProblem(await call(method, path, { as: null, body, headers }), 'token-needed')
      for (const as of ['contributor', 'ops'] as const) {
        expectProblem(await call(method, path, { as, body, headers }), 'not-allowed', {
          detail: 'This needs the role editor.',
        })
      }
      expectProblem(await call(method, path, { as: 'elsewhere', body, headers }), 'not-allowed', {
        detail: 'This token is for other events.',
      })
      expectProblem(await call(method, '/v1/events/nowhere/normalization', { body, headers }), 'event-not-found')
      expectProblem(await call(method, '/v1/events/NO/normalization', { body, headers }), 'invalid-request', {
        errors: ['#'],
      })
    }
    for (const path of ['/v1/events/talks', '/v1/events/talks/feed', '/v1/events/talks/entries', '/events/talks']) {
      expect((await call('GET', path, { as: null })).text).not.toMatch(/blockedTerms|callsToAction/)
    }
  })

  it('[CLEAN3] know their methods', async () => {
    const answer = await call('DELETE', '/v1/events/talks/normalization')
    expectProblem(answer, 'method-not-allowed')
    expect(answer.headers.allow).toBe('GET, HEAD, PUT')
  })
})

describe('a preview', () => {
  const path = '/v1/events/talks/normalize'
  const preview = (body: unknown, as: 'contributor' | 'editor' = 'contributor') =>
    call<Preview>('POST', path, { as, body })

  it('[CLEAN4] is what readers would get, and what was done for it', async () => {
    const body = { body: 'They   **met** at\u00a0 noon.', bodyFormat: 'markdown', happenedAt: '2023-12-15T13:05' }
    const answer = await preview(body)
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    const { update, normalization, held } = answer.body
    expect(update).toMatchObject({
      ...{ eventId: 'talks', version: 1, happenedAt: '2023-12-15T10:05:00.000Z', type: 'text' },
      ...{ bodyHtml: '<p>They <strong>met</strong> at noon.</p>', bodyText: 'They met at noon.' },
      authors: [{ name: 'Carl Contributor' }],
    })
    expect(normalization).toContainEqual({
      step: 'happened-at',
      before: '2023-12-15T13:05',
      after: '2023-12-15T10:05:00.000Z',
    })
    expect(held).toBeUndefined()
  })

  it('[CLEAN4] says the same as what is published then', async () => {
    const draft = { body: '<h1>Talks</h1><p onclick="x">They met.</p>', bodyFormat: 'html', updateId: randomUUID() }
    const { update } = (await preview(draft, 'editor')).body
    const published = await publish('talks', draft)
    const { datePublished, dateModified, happenedAt, sortTime } = published
    expect(published).toEqual({ ...update, datePublished, dateModified, happenedAt, sortTime })
  })

  it('[CLEAN5] stores nothing, however often it is asked for', async () => {
    const before = await call('GET', '/v1/events/talks/entries?limit=1000')
    const updateId = randomUUID()
    for (let i = 0; i < 3; i++) {
      const headers = { 'Idempotency-Key': 'once' }
      expect((await call('POST', path, { body: { body: 'A secret.', updateId }, headers })).status).toBe(200)
    }
    const taken = await server.store.redis.hexists(server.store.keys.event('talks').drafts, updateId)
    expect(taken).toBe(0)
    expect((await call('GET', '/v1/events/talks/entries?limit=1000')).text).toBe(before.text)
    const { id } = await publish('talks', { updateId })
    expect(id).toBe(updateId)
  })

  it('[CLEAN4] heeds the settings of the event, and the steps that this update does without', async () => {
    const eventId = await freshEvent()
    const body = { body: 'No headline yet.' }
    const headlineOf = async (draft: object) =>
      (await call<Preview>('POST', `/v1/events/${eventId}/normalize`, { body: draft })).body.update.headline
    expect(await headlineOf(body)).toBe('No headline yet.')
    expect(await headlineOf({ ...body, keepAsTyped: ['derived-headline'] })).toBeUndefined()
    const settings = { off: ['derived-headline'] }
    await call('PUT', `/v1/events/${eventId}/normalization`, { body: settings, headers: ifMatch('"0"') })
    expect(await headlineOf(body)).toBeUndefined()
  })

  it('[CLEAN4] takes what an update may be, and refuses the rest', async () => {
    expectProblem(await preview({}), 'invalid-request', {
      errors: [['#/body', 'A body is needed unless media or embeds are given.']],
    })
    expectProblem(await preview({ body: 'a', colour: 'red' }), 'invalid-request', { errors: ['#/colour'] })
    expectProblem(await preview({ body: 'a'.repeat(33_000), bodyFormat: 'html' }), 'too-large', {
      errors: [['#/body', 'HTML may have 32768 bytes at most.']],
    })
    expectProblem(await call('POST', path, { raw: 'a', headers: { 'Content-Type': 'text/plain' } }), 'unsupported-type')
    expectProblem(await call('POST', path, { as: null, body: { body: 'a' } }), 'token-needed')
    expectProblem(await call('POST', path, { as: 'ops', body: { body: 'a' } }), 'not-allowed', {
      detail: 'This needs the role contributor or editor.',
    })
    expectProblem(await call('POST', path, { as: 'elsewhere', body: { body: 'a' } }), 'not-allowed')
    expectProblem(await call('POST', '/v1/events/nowhere/normalize', { body: { body: 'a' } }), 'event-not-found')
    expectProblem(await call('GET', path), 'method-not-allowed')
  })
})

describe('a preview of what breaks a step', () => {
  it('[CLEAN4] is refused with the name of the step, as there is no dead letter of what was not accepted', async () => {
    const draft = { body: 'a', bodyFormat: 'text' as const, happenedAt: '2023-12-15T13:05' }
    const submission = updateSubmission({ draft, timeZone: 'Nowhere/Land' })
    const asked = createPreview({ recentUpdates: { read: async () => [] } })(submission)
    await expect(asked).rejects.toMatchObject({ code: 'cannot-normalize', extra: { step: 'happened-at' } })
  })
})

describe('the draft of an update', () => {
  const typed = { body: 'They  **shook** hands.', bodyFormat: 'markdown', tags: ['talks '] }

  it('[CLEAN6] is what was typed, beside what was done to it, with the version to name', async () => {
    const { id } = await publish('talks', typed, 'contributor')
    for (const as of ['contributor', 'editor', 'ops'] as const) {
      const answer = await call<TypedDraft>('GET', `/v1/events/talks/updates/${id}/draft`, { as })
      expect([answer.status, answer.headers.etag, answer.headers['cache-control']]).toEqual([200, '"1"', 'no-store'])
      expect(answer.body).toMatchObject({ version: 1, draft: typed })
      expect(answer.body.normalization).toContainEqual({
        step: 'characters',
        before: 'tags/0: talks ',
        after: 'tags/0: talks',
      })
    }
    await change('PATCH', `/v1/events/talks/updates/${id}`, 1, { headline: 'Hands' })
    const second = await call<TypedDraft>('GET', `/v1/events/talks/updates/${id}/draft`)
    expect(second.body).toMatchObject({ version: 2, draft: { ...typed, headline: 'Hands' } })
  })

  it('[CLEAN6] is shown to its author, to editors and to ops, and to nobody else', async () => {
    const { id } = await publish('talks', typed, 'contributor')
    const path = `/v1/events/talks/updates/${id}/draft`
    expectProblem(await call('GET', path, { as: null }), 'token-needed')
    expectProblem(await call('GET', path, { as: 'colleague' }), 'not-allowed', {
      detail: 'A contributor may see only drafts of their own.',
    })
    expectProblem(await call('GET', path, { as: 'elsewhere' }), 'not-allowed')
    expectProblem(await call('GET', `/v1/events/talks/updates/${randomUUID()}/draft`), 'update-not-found')
    expectProblem(await call('GET', `/v1/events/secret/updates/${id}/draft`), 'update-not-found')
    expectProblem(await call('GET', `/v1/events/nowhere/updates/${id}/draft`), 'event-not-found')
    expectProblem(await call('GET', '/v1/events/talks/updates/1/draft'), 'invalid-request', { errors: ['#'] })
    expectProblem(await call('POST', path, { body: {} }), 'method-not-allowed')
  })

  it('[CLEAN6] of a retracted update is kept for the desk, marked', async () => {
    const { id } = await publish('talks', typed)
    await change('DELETE', `/v1/events/talks/updates/${id}`, 1)
    const { body } = await call<TypedDraft>('GET', `/v1/events/talks/updates/${id}/draft`)
    expect(body).toMatchObject({ version: 2, draft: typed, retracted: true })
  })

  it('[CLEAN7] can keep one step as typed: it is published again without that step', async () => {
    const { id, headline } = await publish('talks', { body: 'No headline was written.' })
    expect(headline).toBe('No headline was written.')
    const path = `/v1/events/talks/updates/${id}`
    const kept = await change<Update>('PATCH', path, 1, { keepAsTyped: ['derived-headline'] })
    expect(kept).toMatchObject({ version: 2, bodyText: 'No headline was written.' })
    expect(kept.headline).toBeUndefined()
    const draft = (await call<TypedDraft>('GET', `${path}/draft`)).body
    expect(draft.draft).toMatchObject({ keepAsTyped: ['derived-headline'] })
    expect(draft.normalization.map(({ step }) => step)).not.toContain('derived-headline')
    const cleaned = await change<Update>('PATCH', path, 2, { keepAsTyped: null })
    expect(cleaned.headline).toBe('No headline was written.')
    expectProblem(
      await call('PATCH', path, { body: { keepAsTyped: ['html'] }, headers: ifMatch('"3"') }),
      'invalid-request',
      { errors: ['#/keepAsTyped/0'] },
    )
  })
})
