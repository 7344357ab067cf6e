import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Event } from '../../src/protocol/event.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks', timeZone: 'Europe/Moscow' })
const standing = await publish('talks')
const UPDATES = '/v1/events/talks/updates'
const MATCH = { 'If-Match': '"1"' }

afterEach(async () => {
  await publish('talks', { body: 'Still here.' })
})

const NO_TIME = 'Must be RFC 3339, such as 2023-12-15T10:00:00Z, or a local time, such as 2023-12-15T13:05.'
const TOO_FAR = 'In UTC that is outside of the years 1 to 9999.'
const badTimes = [
  ['2026-02-30T10:00:00Z', '30 February does not exist.'],
  ['2026-02-29T10:00:00Z', '29 February does not exist.'],
  ['2026-04-31T10:00', '31 April does not exist.'],
  ['2026-00-10T10:00:00Z', 'Month 0 does not exist.'],
  ['2026-13-10T10:00:00Z', 'Month 13 does not exist.'],
  ['2026-11-00T10:00:00Z', '0 November does not exist.'],
  ['2026-11-24T25:00:00Z', '25:00:00Z is no time of day.'],
  ['2026-11-24T24:00:00Z', '24:00:00Z is no time of day.'],
  ['2026-11-24T10:60', '10:60 is no time of day.'],
  ['2026-11-24T23:59:60Z', '23:59:60Z is no time of day.'],
  ['2026-11-24T10:00:00+24:00', '+24:00 is no offset.'],
  ['2026-11-24T10:00:00+03:60', '+03:60 is no offset.'],
  ['0000-11-24T10:00:00Z', 'The year must be 1 or later.'],
  ['0001-01-01T00:00:00+14:00', TOO_FAR],
  ['9999-12-31T23:59:59-14:00', TOO_FAR],
  ['2026-11-24', NO_TIME],
  ['2026-11-24 10:00', NO_TIME],
  ['20261124T100000Z', NO_TIME],
  ['24.11.2026 10:00', NO_TIME],
  ['+002026-11-24T10:00:00Z', NO_TIME],
  ['now', NO_TIME],
  ['', NO_TIME],
] as const

describe.each(badTimes)('the time %j', (time, detail) => {
  it('[HTTP8] is refused as happenedAt, published or revised', async () => {
    const errors = [['#/happenedAt', detail]] as const
    expectProblem(await call('POST', UPDATES, { body: { body: 'a', happenedAt: time } }), 'invalid-request', { errors })
    const answer = await call('PATCH', `${UPDATES}/${standing.id}`, { body: { happenedAt: time }, headers: MATCH })
    expectProblem(answer, 'invalid-request', { errors })
  })

  it('[HTTP8] is refused as coverageStartTime', async () => {
    const answer = await call('POST', '/v1/events', { body: { headline: 'Talks', coverageStartTime: time } })
    expect(answer.body['errors']).toContainEqual({ pointer: '#/coverageStartTime', detail })
    const patched = await call('PATCH', '/v1/events/talks', { body: { coverageStartTime: time }, headers: MATCH })
    expect(patched.body['errors']).toContainEqual({ pointer: '#/coverageStartTime', detail })
    for (const refused of [answer, patched]) expect(refused.body).toMatchObject({ status: 400, retry: false })
  })
})

it.each([1_700_000_000, true, {}, ['2026-11-24T10:00:00Z']])('[HTTP8] a time that is %j is refused', async time => {
  const answer = await call('POST', UPDATES, { body: { body: 'a', happenedAt: time } })
  expectProblem(answer, 'invalid-request', { errors: ['#/happenedAt'] })
})

describe('a moment of an event', () => {
  const local = '2026-11-24T10:00'
  const needed = 'Needs an offset, such as Z or +03:00.'

  it.each([
    [{ coverageStartTime: local }, '#/coverageStartTime'],
    [{ coverageEndTime: local }, '#/coverageEndTime'],
    [{ about: { name: 'a', startDate: local } }, '#/about/startDate'],
    [{ image: { datePublished: local } }, '#/image/datePublished'],
  ])('[HTTP8] needs an offset: %j', async (field, pointer) => {
    const created = await call('POST', '/v1/events', { body: { headline: 'Talks', ...field } })
    expectProblem(created, 'invalid-request', { errors: [[pointer, needed]] })
    const patched = await call('PATCH', '/v1/events/talks', { body: field, headers: MATCH })
    expectProblem(patched, 'invalid-request', { errors: [[pointer, needed]] })
  })

  it('[HTTP8] is answered in UTC with milliseconds', async () => {
    const { coverageStartTime } = await createEvent({ id: 'utc', coverageStartTime: '2026-11-24t13:00:00.5+03:00' })
    expect(coverageStartTime).toBe('2026-11-24T10:00:00.500Z')
  })
})

