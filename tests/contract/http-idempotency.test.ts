import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import { type CallOptions, callsTo, expectProblem } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const server = await startServer()
afterAll(() => server.stop())
const { call, createEvent, publish } = callsTo(server)

await createEvent({ id: 'talks' })
const UPDATES = '/v1/events/talks/updates'
const keyed = (key: string, options: CallOptions & { headers?: Record<string, string> } = {}) => ({
  ...options,
  headers: { 'Idempotency-Key': key, ...options.headers },
})

async function entriesOf(eventId: string): Promise<Entry[]> {
  return (await call<{ entries: Entry[] }>('GET', `/v1/events/${eventId}/entries?limit=1000`)).body.entries
}

/** Waits for the end of everything that was accepted so far: what comes later in an event ends later. */
async function entriesSoFar(eventId = 'talks'): Promise<Entry[]> {
  await publish(eventId, { body: 'The last one.' })
  return await entriesOf(eventId)
}

describe('an Idempotency-Key', () => {
  it('[ACCEPT1] gives a repeated request the same answer, and makes one entry', async () => {
    const options = keyed(randomUUID(), { body: { body: 'Once only.' } })
    const first = await call<Receipt>('POST', UPDATES, options)
    expect(first.status).toBe(202)
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    for (let i = 0; i < 3; i++) {
      const again = await call<Receipt>('POST', UPDATES, options)
      expect(again.status).toBe(202)
      expect(again.headers['idempotency-replayed']).toBe('true')
      expect(again.headers.location).toBe(first.headers.location)
      expect(again.body).toEqual(first.body)
    }
    const lines = (await entriesSoFar()).filter(({ type }) => type === 'published')
    expect(lines.filter(line => 'update' in line && line.update.id === first.body.updateId)).toHaveLength(1)
    expect(lines.filter(line => 'update' in line && line.update.bodyText === 'Once only.')).toHaveLength(1)
  })

  it('[ACCEPT1] makes one entry of 20 parallel requests', async () => {
    const options = keyed(randomUUID(), { body: { body: 'Twenty at once.' } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => call<Receipt>('POST', UPDATES, options)))
    for (const answer of answers) expect(answer.status, answer.text).toBe(202)
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
    const lines = await entriesSoFar()
    expect(lines.filter(line => 'update' in line && line.update.bodyText === 'Twenty at once.')).toHaveLength(1)
  })

  it('[ACCEPT1] covers PATCH, although the version has moved on', async () => {
    const { id } = await publish('talks')
    const options = keyed(randomUUID(), { body: { body: 'Better.' }, headers: { 'If-Match': '"1"' } })
    const first = await call<Receipt>('PATCH', `${UPDATES}/${id}`, options)
    const again = await call<Receipt>('PATCH', `${UPDATES}/${id}`, options)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.body).toEqual(first.body)
    expect(first.body).toMatchObject({ updateId: id, version: 2 })
    const lines = await entriesSoFar()
    expect(lines.filter(line => line.type === 'revised' && line.update.id === id)).toHaveLength(1)
  })

  it('[ACCEPT1] covers DELETE, although the update is gone', async () => {
    const { id } = await publish('talks')
    const options = keyed(randomUUID(), { headers: { 'If-Match': '"1"' } })
    const first = await call<Receipt>('DELETE', `${UPDATES}/${id}`, options)
    const again = await call<Receipt>('DELETE', `${UPDATES}/${id}`, options)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.body).toEqual(first.body)
    const lines = await entriesSoFar()
    expect(lines.filter(line => line.type === 'retracted' && line.updateId === id)).toHaveLength(1)
  })

  it('[ACCEPT1] covers changes of an event, although it is closed by them', async () => {
    await createEvent({ id: 'short' })
    const options = keyed(randomUUID(), { body: { status: 'ended' }, headers: { 'If-Match': '"1"' } })
    const first = await call<Receipt>('PATCH', '/v1/events/short', options)
    const again = await call<Receipt>('PATCH', '/v1/events/short', options)
    expect([first.status, again.status]).toEqual([202, 202])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.body).toEqual(first.body)
  })

  it('[ACCEPT2] covers the creation of an event, also of one whose id is made', async () => {
    for (const draft of [
      { id: 'created', headline: 'a' },
      { headline: 'Created From Its Headline' },
      { headline: '…' },
    ]) {
      const options = keyed(randomUUID(), { body: draft })
      const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/v1/events', options)))
      const again = await call('POST', '/v1/events', options)
      for (const { status, text } of [...answers, again]) expect(status, text).toBe(201)
      expect(new Set([...answers, again].map(({ text }) => text)).size).toBe(1)
      expect(new Set([...answers, again].map(({ headers }) => headers.location))).toEqual(
        new Set([`/v1/events/${String(again.body['id'])}`]),
      )
      expect(again.headers['idempotency-replayed']).toBe('true')
      expect(await entriesOf(String(again.body['id']))).toHaveLength(1)
    }
  })

  it('[ACCEPT2] of its own does not create an event twice', async () => {
    const body = { id: 'taken', headline: 'a' }
    expect((await call('POST', '/v1/events', { body })).status).toBe(201)
    const detail = 'There is an event taken already. Choose another id.'
    expectProblem(await call('POST', '/v1/events', { body }), 'event-exists', { detail })
    expectProblem(await call('POST', '/v1/events', keyed(randomUUID(), { body })), 'event-exists', { detail })
    const parallel = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', '/v1/events', { body: { id: 'raced', headline: 'a' } })),
    )
    expect(parallel.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const answer of parallel.filter(({ status }) => status !== 201)) expectProblem(answer, 'event-exists')
  })

  it('[ACCEPT3] that was used for another request is refused', async () => {
    const key = randomUUID()
    const { id } = await publish('talks')
    expect((await call('POST', UPDATES, keyed(key, { body: { body: 'First.' } }))).status).toBe(202)
    const detail = 'Each request needs an Idempotency-Key of its own; repeat one only with its body.'
    const headers = { 'If-Match': '"1"' }
    const others = [
      await call('POST', UPDATES, keyed(key, { body: { body: 'Second.' } })),
      await call('PATCH', `${UPDATES}/${id}`, keyed(key, { body: { body: 'First.' }, headers })),
      await call('DELETE', `${UPDATES}/${id}`, keyed(key, { headers })),
      await call('PATCH', '/v1/events/talks', keyed(key, { body: { headline: 'a' }, headers })),
    ]
    for (const answer of others) expectProblem(answer, 'key-reused', { detail })

    const made = randomUUID()
    expect((await call('POST', '/v1/events', keyed(made, { body: { id: 'made', headline: 'a' } }))).status).toBe(201)
    const other = await call('POST', '/v1/events', keyed(made, { body: { id: 'made', headline: 'b' } }))
    expectProblem(other, 'key-reused', { detail })
  })

  it('[ACCEPT3] takes one of many parallel requests that differ, and refuses the others', async () => {
    const key = randomUUID()
    const bodies = Array.from({ length: 20 }, (_, i) => ({ body: `Version ${i % 2} of the race.` }))
    const answers = await Promise.all(bodies.map(body => call<Receipt>('POST', UPDATES, keyed(key, { body }))))
    const accepted = answers.filter(({ status }) => status === 202)
    expect(accepted).toHaveLength(10)
    expect(new Set(accepted.map(({ text }) => text)).size).toBe(1)
    for (const answer of answers.filter(({ status }) => status !== 202)) expectProblem(answer, 'key-reused')
    const texts = (await entriesSoFar()).flatMap(line => ('update' in line ? [line.update.bodyText] : []))
    expect(texts.filter(text => text.endsWith('of the race.'))).toHaveLength(1)
  })

  it('[ACCEPT3] is told from another by its request, not by the order of its fields', async () => {
    const key = randomUUID()
    const first = await call('POST', UPDATES, keyed(key, { body: { body: 'a', headline: 'b' } }))
    const again = await call('POST', UPDATES, keyed(key, { raw: '{ "headline":"b", "bodyFormat":"text","body":"a" }' }))
    expect(again.status).toBe(202)
    expect(again.body).toEqual(first.body)
  })

  it('[ACCEPT3] belongs to one editor in one event', async () => {
    await createEvent({ id: 'other' })
    const options = keyed(randomUUID(), { body: { body: 'The same.' } })
    const answers = [
      await call<Receipt>('POST', UPDATES, options),
      await call<Receipt>('POST', UPDATES, { ...options, as: 'contributor' }),
      await call<Receipt>('POST', '/v1/events/other/updates', options),
    ]
    for (const { status, headers } of answers) {
      expect(status).toBe(202)
      expect(headers['idempotency-replayed']).toBeUndefined()
    }
    expect(new Set(answers.map(({ body }) => body.updateId)).size).toBe(3)
  })

  it.each(['', ' ', 'a b', 'ключ', 'a'.repeat(201), 'a\tb', '"a b"', '""'])(
    '[ACCEPT4] is refused when it is malformed: %j',
    async key => {
      const detail = 'Idempotency-Key must be 1 to 200 printable ASCII characters without spaces.'
      const bytes = Buffer.from(key).toString('latin1') // header values are sent byte by byte
      const posted = await call('POST', UPDATES, keyed(bytes, { body: { body: 'a' } }))
      expectProblem(posted, 'invalid-request', { detail })
      const created = await call('POST', '/v1/events', keyed(bytes, { body: { headline: 'a' } }))
      expectProblem(created, 'invalid-request', { detail })
      await publish('talks')
    },
  )

  it('[ACCEPT4] may have 200 characters, and quotes around it make no difference', async () => {
    const key = 'k'.repeat(200)
    const first = await call<Receipt>('POST', UPDATES, keyed(key, { body: { body: 'a' } }))
    const quoted = await call<Receipt>('POST', UPDATES, keyed(`"${key}"`, { body: { body: 'a' } }))
    expect([first.status, quoted.status]).toEqual([202, 202])
    expect(quoted.body).toEqual(first.body)
  })

  it('[ACCEPT4] is not kept for a request that was refused', async () => {
    const key = randomUUID()
    expectProblem(await call('POST', UPDATES, keyed(key, { body: {} })), 'invalid-request', { errors: ['#/body'] })
    expect((await call('POST', UPDATES, keyed(key, { body: { body: 'Mended.' } }))).status).toBe(202)
  })

  it('[ACCEPT1] gives a repeat that waits the published update', async () => {
    const options = keyed(randomUUID(), { body: { body: 'Waited for.' }, headers: { Prefer: 'wait=10' } })
    const first = await call<Update>('POST', UPDATES, options)
    const again = await call<Update>('POST', UPDATES, options)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.text).toBe(first.text)
    expect(again.headers['idempotency-replayed']).toBe('true')
  })
})

describe('an updateId that an editor chooses', () => {
  it('[ACCEPT4] is taken once, and refused to another submission', async () => {
    const updateId = randomUUID()
    const first = await call<Receipt>('POST', UPDATES, { body: { body: 'Mine.', updateId } })
    expect(first.body.updateId).toBe(updateId)
    const second = await call('POST', UPDATES, { body: { body: 'Also mine.', updateId } })
    const detail = 'Another submission has this updateId. To change that update, PATCH it.'
    expectProblem(second, 'update-exists', { detail })
  })
})
