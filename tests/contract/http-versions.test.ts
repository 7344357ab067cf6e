import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Event } from '../../src/protocol/event.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, change, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks' })
const UPDATES = '/v1/events/talks/updates'

afterEach(async () => {
  await publish('talks', { body: 'Still here.' })
})

describe('If-Match', () => {
  const target = async (kind: 'update' | 'event') => {
    if (kind === 'update') {
      const { id } = await publish('talks')
      return { path: `${UPDATES}/${id}`, patch: { body: 'Better.' } }
    }
    const { id } = await createEvent({ id: `e-${randomUUID().slice(0, 8)}` })
    return { path: `/v1/events/${id}`, patch: { headline: 'Better' } }
  }

  describe.each(['update', 'event'] as const)('on an %s', kind => {
    it('[ACCEPT5] is needed', async () => {
      const { path, patch } = await target(kind)
      const detail = 'Send the version you saw as If-Match: "<version>".'
      const expected = { detail, extra: { version: 1 } }
      expectProblem(await call('PATCH', path, { body: patch }), 'version-needed', expected)
      if (kind === 'update') expectProblem(await call('DELETE', path), 'version-needed', expected)
    })

    it.each(['"2"', '"0"', '"999999999999999"'])('[ACCEPT5] of another version is refused: %s', async ifMatch => {
      const { path, patch } = await target(kind)
      const headers = { 'If-Match': ifMatch }
      const expected = { detail: 'It is at version 1 now.', extra: { version: 1 } }
      expectProblem(await call('PATCH', path, { body: patch, headers }), 'version-mismatch', expected)
      if (kind === 'update') expectProblem(await call('DELETE', path, { headers }), 'version-mismatch', expected)
    })

    it('[ACCEPT5] of an older version is refused with the version of now', async () => {
      const { path, patch } = await target(kind)
      await change('PATCH', path, 1, patch)
      const answer = await call('PATCH', path, { body: patch, headers: { 'If-Match': '"1"' } })
      expectProblem(answer, 'version-mismatch', { detail: 'It is at version 2 now.', extra: { version: 2 } })
    })

    it.each(['W/"1"', '1', '"one"', '"1", "2"', '"-1"', '"1.0"', '""', '"9999999999999999"', 'rubbish', ' '])(
      '[ACCEPT5] that is no strong tag of a version is refused: %s',
      async ifMatch => {
        const { path, patch } = await target(kind)
        const answer = await call('PATCH', path, { body: patch, headers: { 'If-Match': ifMatch } })
        expectProblem(answer, 'invalid-request', {
          detail: 'If-Match must be one strong entity tag, such as "3".',
        })
      },
    )

    it('[ACCEPT5] of * takes whatever stands now', async () => {
      const { path, patch } = await target(kind)
      await change('PATCH', path, 1, patch)
      const answer = await call('PATCH', path, { body: patch, headers: { 'If-Match': '*' } })
      expect(answer.status, answer.text).toBe(202)
      expect(answer.body).toMatchObject({ version: 3 })
    })

    it('[ACCEPT6] lets one of many parallel changes of a version win', async () => {
      const { path } = await target(kind)
      const field = kind === 'update' ? 'body' : 'headline'
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          call('PATCH', path, { body: { [field]: `Writer ${i}` }, headers: { 'If-Match': '"1"', Prefer: 'wait=10' } }),
        ),
      )
      const winners = answers.filter(({ status }) => status === 200)
      expect(winners).toHaveLength(1)
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expectProblem(answer, 'version-mismatch', { detail: 'It is at version 2 now.', extra: { version: 2 } })
      }
      const now = await call('GET', path)
      expect(now.body).toEqual(winners[0]?.body)
      expect(now.headers.etag).toBe('"2"')
    })
  })
})

