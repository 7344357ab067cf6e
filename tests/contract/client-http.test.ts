import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { ProblemError } from '../../src/client/problem-error.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import { problems } from '../../src/protocol/problems.ts'
import { anEvent, anUpdate } from '../spec/client/feed-model.ts'

type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'cut' | 'hang'
interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

const receipt = { updateId: anUpdate(1).id, acceptNumber: 2, state: 'accepted', durability: 'always', links: {} }
const accepted: Reply = { status: 202, body: receipt }
const refused = (code: keyof typeof problems, headers = {}): Reply => ({
  status: problems[code].status,
  headers: { 'Content-Type': 'application/problem+json', ...headers },
  body: { type: `/problems/${code}`, ...problems[code], detail: `It is ${code}.` },
})

/** What the server answers to one request after the other, and what it was asked. */
let replies: Reply[]
let received: Received[]
let client: DatelineClient
const server = createServer((req, res) => void answer(req, res))

beforeEach(async () => {
  replies = []
  received = []
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  client = createClient({ url: `http://127.0.0.1:${port}`, token: 'a.b.c' }, { random: () => 0.01 })
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const { method = '', url = '', headers } = req
  received.push({ method, path: url, headers, body: text === '' ? undefined : JSON.parse(text) })
  const reply = replies.shift()
  if (reply === 'hang') return
  if (reply === undefined || reply === 'cut') {
    res.destroy()
    return
  }
  res.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers })
  res.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
}

const keys = () => received.map(request => request.headers['idempotency-key'])
async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ProblemError) return error
  throw new Error(`expected a ProblemError, got ${String(error)}`)
}

describe('a write', () => {
  it('[SDK20] is repeated under one key while the problem says so, an answer is no answer, or there is none', async () => {
    const bad: Reply = { status: 502, body: '<h1>Bad gateway</h1>' }
    const garbled: Reply = { status: 202, body: '<h1>Welcome to the hotel</h1>' }
    replies.push(refused('unavailable'), 'cut', bad, garbled, refused('too-many'), { ...accepted })
    const repeats: unknown[] = []
    const options = { onRepeat: (repeat: { attempt: number }) => repeats.push(repeat.attempt) }
    const written = await client.publish('harbour-opening', { body: 'The gates open.' }, options)
    expect(written).toEqual({ state: 'accepted', receipt, replayed: false })
    expect(repeats).toEqual([2, 3, 4, 5, 6])
    expect(new Set(keys()).size).toBe(1)
    expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(received.map(request => JSON.stringify(request.body)))).toEqual(
      new Set(['{"body":"The gates open."}']),
    )
  })

  it('[SDK20] has a key of its own, or the one it is given', async () => {
    replies.push(accepted, accepted, accepted)
    await client.publish('harbour-opening', { body: 'a' })
    await client.publish('harbour-opening', { body: 'a' })
    await client.publish('harbour-opening', { body: 'a' }, { key: 'line-1' })
    expect(new Set(keys()).size).toBe(3)
    expect(keys()[2]).toBe('line-1')
  })

  it('[SDK20] waits as long as Retry-After asks', async () => {
    replies.push(refused('unavailable', { 'Retry-After': '1' }), accepted)
    const waits: number[] = []
    const startedAt = performance.now()
    await client.publish('harbour-opening', { body: 'a' }, { onRepeat: ({ inMs }) => waits.push(inMs) })
    expect(waits).toEqual([1_005])
    expect(performance.now() - startedAt).toBeGreaterThan(990)
  })

  it('[SDK21] rejects with the problem as it was sent when a repeat would not help', async () => {
    replies.push(refused('version-mismatch'))
    const error = await problemOf(client.revise('harbour-opening', anUpdate(1).id, 1, { body: 'b' }))
    expect(error).toMatchObject({
      code: 'version-mismatch',
      message: 'It is version-mismatch.',
      problem: { status: 412 },
    })
    expect(received).toHaveLength(1)
  })

  it('[SDK21] rejects with a problem of its own when the answer is not from Dateline', async () => {
    replies.push({ status: 403, body: 'Forbidden' })
    const error = await problemOf(client.publish('harbour-opening', { body: 'b' }))
    expect([error.code, error.problem.status, error.problem.retry]).toEqual([undefined, 403, false])
  })

  it('[SDK22] stops when its signal says so, while waiting and under way', async () => {
    replies.push(refused('unavailable', { 'Retry-After': '60' }), 'hang')
    const waiting = new AbortController()
    const onRepeat = () => queueMicrotask(() => waiting.abort(new Error('enough')))
    const first = client.publish('harbour-opening', { body: 'a' }, { signal: waiting.signal, onRepeat })
    await expect(first).rejects.toThrow('enough')
    const underWay = AbortSignal.timeout(50)
    await expect(client.publish('harbour-opening', { body: 'a' }, { signal: underWay })).rejects.toThrow(/timeout/)
  })

  it('[SDK23] tells the update when its end was waited for, and the receipt when it took longer', async () => {
    replies.push({ status: 201, body: anUpdate(1) }, { ...accepted, headers: { 'Idempotency-Replayed': 'true' } })
    const written = await client.publish('harbour-opening', { body: 'a' }, { waitSeconds: 5 })
    expect(written).toEqual({ state: 'done', update: anUpdate(1), replayed: false })
    expect(received[0]?.headers['prefer']).toBe('wait=5')
    const again = await client.publish('harbour-opening', { body: 'a' }, { waitSeconds: 5 })
    expect(again).toMatchObject({ state: 'accepted', replayed: true })
  })

  it('[SDK23] says which version it saw, and sends a reason where there is one', async () => {
    replies.push(accepted, accepted, { status: 200, body: anEvent({ version: 3 }) })
    await client.retract('harbour-opening', anUpdate(1).id, 2, 'Posted twice.')
    await client.retract('harbour-opening', anUpdate(1).id, 2)
    const changed = await client.changeEvent('harbour-opening', 2, { status: 'ended' }, { waitSeconds: 1 })
    expect(changed).toMatchObject({ state: 'done', event: { version: 3 } })
    expect(received.map(({ method, headers, body }) => [method, headers['if-match'], body])).toEqual([
      ['DELETE', '"2"', { reason: 'Posted twice.' }],
      ['DELETE', '"2"', undefined],
      ['PATCH', '"2"', { status: 'ended' }],
    ])
  })
})

