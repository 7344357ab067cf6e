import { once } from 'node:events'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Problem } from '../../src/protocol/problems.ts'
import { callsTo } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type SocketViewer, viewersOf } from '../support/socket-viewer.ts'
import { openStream } from '../support/stream-viewer.ts'

/** Its own door is tried by the tests of handshakes: here nobody else may come in their way. */
const server = await startServer({
  env: {
    ...{ LIMIT_JOINS_PER_SOCKET: '4', LIMIT_REQUESTS_PER_SOCKET: '30', LIMIT_BAD_PACKETS: '5' },
    ...{ JOIN_WITHIN_MS: '600', STAY_UNJOINED_MS: '1200', LIMIT_STREAMS_PER_ADDRESS: '2' },
  },
})
const { createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
await createEvent({ id: 'talks' })
afterAll(() => server.stop())

const isClosed = (viewer: SocketViewer, timeout = 8_000) =>
  vi.waitFor(() => expect(viewer.socket.connected).toBe(false), { timeout, interval: 10 })

/** Sends without an ack. */
function send(viewer: SocketViewer, name: string, ...args: unknown[]): void {
  const emitter = viewer.socket as unknown as { emit(name: string, ...args: unknown[]): void }
  emitter.emit(name, ...args)
}

describe('one socket', () => {
  it('[LIMIT8] that joins too often is refused, told when to come again, and goes on with what it has', async () => {
    const [viewer, other] = [await connect(), await connect()]
    for (let i = 0; i < 4; i++) expect((await viewer.join('talks')).result).not.toBe('refused')
    const refused = await viewer.join('talks')
    expect(refused).toMatchObject({
      result: 'refused',
      problem: { type: '/problems/too-many', status: 429, retry: true, retryAfterMs: expect.any(Number) },
      retryAfterMs: expect.any(Number),
    })
    const { retryAfterMs } = refused as { retryAfterMs: number }
    expect(retryAfterMs).toBeGreaterThan(0)
    expect(retryAfterMs).toBeLessThanOrEqual(10_000)
    expect((await other.join('talks')).result).toBe('restarted')
    const before = viewer.entries.length
    await publish('talks')
    await vi.waitFor(() => expect(viewer.entries.length).toBe(before + 1))
  })

  it('[LIMIT8] that asks too often is refused', async () => {
    const viewer = await connect()
    await viewer.join('talks')
    const answers = await Promise.all(Array.from({ length: 40 }, () => viewer.ask('leave', { eventId: 'other' })))
    expect(answers.filter(({ result }) => result === 'done')).toHaveLength(29)
    expect(answers.at(-1)).toMatchObject({ result: 'refused', problem: { status: 429 } })
    expect(viewer.socket.connected).toBe(true)
  })

  it('[LIMIT9] that asks for what there is not is refused', async () => {
    const viewer = await connect()
    for (const name of ['publish', 'entry', '__proto__', 'toString']) {
      expect(await viewer.ask(name, { eventId: 'talks' })).toMatchObject({
        result: 'refused',
        problem: { type: '/problems/invalid-request', detail: 'There is no request of that name.' },
      })
    }
    expect((await viewer.join('talks')).result).toBe('restarted')
  })

  it('[LIMIT9] that sends binary packets is refused', async () => {
    const viewer = await connect()
    const answer = await viewer.ask('join', { eventId: 'talks', after: Buffer.from('here') })
    expect(answer).toMatchObject({ result: 'refused', problem: { type: '/problems/invalid-request' } })
    expect(await viewer.ask('upload', Buffer.from('a picture'))).toMatchObject({ result: 'refused' })
  })

  it('[LIMIT9] is cut off when it sends bytes that belong to nothing', async () => {
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    await once(ws, 'open')
    ws.send('40')
    ws.send(Buffer.from([1, 2, 3]))
    await once(ws, 'close')
  })

  it.each<[what: string, name: string, ...args: unknown[]]>([
    ['are for what there is not', 'publish', { eventId: 'talks' }],
    ['are not valid', 'leave', { eventId: '..' }, () => {}],
    ['want no answer', 'join', { eventId: 'talks' }],
    ['are binary', 'leave', Buffer.from('talks'), () => {}],
  ])('[LIMIT10] is cut off when too many of its packets %s, and nobody else', async (_what, name, ...args) => {
    const [viewer, other] = [await connect(), await connect()]
    await other.join('talks')
    await viewer.join('talks')
    for (let i = 0; i < 4; i++) send(viewer, name, ...args)
    expect(await viewer.ask('leave', { eventId: 'other' })).toEqual({ result: 'done' })
    send(viewer, name, ...args)
    await isClosed(viewer)
    await publish('talks')
    await other.reaches(other.reached)
    expect(other.socket.connected).toBe(true)
  })

  it('[LIMIT11] that asks for no room is closed', async () => {
    const began = performance.now()
    const [idle, joined] = [await connect(), await connect()]
    await joined.join('talks')
    await isClosed(idle)
    expect(performance.now() - began).toBeGreaterThanOrEqual(600)
    await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(2_500), { timeout: 5_000 })
    expect(joined.socket.connected).toBe(true)
  })

  it('[LIMIT11] that does not even say who it is is closed', async () => {
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}${PATH}`)
    await once(ws, 'close')
  })

  it('[LIMIT11] that has left its rooms, or was let into none, stays for a while', async () => {
    const [left, refused, leftOne] = [await connect(), await connect(), await connect()]
    await createEvent({ id: 'second' })
    await leftOne.join('talks')
    await leftOne.join('second')
    await leftOne.ask('leave', { eventId: 'second' })
    expect((await refused.join('missing')).result).toBe('refused')
    await left.join('talks')
    await left.ask('leave', { eventId: 'talks' })
    const began = performance.now()
    await Promise.all([isClosed(left), isClosed(refused)])
    expect(performance.now() - began).toBeGreaterThan(700)
    expect(leftOne.socket.connected).toBe(true)
  })
})

describe('event streams', () => {
  it('[LIMIT12] of one address over the bound are refused; a place is free again when one is closed', async () => {
    const [first, second] = [await openStream(server.url, 'talks'), await openStream(server.url, 'talks')]
    const refused = await fetch(`${server.url}/v1/events/talks/stream`)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toMatchObject({ type: '/problems/too-many', retryAfterMs: 5_000 })
    first.close()
    const third = await vi.waitFor(() => openStream(server.url, 'talks'), { timeout: 5_000, interval: 50 })
    for (const stream of [second, third]) stream.close()
  })

  it('[LIMIT12] that are refused, or ask for no body, take no place', async () => {
    const ends = async (path: string, method: string, status: number) =>
      expect((await fetch(`${server.url}${path}`, { method })).status).toBe(status)
    // The streams of the test before may not be gone yet.
    await vi.waitFor(() => ends('/v1/events/missing/stream', 'GET', 404), { timeout: 5_000 })
    for (let i = 0; i < 5; i++) {
      await ends('/v1/events/missing/stream', 'GET', 404)
      await ends('/v1/events/talks/stream', 'HEAD', 200)
    }
    const stream = await openStream(server.url, 'talks')
    stream.close()
  })
})

describe('the door of a gateway', () => {
  const open: TestServer[] = []
  afterEach(async () => {
    for (const each of open.splice(0)) await each.stop()
  })

  async function gateway(env: Record<string, string>): Promise<TestServer> {
    const started = await startServer({ env })
    open.push(started)
    await callsTo(started).createEvent({ id: 'talks' })
    return started
  }

  it('[LIMIT5] refuses the handshakes of an address that comes too often, streams too', async () => {
    const { url } = await gateway({ LIMIT_HANDSHAKES_PER_ADDRESS: '3' })
    const stream = await openStream(url, 'talks')
    expect([await knock(url), await knock(url)]).toEqual([{ status: 101 }, { status: 101 }])
    const refused = await knock(url)
    expect(refused).toMatchObject({ status: 429, problem: { type: '/problems/too-many', retry: true } })
    const { retryAfter, problem } = refused
    expect(Number(retryAfter)).toBe(Math.ceil(Number(problem?.['retryAfterMs']) / 1_000))
    expect(Number(retryAfter)).toBeLessThanOrEqual(10)
    expect((await knock(url, { query: '&refuse-inside=1' })).status).toBe(429)
    expect((await fetch(`${url}/v1/events/talks/stream`)).status).toBe(429)
    stream.close()
  })

  it('[LIMIT13] tells addresses apart by X-Forwarded-For only behind a proxy', async () => {
    const behind = await gateway({ LIMIT_HANDSHAKES_PER_ADDRESS: '1', TRUST_PROXY: '1' })
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } })
    expect((await knock(behind.url, from('192.0.2.1'))).status).toBe(101)
    expect((await knock(behind.url, from('192.0.2.2'))).status).toBe(101)
    expect((await knock(behind.url, from('198.51.100.1, 192.0.2.2'))).status).toBe(429)
    await open.pop()?.stop()
    const { url } = await gateway({ LIMIT_HANDSHAKES_PER_ADDRESS: '1' })
    expect((await knock(url, from('192.0.2.1'))).status).toBe(101)
    expect((await knock(url, from('192.0.2.2'))).status).toBe(429)
  })

  it('[LIMIT6] lets in what it can a second; others are told when to come back, each later than the one before', async () => {
    const { url } = await gateway({ LIMIT_SOCKETS_PER_S: '2' })
    const answers = []
    for (let i = 0; i < 12; i++) answers.push(await knock(url))
    const refused = answers.filter(({ status }) => status !== 101)
    expect(refused.length).toBeGreaterThan(2)
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 503, problem: { type: '/problems/unavailable', retry: true } })
      expect(Number(answer.retryAfter)).toBeGreaterThanOrEqual(1)
    }
    const waits = refused.map(({ problem }) => Number(problem?.['retryAfterMs']))
    expect(waits.at(-1)).toBeGreaterThan(waits[0] ?? Number.POSITIVE_INFINITY)
  })

  it('[LIMIT7] lets in only to be told, who asks for that, and closes the connection then', async () => {
    const { url } = await gateway({ LIMIT_SOCKETS_PER_S: '1' })
    const told = await vi.waitFor(
      async () => {
        const text = await answerToConnect(`${url.replace('http', 'ws')}${PATH}&refuse-inside=1`)
        expect(text).toMatch(/^44/)
        return JSON.parse(text.slice(2)) as { message: string; data: Problem }
      },
      { timeout: 5_000 },
    )
    expect(told).toMatchObject({
      message: 'refused',
      data: { type: '/problems/unavailable', status: 503, retry: true, retryAfterMs: expect.any(Number) },
    })
  })

  it('[LIMIT14] has no bound that is set to 0', async () => {
    const off = Object.fromEntries(
      [
        ...['POSTS_PER_S', 'PREVIEWS_PER_MIN', 'HANDSHAKES_PER_ADDRESS', 'SOCKETS_PER_S', 'STREAMS_PER_ADDRESS'],
        ...['POLLS_PER_ADDRESS', 'JOINS_PER_SOCKET', 'REQUESTS_PER_SOCKET', 'BAD_PACKETS'],
      ].map(name => [`LIMIT_${name}`, '0']),
    )
    const started = await gateway({ ...off, JOIN_WITHIN_MS: '0' })
    const answers = await Promise.all(Array.from({ length: 30 }, () => knock(started.url)))
    expect(answers.every(({ status }) => status === 101)).toBe(true)
    const { call } = callsTo(started)
    const posted = await call('POST', '/v1/events/talks/updates', { body: { body: 'Hello.' } })
    expect(posted.status).toBe(202)
    expect(posted.headers['ratelimit-policy']).toBeUndefined()
  })
})

const PATH = '/socket.io/?EIO=4&transport=websocket'

interface Knock {
  readonly status: number
  readonly retryAfter?: string | undefined
  readonly problem?: Record<string, unknown>
}

/** One handshake; the connection is closed again. */
async function knock(url: string, { query = '', headers = {} } = {}): Promise<Knock> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}${PATH}${query}`, { headers })
  return await new Promise((resolve, reject) => {
    ws.once('error', reject)
    ws.once('open', () => {
      ws.close()
      ws.once('close', () => resolve({ status: 101 }))
    })
    ws.once('unexpected-response', async (_req, res) => {
      const chunks: Buffer[] = []
      for await (const chunk of res) chunks.push(chunk as Buffer)
      const { statusCode: status = 0, headers: told } = res
      const problem = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
      resolve({ status, retryAfter: told['retry-after'], problem })
    })
  })
}

/** What is answered to a CONNECT (`40...`, or `44...` for connect_error); after an error, the server closes. */
async function answerToConnect(url: string): Promise<string> {
  const ws = new WebSocket(url)
  const closed = once(ws, 'close')
  const answered = new Promise<string>(resolve => {
    ws.on('message', data => {
      if (String(data).startsWith('4')) resolve(String(data))
    })
  })
  await once(ws, 'open')
  ws.send('40')
  const answer = await answered
  if (!answer.startsWith('44')) ws.close()
  await closed
  return answer
}