describe('a revision', () => {
  const full = {
    body: 'They **shook** hands.',
    bodyFormat: 'markdown',
    headline: 'Hands',
    happenedAt: '2026-11-24T10:00:00Z',
    isKeyEvent: true,
    isBreaking: true,
    source: 'The Wire',
    tags: ['talks', 'hands'],
    authors: [{ name: 'Anna' }, { name: 'Ben', role: 'Reporter' }],
    inLanguage: 'en-GB',
  }

  it('[ACCEPT7] changes the fields that it names and leaves the others', async () => {
    const first = await publish('talks', full)
    const second = await change('PATCH', `${UPDATES}/${first.id}`, 1, { headline: 'A handshake', tags: ['hands'] })
    expect(second).toEqual({
      ...first,
      version: 2,
      headline: 'A handshake',
      tags: ['hands'],
      dateModified: second.dateModified,
    })
  })

  it('[ACCEPT7] takes a field away, or back to its default, with null', async () => {
    const first = await publish('talks', full)
    const patch = { source: null, tags: null, isKeyEvent: null, authors: null, inLanguage: null, headline: null }
    const second = await change('PATCH', `${UPDATES}/${first.id}`, 1, { ...patch, bodyFormat: null, happenedAt: null })
    expect(second.source).toBeUndefined()
    expect(second).toMatchObject({
      ...{ tags: [], isKeyEvent: false, isBreaking: true, authors: [{ name: 'Erin Editor' }], inLanguage: 'en' },
      ...{ bodyText: 'They **shook** hands.', headlineDerived: true, happenedAt: first.datePublished },
    })
  })

  it('[ACCEPT7] is merged with the last accepted draft, also when that is not published yet', async () => {
    const { id } = await publish('talks', { tags: ['a'] })
    const path = `${UPDATES}/${id}`
    const [second, third] = await Promise.all([
      call('PATCH', path, { body: { headline: 'Second' }, headers: { 'If-Match': '"1"' } }),
      (async () => {
        for (;;) {
          const body = { source: 'Third' }
          const answer = await call('PATCH', path, { body, headers: { 'If-Match': '"2"', Prefer: 'wait=10' } })
          if (answer.status !== 412) return answer
        }
      })(),
    ])
    expect([second.status, third.status]).toEqual([202, 200])
    expect(third.body).toMatchObject({ version: 3, headline: 'Second', source: 'Third', tags: ['a'] })
  })

  it('[ACCEPT7] that would leave nothing to publish is refused', async () => {
    const { id } = await publish('talks')
    for (const patch of [{ body: null }, { body: ' ' }, { body: null, media: [] }]) {
      const answer = await call('PATCH', `${UPDATES}/${id}`, { body: patch, headers: { 'If-Match': '"1"' } })
      const errors = [['#/body', 'A body is needed unless media or embeds are given.']] as const
      expectProblem(answer, 'invalid-request', { errors })
    }
  })

  it('[ACCEPT7] cannot make HTML of a body that is too long for it', async () => {
    const { id } = await publish('talks', { body: 'a'.repeat(33_000) })
    const options = { body: { bodyFormat: 'html' }, headers: { 'If-Match': '"1"' } }
    expectProblem(await call('PATCH', `${UPDATES}/${id}`, options), 'too-large', {
      errors: [['#/body', 'HTML may have 32768 bytes at most.']],
    })
  })

  it('[ACCEPT8] moves dateModified only when it changes words or media', async () => {
    const first = await publish('talks', full)
    const path = `${UPDATES}/${first.id}`
    expect(first.dateModified).toBe(first.datePublished)
    const flags = { isKeyEvent: false, tags: [], happenedAt: '2026-11-24T11:00:00Z', source: null }
    const second = await change('PATCH', path, 1, { ...flags, headline: full.headline, body: full.body })
    expect(second.dateModified).toBe(first.dateModified)
    const third = await change('PATCH', path, 2, { body: 'They did not.' })
    expect(Date.parse(third.dateModified)).toBeGreaterThan(Date.parse(first.dateModified))
    const fourth = await change('PATCH', path, 3, { media: [{ url: 'https://a.example/b.jpg' }] })
    expect(Date.parse(fourth.dateModified)).toBeGreaterThan(Date.parse(third.dateModified))
    for (const { datePublished } of [second, third, fourth]) expect(datePublished).toBe(first.datePublished)
  })

  it('[ACCEPT8] keeps its corrections, each with its time, through later revisions', async () => {
    const { id } = await publish('talks')
    const path = `${UPDATES}/${id}`
    const second = await change('PATCH', path, 1, { body: 'At noon.', correction: 'An earlier version gave no time.' })
    expect(second.corrections).toEqual([
      { text: 'An earlier version gave no time.', datePublished: second.dateModified },
    ])
    const third = await change('PATCH', path, 2, { isKeyEvent: true })
    expect(third.corrections).toEqual(second.corrections)
    const fourth = await change('PATCH', path, 3, { body: 'At one.', correction: 'It was one o’clock.' })
    expect(fourth.corrections.map(({ text }) => text)).toEqual([
      'An earlier version gave no time.',
      'It was one o’clock.',
    ])
  })

  it.each(['', ' ', 7, null, 'a'.repeat(1_001)])('[ACCEPT8] refuses the correction %j', async correction => {
    const { id } = await publish('talks')
    const options = { body: { body: 'a', correction }, headers: { 'If-Match': '"1"' } }
    expectProblem(await call('PATCH', `${UPDATES}/${id}`, options), 'invalid-request', { errors: ['#/correction'] })
  })

  it('[ACCEPT8] alone has a correction: a new update is refused one', async () => {
    const answer = await call('POST', UPDATES, { body: { body: 'a', correction: 'b' } })
    expectProblem(answer, 'invalid-request', { errors: [['#/correction', 'This field is not known.']] })
  })
})