describe('a read', () => {
  it('[SDK24] sends the token in a header, and none once it is taken away', async () => {
    replies.push({ status: 200, body: anEvent() }, { status: 200, body: anEvent() })
    await client.event('harbour-opening')
    client.setToken(undefined)
    await client.event('harbour-opening')
    expect(received.map(({ headers }) => headers.authorization)).toEqual(['Bearer a.b.c', undefined])
    expect(received.map(({ path }) => path)).toEqual(['/v1/events/harbour-opening', '/v1/events/harbour-opening'])
  })

  it('[SDK24] keeps what it is given inside its place in the path', async () => {
    replies.push(refused('event-not-found'))
    await problemOf(client.event('../../healthz?x=1'))
    expect(received[0]?.path).toBe('/v1/events/..%2F..%2Fhealthz%3Fx%3D1')
  })

  it('[SDK24] follows a link to older updates on its own server only', async () => {
    replies.push({ status: 200, body: {} })
    await client.feed('harbour-opening', { older: 'https://evil.example/v1/events/harbour-opening/feed?before=1.2' })
    expect(received[0]?.path).toBe('/v1/events/harbour-opening/feed?before=1.2')
  })

  it('[SDK25] lists the events of all pages', async () => {
    const link = { Link: '</v1/events?limit=200&offset=200>; rel="next"' }
    replies.push({ status: 200, headers: link, body: { events: [anEvent()] } })
    replies.push({ status: 200, body: { events: [anEvent({ id: 'second' })] } })
    expect((await client.events()).map(({ id }) => id)).toEqual(['harbour-opening', 'second'])
    expect(received[1]?.path).toBe('/v1/events?limit=200&offset=200')
  })

  it('[SDK25] is tried once: it rejects, with retry true, when nobody answers', async () => {
    const error = await problemOf(client.submission('harbour-opening', 7, { waitSeconds: 2 }))
    expect(error.problem).toMatchObject({ status: 0, retry: true })
    expect(received.map(({ path }) => path)).toEqual(['/v1/events/harbour-opening/submissions/7?wait=2'])
  })
})