it.each([
  ['2026-11-24T13:05', '2026-11-24T10:05:00.000Z'],
  ['2026-11-24T13:05:06.789123', '2026-11-24T10:05:06.789Z'],
  ['2026-11-24T13:05Z', '2026-11-24T13:05:00.000Z'],
  ['2026-11-24t13:05:00-05:30', '2026-11-24T18:35:00.000Z'],
  ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('[HTTP8] takes the time %j, read in the zone of the event', async (happenedAt, expected) => {
  expect((await publish('talks', { happenedAt })).happenedAt).toBe(expected)
})

describe.each([
  ['timeZone', ['Mars/Olympus', '+03:00', '', 'Europe/Moscow ', 'a'.repeat(65), 'Europe/Mos\u0000cow', 3]],
  ['inLanguage', ['', 'e', 'en_GB', 'en-', 'x'.repeat(36), 'de\ud800', 7]],
] as const)('%s', (field, values) => {
  it.each(values)('[HTTP9] of an event is refused when it is %j', async value => {
    const created = await call('POST', '/v1/events', { body: { headline: 'Talks', [field]: value } })
    expect(created.body).toMatchObject({ type: '/problems/invalid-request', status: 400, retry: false })
    expect(pointersOf(created.body)).toEqual(new Set([`#/${field}`]))
    const patched = await call('PATCH', '/v1/events/talks', { body: { [field]: value }, headers: MATCH })
    expect(pointersOf(patched.body)).toEqual(new Set([`#/${field}`]))
  })
})

const badUrls = [
  'javascript:alert(1)',
  'JavaScript://a.example/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'ftp://a.example/b',
  'file:///etc/passwd',
  '//a.example/b',
  '/b',
  'a.example',
  'https://',
  'https://user:secret@a.example/',
  'https://user@a.example/',
  'http:/a.example',
  ' https://a.example/',
  `https://a.example/${'b'.repeat(2_048)}`,
  'https://a.example/\ud800',
  '',
]

it.each(badUrls)('[HTTP9] refuses the URL %j wherever one is taken', async url => {
  const places = { authors: [{ name: 'E', url }], media: [{ url }], embeds: [{ provider: 'x', url }] }
  const pointers = ['#/authors/0/url', '#/media/0/url', '#/embeds/0/url']
  const posted = await call('POST', UPDATES, { body: { body: 'a', ...places } })
  expect(posted.body).toMatchObject({ type: '/problems/invalid-request', status: 400, retry: false })
  expect(pointersOf(posted.body)).toEqual(new Set(pointers))
  const patched = await call('PATCH', `${UPDATES}/${standing.id}`, { body: places, headers: MATCH })
  expect(pointersOf(patched.body)).toEqual(new Set(pointers))

  const event = { headline: 'a', publisher: { name: 'x', url }, image: { url }, authors: [{ name: 'E', url }] }
  const created = await call('POST', '/v1/events', { body: event })
  expect(pointersOf(created.body)).toEqual(new Set(['#/publisher/url', '#/image/url', '#/authors/0/url']))
})

function pointersOf(problem: Record<string, unknown>): Set<string> {
  return new Set((problem['errors'] as { pointer: string }[]).map(({ pointer }) => pointer))
}

describe('an id in a path', () => {
  const SLUG = 'Must be a slug: a-z, 0-9 and -, at most 64 characters.'
  const ids = [
    ['..%2f', SLUG],
    ['..%2f..%2fetc%2fpasswd', SLUG],
    ['a:b', SLUG],
    ['{x}', SLUG],
    ['%7Bx%7D', SLUG],
    ['Talks', SLUG],
    ['-talks', SLUG],
    ['talks%00', SLUG],
    ['talks%0a', SLUG],
    ['t%20s', SLUG],
    ['__proto__', SLUG],
    ['%D1%82', SLUG],
    ['a'.repeat(65), SLUG],
    ['import', '`import` is no event id.'],
  ] as const
  const updateId = standing.id
  const requests = (id: string) =>
    [
      ['GET', `/v1/events/${id}`],
      ['GET', `/v1/events/${id}/feed`],
      ['GET', `/v1/events/${id}/entries`],
      ['GET', `/v1/events/${id}/updates/${updateId}`],
      ['GET', `/v1/events/${id}/submissions/1`],
      ['PATCH', `/v1/events/${id}`, { headline: 'a' }],
      ['POST', `/v1/events/${id}/updates`, { body: 'a' }],
      ['PATCH', `/v1/events/${id}/updates/${updateId}`, { body: 'a' }],
      ['DELETE', `/v1/events/${id}/updates/${updateId}`, { reason: 'a' }],
    ] as const

  it.each(ids)('[HTTP7] is refused on every route: %s', async (id, detail) => {
    for (const [method, path, body] of requests(id)) {
      const answer = await call(method, path, { body, headers: MATCH })
      expectProblem(answer, 'invalid-request', { errors: [['#', detail]] })
    }
  })

  it.each(['%zz', '%', '%c3%28', '%ff'])('[HTTP7] is refused on every route when it is no text: %s', async id => {
    for (const [method, path, body] of requests(id)) {
      const answer = await call(method, path, { body, headers: MATCH })
      expectProblem(answer, 'invalid-request', { detail: 'The path is not UTF-8 in percent-encoding.' })
    }
  })

  it('[HTTP7] may have 64 characters', async () => {
    const id = 'a'.repeat(64)
    await createEvent({ id })
    expect((await call<Event>('GET', `/v1/events/${id}`)).body.id).toBe(id)
  })

  const badUpdateIds = ['1', 'x', `${updateId}x`, updateId.slice(1), `{${updateId}}`, '..%2f', '%00', '__proto__']
  it.each(badUpdateIds)('[HTTP7] of an update is refused: %s', async id => {
    for (const [method, body] of [['GET'], ['PATCH', { body: 'a' }], ['DELETE', { reason: 'a' }]] as const) {
      const answer = await call(method, `${UPDATES}/${id}`, { body, headers: MATCH })
      expectProblem(answer, 'invalid-request', { errors: ['#'] })
    }
  })

  const badNumbers = ['0', '-1', '1.5', '1e3', '0x1', 'one', '1%20', '9999999999', '%00', 'NaN']
  it.each(badNumbers)('[HTTP7] a bad accept number is refused: %s', async number => {
    expectProblem(await call('GET', `/v1/events/talks/submissions/${number}`), 'invalid-request', {
      errors: [['#/acceptNumber', 'Must be a whole number from 1 to 999999999.']],
    })
  })
})

describe('an address', () => {
  it.each([
    '/v1',
    '/v1/',
    '/v1/eventz',
    '/v1/events/talks/nothing',
    '/v2/events',
    '/nothing',
    '/v1/events/talks/feed/x',
  ])('[HTTP12] that leads nowhere is not found: %s', async path => {
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
      expectProblem(await call(method, path, { body: {} }), 'not-found', { detail: `There is no ${path} here.` })
    }
  })

  it.each([
    ['/v1/events', 'GET, HEAD, POST'],
    ['/v1/events/talks', 'GET, HEAD, PATCH'],
    ['/v1/events/talks/updates', 'POST'],
    [`${UPDATES}/${standing.id}`, 'DELETE, GET, HEAD, PATCH'],
    ['/v1/events/talks/feed', 'GET, HEAD'],
    ['/v1/events/talks/entries', 'GET, HEAD'],
    ['/v1/events/talks/submissions/1', 'GET, HEAD'],
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
    ['/desk', 'GET, HEAD'],
    ['/events/talks', 'GET, HEAD'],
  ])('[HTTP12] names the methods that it takes when it is sent another: %s', async (path, allow) => {
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(method => !allow.split(', ').includes(method))
    for (const method of others) {
      const answer = await call(method, path)
      expectProblem(answer, 'method-not-allowed', { detail: `${method} is not for this address; it takes ${allow}.` })
      expect(answer.headers['allow']).toBe(allow)
    }
  })

  it('[HTTP12] answers HEAD as GET, without a body', async () => {
    const answer = await call('HEAD', '/v1/events/talks/feed')
    expect(answer.status).toBe(200)
    expect(answer.headers['etag']).toMatch(/^"/)
    expect(answer.text).toBe('')
  })
})

it('[HTTP8] moves an update by its time alone', async () => {
  const update = await publish('talks', { happenedAt: '2026-11-24T10:00:00Z' })
  const moved = await change('PATCH', `${UPDATES}/${update.id}`, 1, { happenedAt: '2026-11-24T09:00:00Z' })
  expect(moved).toMatchObject({ happenedAt: '2026-11-24T09:00:00.000Z', sortTime: '2026-11-24T09:00:00.000Z' })
})