describe('a retraction', () => {
  it('[ACCEPT9] leaves a tombstone without words or media, at the place where the update was', async () => {
    const first = await publish('talks', {
      body: 'A secret.',
      headline: 'Secret headline',
      source: 'Secret source',
      tags: ['secret'],
      media: [{ url: 'https://a.example/secret.jpg', caption: 'secret' }],
      embeds: [{ provider: 'x', originalId: 'secret' }],
      isKeyEvent: true,
    })
    const path = `${UPDATES}/${first.id}`
    const tombstone = await change('DELETE', path, 1, { reason: 'Posted twice.' })
    expect(JSON.stringify(tombstone).toLowerCase()).not.toContain('secret')
    expect(tombstone).toMatchObject({
      ...{ id: first.id, version: 2, datePublished: first.datePublished, happenedAt: first.happenedAt },
      retracted: { datePublished: expect.stringMatching(/Z$/), reason: 'Posted twice.' },
    })
    const read = await call<Update>('GET', path, { as: null })
    expect(read.status).toBe(200)
    expect(read.body).toEqual(tombstone)
    expect(read.headers.etag).toBe('"2"')
    const { entries } = (await call<{ entries: Entry[] }>('GET', '/v1/events/talks/entries?limit=1000')).body
    expect(entries.at(-1)).toEqual({
      ...{ seq: entries.length, chain: expect.any(String), at: expect.any(String), type: 'retracted' },
      ...{ acceptNumber: expect.any(Number), updateId: first.id, version: 2, reason: 'Posted twice.' },
    })
  })

  it('[ACCEPT9] is the end of an update', async () => {
    const { id } = await publish('talks')
    const path = `${UPDATES}/${id}`
    await change('DELETE', path, 1)
    const detail = 'A retracted update takes no more changes.'
    for (const ifMatch of ['"2"', '"1"', '*']) {
      const headers = { 'If-Match': ifMatch }
      expectProblem(await call('PATCH', path, { body: { body: 'Back.' }, headers }), 'update-retracted', { detail })
      expectProblem(await call('DELETE', path, { headers }), 'update-retracted', { detail })
    }
    const again = await call('POST', UPDATES, { body: { body: 'Back.', updateId: id } })
    expectProblem(again, 'update-exists')
  })

  it('[ACCEPT9] needs no reason', async () => {
    const { id } = await publish('talks')
    const { retracted } = await change('DELETE', `${UPDATES}/${id}`, 1)
    expect(retracted).toEqual({ datePublished: expect.any(String) })
  })
})

