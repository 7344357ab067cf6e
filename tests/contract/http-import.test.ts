import { afterAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { ArticleImport } from '../../src/protocol/article.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call } = callsTo(server)
const path = '/v1/events/import'

const PAGE = [
  'Ferry service resumes across the strait',
  'Share',
  '10:00 GMT 15.12.2023',
  'The first ferry left the harbour at dawn.',
  'It carried forty passengers and a dog.',
].join('\n')

describe('the import of a page', () => {
  it('[CLEAN15] answers the draft of an event and its updates, and stores nothing', async () => {
    const before = await call('GET', '/v1/events')
    const answer = await call<ArticleImport>('POST', path, { body: { text: PAGE, timeZone: 'Europe/London' } })
    expect([answer.status, answer.headers['cache-control']], answer.text).toEqual([200, 'no-store'])
    expect(ArticleImport.safeParse(answer.body).error).toBeUndefined()
    expect(answer.body.event).toMatchObject({
      ...{ headline: 'Ferry service resumes across the strait', status: 'scheduled', timeZone: 'Europe/London' },
      coverageStartTime: '2023-12-15T10:00:00.000Z',
    })
    expect(answer.body.updates.map(({ body }) => body)).toEqual([
      'The first ferry left the harbour at dawn.',
      'It carried forty passengers and a dog.',
    ])
    expect(answer.body.dropped).toMatchObject([{ text: 'Share' }])
    expect((await call('GET', '/v1/events')).text).toBe(before.text)
  })

  it('[CLEAN15] gives drafts that can be posted as they are', async () => {
    const { event, updates } = (await call<ArticleImport>('POST', path, { body: { text: PAGE } })).body
    expect((await call('POST', '/v1/events', { body: event })).status).toBe(201)
    for (const { body, bodyFormat, happenedAt } of updates) {
      const answer = await call('POST', `/v1/events/${event.id}/updates`, { body: { body, bodyFormat, happenedAt } })
      expect(answer.status, answer.text).toBe(202)
    }
  })

  it('[CLEAN15] reads HTML too, and is there in the SDK', async () => {
    const client = createClient({ url: server.url, token: server.tokens.editor })
    const html = '<h1>Ferry resumes</h1><p>15 Dec 2023, 10:00 GMT</p><p>It left at <b>dawn</b>.</p>'
    const { event, updates } = await client.importArticle({ html })
    expect(event.headline).toBe('Ferry resumes')
    expect(updates.map(({ bodyText }) => bodyText)).toEqual(['It left at dawn.'])
    client.close()
  })

  it.each([
    [{}, ['#']],
    [{ text: 'a', html: '<p>a</p>' }, ['#']],
    [{ text: ' ' }, ['#/text']],
    [{ text: 7 }, ['#/text']],
    [{ text: 'a', timeZone: 'Nowhere/Land' }, ['#/timeZone']],
    [{ text: 'a', inLanguage: 'no such' }, ['#/inLanguage']],
    [{ text: 'a', url: 'ftp://a.example/' }, ['#/url']],
    [{ text: 'a', colour: 'red' }, ['#/colour']],
  ])('[CLEAN16] refuses what is no page: %j', async (body, errors) => {
    expectProblem(await call('POST', path, { body }), 'invalid-request', { errors })
  })

  it('[CLEAN16] has the limits of every door', async () => {
    expectProblem(await call('POST', path, { body: { html: `<p>${'a'.repeat(33_000)}</p>` } }), 'too-large', {
      errors: [['#/html', 'HTML may have 32768 bytes at most.']],
    })
    expectProblem(await call('POST', path, { body: { text: 'a'.repeat(66_000) } }), 'too-large')
    expectProblem(await call('POST', path, { raw: 'a', headers: { 'Content-Type': 'text/plain' } }), 'unsupported-type')
    const worst = await call('POST', path, { body: { text: 'a\n'.repeat(20_000) } })
    expect(worst.status).toBe(200)
  })

  it('[CLEAN16] is for editors', async () => {
    const body = { text: PAGE }
    expectProblem(await call('POST', path, { as: null, body }), 'token-needed')
    for (const as of ['contributor', 'ops'] as const) {
      expectProblem(await call('POST', path, { as, body }), 'not-allowed', { detail: 'This needs the role editor.' })
    }
    const answer = await call('DELETE', path)
    expectProblem(answer, 'method-not-allowed')
    expect(answer.headers.allow).toBe('POST')
  })
})
