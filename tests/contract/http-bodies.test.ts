import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { callsTo, type ExpectedProblem, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks' })
const standing = await publish('talks')
const UPDATES = '/v1/events/talks/updates'
const UPDATE = `${UPDATES}/${standing.id}`

/** Every door that takes a body, and a body that it takes. */
const doors = [
  { method: 'POST', path: '/v1/events', good: { headline: 'Talks' } },
  { method: 'PATCH', path: '/v1/events/talks', good: { headline: 'Talks' } },
  { method: 'POST', path: UPDATES, good: { body: 'They shook hands.' } },
  { method: 'PATCH', path: UPDATE, good: { body: 'They shook hands.' } },
  { method: 'DELETE', path: UPDATE, good: { reason: 'Posted twice.' } },
] as const
type Door = (typeof doors)[number]

const MATCH = { 'If-Match': '"1"' }
const send = (door: Door, raw: string | Buffer, headers = {}) =>
  call(door.method, door.path, { raw, headers: { ...MATCH, ...headers } })
const sendWith = (door: Door, extra: string) => send(door, `${JSON.stringify(door.good).slice(0, -1)},${extra}}`)

/** Bad input harms nobody: the next good request is taken, and its update is published. */
afterEach(async () => {
  await publish('talks', { body: 'Still here.' })
})

describe.each(doors)('$method $path', door => {
  it.each([
    ['half of an object', '{"body":'],
    ['two objects', '{}{}'],
    ['a comment', '{/* */}'],
    ['a string', '"body"'],
    ['a number', '1'],
    ['null', 'null'],
    ['white space', '   '],
    ['rubbish', '\u0000\u0001'],
  ])('[HTTP2] refuses %s: the body is no JSON object', async (_what, raw) => {
    const answer = await send(door, raw)
    expectProblem(answer, 'invalid-request', { detail: expect.stringMatching(/^The body is not valid JSON: /) })
  })

  it('[HTTP2] refuses an array instead of an object', async () => {
    expectProblem(await send(door, '[{"body":"They shook hands."}]'), 'invalid-request', { errors: ['#'] })
  })

  it.each([
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'rubbish',
    'application/json; charset=latin1',
  ])('[HTTP3] refuses the content type %s', async type => {
    const answer = await send(door, JSON.stringify(door.good), { 'Content-Type': type })
    expectProblem(answer, 'unsupported-type')
  })

  it('[HTTP3] refuses a content encoding that it does not know', async () => {
    expectProblem(await send(door, '{}', { 'Content-Encoding': 'rot13' }), 'unsupported-type')
  })

  it.each([
    ['unknown', '"surprise":1', '#/surprise'],
    ['__proto__', '"__proto__":{"isAdmin":true}', '#/__proto__'],
    ['constructor', '"constructor":{"prototype":{"isAdmin":true}}', '#/constructor'],
    ['prototype', '"prototype":null', '#/prototype'],
    ['toString', '"toString":"x"', '#/toString'],
    ['a/b~c', '"a/b~c":1', '#/a~1b~0c'],
    ['empty', '"":1', '#/'],
    ['a lone surrogate', '"\\ud800":1', '#/%EF%BF%BD'],
  ])('[HTTP4] refuses a field that is not known: %s', async (_name, field, pointer) => {
    const answer = await sendWith(door, field)
    expectProblem(answer, 'invalid-request', { errors: [[pointer, 'This field is not known.']] })
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it('[HTTP5] refuses a body over 64 KB', async () => {
    const filler = ' '.repeat(65_537 - JSON.stringify(door.good).length)
    expectProblem(await send(door, JSON.stringify(door.good) + filler), 'too-large', {
      detail: 'The body may have 64 KB at most.',
    })
  })

  it('[HTTP6] refuses a body that is nested 10,000 deep, and is not broken by it', async () => {
    const deep = `"surprise":${'['.repeat(10_000)}${']'.repeat(10_000)}`
    expectProblem(await sendWith(door, deep), 'invalid-request', { errors: ['#/surprise'] })
    const objects = '{"a":'.repeat(10_000)
    const answer = await send(door, `${objects}1${'}'.repeat(10_000)}`)
    expect(answer.status).toBe(400)
    expect(answer.body['errors']).toContainEqual({ pointer: '#/a', detail: 'This field is not known.' })
  })

  it('[HTTP4] names at most 100 faults', async () => {
    const fields = Array.from({ length: 5_000 }, (_, i) => `"f${i}":1`).join(',')
    const answer = await sendWith(door, fields)
    expect(answer.status).toBe(400)
    expect(answer.body['errors']).toHaveLength(100)
  })
})

describe.each(doors.filter(({ method }) => method !== 'DELETE'))('$method $path', door => {
  it('[HTTP2] refuses a request without a body', async () => {
    expectProblem(await call(door.method, door.path, { headers: MATCH }), 'invalid-request', { errors: ['#'] })
  })
})

/** One fault each in a draft of an update. */
const draftFaults: [what: string, draft: object, errors: ExpectedProblem['errors']][] = [
  ['no body', {}, [['#/body', 'A body is needed unless media or embeds are given.']]],
  ['a blank body', { body: ' \n\t' }, [['#/body', 'A body is needed unless media or embeds are given.']]],
  ['a body that is a number', { body: 7 }, ['#/body']],
  ['a body that is an array', { body: ['They shook hands.'] }, ['#/body']],
  ['a body that is an object', { body: { text: 'They shook hands.' } }, ['#/body']],
  ['a body with NUL', { body: 'They\u0000shook' }, [['#/body', 'Must be well-formed Unicode without NUL.']]],
  ['a lone high surrogate', { body: 'They \ud83d shook' }, [['#/body', 'Must be well-formed Unicode without NUL.']]],
  ['a lone low surrogate', { body: 'They \ude00 shook' }, [['#/body', 'Must be well-formed Unicode without NUL.']]],
  ['an unknown format', { body: 'a', bodyFormat: 'rtf' }, ['#/bodyFormat']],
  ['an empty headline', { body: 'a', headline: '  ' }, [['#/headline', 'Must not be empty.']]],
  ['a headline of 301 characters', { body: 'a', headline: 'h'.repeat(301) }, ['#/headline']],
  ['a flag that is a string', { body: 'a', isKeyEvent: 'true' }, ['#/isKeyEvent']],
  ['a flag that is a number', { body: 'a', isBreaking: 1 }, ['#/isBreaking']],
  ['authors that are no list', { body: 'a', authors: 'Erin' }, ['#/authors']],
  ['an author that is a string', { body: 'a', authors: ['Erin'] }, ['#/authors/0']],
  ['an author without a name', { body: 'a', authors: [{ name: 'Erin' }, { role: 'x' }] }, ['#/authors/1/name']],
  ['an unknown field of an author', { body: 'a', authors: [{ name: 'E', mail: 'e@x' }] }, ['#/authors/0/mail']],
  ['51 tags', { body: 'a', tags: Array(51).fill('t') }, ['#/tags']],
  ['an empty tag', { body: 'a', tags: ['t', ''] }, ['#/tags/1']],
  ['an embed without url and id', { embeds: [{ provider: 'x' }] }, [['#/embeds/0', 'Needs url or originalId.']]],
  ['a picture of no width', { media: [{ url: 'https://a.example/b.jpg', width: 0 }] }, ['#/media/0/width']],
  ['a picture of half a pixel', { media: [{ height: 1.5 }] }, ['#/media/0/height']],
  ['an update id that is none', { body: 'a', updateId: '1' }, ['#/updateId']],
]

describe.each(['POST', 'PATCH'] as const)('a draft that is sent with %s', method => {
  const path = method === 'POST' ? UPDATES : UPDATE
  const faults = draftFaults.filter(([what]) => method === 'POST' || !/^(no body|an update id)/.test(what))

  it.each(faults)('[HTTP6] is refused with %s', async (_what, draft, errors) => {
    expectProblem(await call(method, path, { body: draft, headers: MATCH }), 'invalid-request', {
      errors: errors ?? [],
    })
  })

  it('[HTTP6] is refused with all of its faults at once', async () => {
    const body = { body: 7, headline: '', tags: 'x', surprise: true }
    expectProblem(await call(method, path, { body, headers: MATCH }), 'invalid-request', {
      errors: ['#/body', '#/headline', '#/tags', '#/surprise'],
    })
  })

  it.each(['__proto__', 'constructor'])('[HTTP4] is refused with %s inside', async name => {
    const raw = `{"body":"a","authors":[{"name":"E","${name}":{"isAdmin":true}}]}`
    expectProblem(await call(method, path, { raw, headers: MATCH }), 'invalid-request', {
      errors: [[`#/authors/0/${name}`, 'This field is not known.']],
    })
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it('[HTTP5] is refused when its HTML has over 32 KB', async () => {
    const body = { bodyFormat: 'html', body: `<p>${'é'.repeat(16_384)}</p>` }
    expectProblem(await call(method, path, { body, headers: MATCH }), 'too-large', {
      errors: [['#/body', 'HTML may have 32768 bytes at most.']],
    })
  })
})

it('[HTTP5] takes a body of 64 KB, and HTML of 32 KB', async () => {
  const text = { body: 'a'.repeat(65_536 - '{"body":""}'.length) }
  expect(Buffer.byteLength(JSON.stringify(text))).toBe(65_536)
  expect((await call('POST', UPDATES, { body: text })).status).toBe(202)
  const html = { bodyFormat: 'html', body: `<p>${'a'.repeat(32_768 - 7)}</p>` }
  expect((await call('POST', UPDATES, { body: html })).status).toBe(202)
})

it('[HTTP5] refuses a body that is small only while it is compressed', async () => {
  const { gzipSync } = await import('node:zlib')
  const raw = gzipSync(`{"body":"${'a'.repeat(1_000_000)}"}`)
  expectProblem(await call('POST', UPDATES, { raw, headers: { 'Content-Encoding': 'gzip' } }), 'too-large')
})

it('[HTTP3] takes a merge patch under its own content type', async () => {
  const { id } = await publish('talks')
  const headers = { ...MATCH, 'Content-Type': 'application/merge-patch+json' }
  expect((await call('PATCH', `${UPDATES}/${id}`, { body: { headline: 'Hands' }, headers })).status).toBe(202)
})

it('[HTTP2] takes DELETE without a body', async () => {
  const { id } = await publish('talks')
  expect((await call('DELETE', `${UPDATES}/${id}`, { headers: MATCH })).status).toBe(202)
})

/** One fault each in an event. */
const eventFaults: [what: string, draft: object, pointer: string][] = [
  ['an id that is no slug', { id: 'Talks' }, '#/id'],
  ['the id import', { id: 'import' }, '#/id'],
  ['a headline that is null', { headline: null }, '#/headline'],
  ['an empty headline', { headline: '' }, '#/headline'],
  ['an unknown status', { status: 'over' }, '#/status'],
  ['an unknown visibility', { visibility: 'secret' }, '#/visibility'],
  ['an unknown field of about', { about: { name: 'a', surprise: 1 } }, '#/about/surprise'],
  ['a publisher that is a string', { publisher: 'The Wire' }, '#/publisher'],
  ['21 summary points', { summaryPoints: Array(21).fill('a') }, '#/summaryPoints'],
  ['a keyword that is a number', { keywords: ['a', 1] }, '#/keywords/1'],
]

it.each(eventFaults)('[HTTP6] POST /v1/events refuses %s', async (_what, draft, pointer) => {
  const answer = await call('POST', '/v1/events', { body: { headline: 'Talks', ...draft } })
  expectProblem(answer, 'invalid-request', { errors: [pointer] })
})

it.each(eventFaults.slice(2))('[HTTP6] PATCH /v1/events/:eventId refuses %s', async (_what, patch, pointer) => {
  const answer = await call('PATCH', '/v1/events/talks', { body: patch, headers: MATCH })
  expectProblem(answer, 'invalid-request', { errors: [pointer] })
})

it('[HTTP6] POST /v1/events needs a headline', async () => {
  expectProblem(await call('POST', '/v1/events', { body: { id: 'no-headline' } }), 'invalid-request', {
    errors: ['#/headline'],
  })
})

it('[HTTP1] answers the X-Request-Id that was sent, or one of its own when that is unfit', async () => {
  const given = await call('POST', UPDATES, { body: {}, headers: { 'X-Request-Id': 'desk-7' } })
  expect(given.body['requestId']).toBe('desk-7')
  expectProblem(given, 'invalid-request', { errors: ['#/body'] })
  const unfit = await call('POST', UPDATES, { body: {}, headers: { 'X-Request-Id': 'a b<c>' } })
  expect(unfit.body['requestId']).toMatch(/^[0-9a-f-]{36}$/)
})