describe('an event', () => {
  const ended = 'The event is ended. Set it live to go on.'

  it('[ACCEPT10] that is ended or archived takes no submissions, until it is live again', async () => {
    await createEvent({ id: 'over' })
    const { id } = await publish('over')
    const submissions = [
      ['POST', '/v1/events/over/updates', { body: 'Too late.' }],
      ['PATCH', `/v1/events/over/updates/${id}`, { body: 'Too late.' }],
      ['DELETE', `/v1/events/over/updates/${id}`, {}],
    ] as const
    let { version } = await change<Event>('PATCH', '/v1/events/over', 1, { status: 'ended' })
    for (const [method, path, body] of submissions) {
      const answer = await call(method, path, { body, headers: { 'If-Match': '"1"' } })
      expectProblem(answer, 'event-closed', { detail: ended })
    }
    version = (await change<Event>('PATCH', '/v1/events/over', version, { status: 'archived' })).version
    const archived = await call('POST', '/v1/events/over/updates', { body: { body: 'Too late.' } })
    expectProblem(archived, 'event-closed', { detail: 'The event is archived. Set it live to go on.' })
    for (const status of ['live', 'paused', 'scheduled']) {
      version = (await change<Event>('PATCH', '/v1/events/over', version, { status })).version
      await publish('over', { body: `While ${status}.` })
    }
  })

  it('[ACCEPT10] that ends notes when its coverage ended, and loses that when it goes on', async () => {
    await createEvent({ id: 'goes-on' })
    const over = await change<Event>('PATCH', '/v1/events/goes-on', 1, { status: 'ended' })
    expect(over.coverageEndTime).toBe(over.dateModified)
    const live = await change<Event>('PATCH', '/v1/events/goes-on', 2, { status: 'live' })
    expect(live.coverageEndTime).toBeUndefined()
    const coverageEndTime = '2026-11-24T12:00:00.000Z'
    const told = await change<Event>('PATCH', '/v1/events/goes-on', 3, { status: 'ended', coverageEndTime })
    expect(told.coverageEndTime).toBe(coverageEndTime)
  })

  it('[ACCEPT11] may move the start of its coverage while it is scheduled, and never later', async () => {
    const coverageStartTime = '2030-01-01T10:00:00.000Z'
    const later = '2030-01-02T10:00:00.000Z'
    await createEvent({ id: 'planned', status: 'scheduled', coverageStartTime })
    const moved = await change<Event>('PATCH', '/v1/events/planned', 1, { coverageStartTime: later })
    expect(moved.coverageStartTime).toBe(later)
    await change<Event>('PATCH', '/v1/events/planned', 2, { status: 'live', coverageStartTime })
    for (const status of [undefined, 'scheduled', 'ended']) {
      const body = { coverageStartTime: later, ...(status === undefined ? {} : { status }) }
      const answer = await call('PATCH', '/v1/events/planned', { body, headers: { 'If-Match': '"3"' } })
      const detail = 'Coverage has begun: its start no longer moves.'
      expectProblem(answer, 'invalid-request', { errors: [['#/coverageStartTime', detail]] })
    }
    const same = await change<Event>('PATCH', '/v1/events/planned', 3, { coverageStartTime, headline: 'Same start' })
    expect(same).toMatchObject({ coverageStartTime, headline: 'Same start', version: 4 })
  })

  it('[ACCEPT11] that was live once does not move its start by being scheduled again', async () => {
    const { coverageStartTime } = await createEvent({ id: 'was-live' })
    await change<Event>('PATCH', '/v1/events/was-live', 1, { status: 'scheduled' })
    const body = { coverageStartTime: '2030-01-01T10:00:00Z' }
    const answer = await call('PATCH', '/v1/events/was-live', { body, headers: { 'If-Match': '"2"' } })
    const detail = 'Coverage has begun: its start no longer moves.'
    expectProblem(answer, 'invalid-request', { errors: [['#/coverageStartTime', detail]] })
    const { body: now } = await call<Event>('GET', '/v1/events/was-live')
    expect(now.coverageStartTime).toBe(coverageStartTime)
  })

  it('[ACCEPT7] changes the fields that a patch names, and takes them back to their defaults with null', async () => {
    const first = await createEvent({
      ...{ id: 'patched', description: 'a', timeZone: 'Europe/Moscow', inLanguage: 'ru', section: 'World' },
      ...{ keywords: ['a'], authors: [{ name: 'Anna' }], summaryPoints: ['One.'], visibility: 'private' },
      ...{ about: { name: 'Talks', location: 'Minsk' }, publisher: { name: 'The Wire' }, status: 'paused' },
    })
    const second = await change<Event>('PATCH', '/v1/events/patched', 1, { headline: 'b', section: null })
    const { section: _, ...withoutSection } = first
    expect(second).toEqual({ ...withoutSection, headline: 'b', version: 2, dateModified: second.dateModified })
    const nothing = {
      ...{ description: null, timeZone: null, inLanguage: null, keywords: null, authors: null, summaryPoints: null },
      ...{ visibility: null, about: null, publisher: null, status: null, coverageEndTime: null, image: null },
    }
    const third = await change<Event>('PATCH', '/v1/events/patched', 2, nothing)
    expect(third).toEqual({
      ...{ id: 'patched', headline: 'b', status: 'live', coverageStartTime: first.coverageStartTime, timeZone: 'UTC' },
      ...{ inLanguage: 'en', authors: [], keywords: [], summaryPoints: [], visibility: 'public', pinnedUpdateId: null },
      ...{ version: 3, datePublished: first.datePublished, dateModified: third.dateModified },
    })
  })

  it('[ACCEPT7] keeps the members of about, publisher and image that a patch does not name (RFC 7396)', async () => {
    await createEvent({ id: 'merged', about: { name: 'Talks', location: 'Minsk' }, publisher: { name: 'The Wire' } })
    const patch = { about: { location: null, organizer: 'UN' }, publisher: { url: 'https://wire.example/' } }
    const { about, publisher } = await change<Event>('PATCH', '/v1/events/merged', 1, patch)
    expect(about).toEqual({ name: 'Talks', organizer: 'UN' })
    expect(publisher).toEqual({ name: 'The Wire', url: 'https://wire.example/' })
    const nameless = { body: { about: { name: null } }, headers: { 'If-Match': '"2"' } }
    expectProblem(await call('PATCH', '/v1/events/merged', nameless), 'invalid-request', { errors: ['#/about/name'] })
    await createEvent({ id: 'bare' })
    const onlyUrl = { body: { publisher: { url: 'https://a.example/' } }, headers: { 'If-Match': '"1"' } }
    expectProblem(await call('PATCH', '/v1/events/bare', onlyUrl), 'invalid-request', { errors: ['#/publisher/name'] })
  })

  it.each(['id', 'version', 'datePublished', 'dateModified'])('[ACCEPT11] never changes its %s', async field => {
    const answer = await call('PATCH', '/v1/events/talks', { body: { [field]: 'a' }, headers: { 'If-Match': '"1"' } })
    expectProblem(answer, 'invalid-request', { errors: [[`#/${field}`, 'This field is not known.']] })
  })
})

describe('a pin', () => {
  const PIN = 'There is no such update in this event to pin.'

  it('[ACCEPT12] takes no update that is unknown, of another event, or retracted', async () => {
    await createEvent({ id: 'pins' })
    const foreign = await publish('talks')
    const gone = await publish('pins')
    await change('DELETE', `/v1/events/pins/updates/${gone.id}`, 1)
    const pin = (pinnedUpdateId: unknown) =>
      call('PATCH', '/v1/events/pins', { body: { pinnedUpdateId }, headers: { 'If-Match': '"1"' } })
    expectProblem(await pin(randomUUID()), 'update-not-found', { detail: PIN })
    expectProblem(await pin(foreign.id), 'update-not-found', { detail: PIN })
    expectProblem(await pin(gone.id), 'update-retracted', { detail: 'A retracted update cannot be pinned.' })
    expectProblem(await pin('first'), 'invalid-request', { errors: ['#/pinnedUpdateId'] })
    expectProblem(await pin(''), 'invalid-request', { errors: ['#/pinnedUpdateId'] })
  })

  it('[ACCEPT12] is given and taken away as a change of the event', async () => {
    await createEvent({ id: 'pinning' })
    const { id } = await publish('pinning')
    const pinned = await change<Event>('PATCH', '/v1/events/pinning', 1, { pinnedUpdateId: id })
    expect(pinned.pinnedUpdateId).toBe(id)
    expect(await change<Event>('PATCH', '/v1/events/pinning', 2, { headline: 'b' })).toMatchObject({
      pinnedUpdateId: id,
    })
    const unpinned = await change<Event>('PATCH', '/v1/events/pinning', 3, { pinnedUpdateId: null })
    expect(unpinned.pinnedUpdateId).toBeNull()
  })

  it('[ACCEPT12] takes an update that is accepted but not published yet', async () => {
    await createEvent({ id: 'early' })
    const { body } = await call<Receipt>('POST', '/v1/events/early/updates', { body: { body: 'Soon.' } })
    const event = await change<Event>('PATCH', '/v1/events/early', 1, { pinnedUpdateId: body.updateId })
    expect(event.pinnedUpdateId).toBe(body.updateId)
  })
})
