import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { callsTo, problemLike } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { expectRefused, viewersOf } from '../support/socket-viewer.ts'

const server = await startServer({ env: { PUBLIC_ORIGINS: 'https://news.example,http://localhost:8080' } })
const { call, createEvent, publish } = callsTo(server)
const { connect } = viewersOf(server)
await createEvent({ id: 'talks' })
await createEvent({ id: 'secret', visibility: 'private' })
const { host, port } = new URL(server.url)
const expired = await server.sign({}, '-1m')

afterAll(() => server.stop())

/** Whatever came through the door, the next viewer gets in and is sent what is published. */
afterEach(async () => {
  const viewer = await connect()
  const answer = await viewer.join('talks')
  await publish('talks', { body: 'Still here.' })
  await viewer.reaches(answer.result === 'refused' ? 0 : answer.position.seq + 1)
  viewer.expectNoGap()
})

async function upgrade(headers: Record<string, string>): Promise<{ status: number; type?: string; text: string }> {
  const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers })
  const answer = await new Promise<IncomingMessage | undefined>((resolve, reject) => {
    ws.once('open', () => resolve(undefined))
    ws.once('unexpected-response', (_req, res) => resolve(res))
    ws.once('error', reject)
  })
  if (answer === undefined) {
    ws.close()
    await once(ws, 'close')
    return { status: 101, text: '' }
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const type = answer.headers['content-type'] ?? ''
  return { status: answer.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() }
}

describe('the Origin of a page that opens a socket', () => {
  it.each([
    'https://evil.example',
    `https://evil.example:${port}`,
    `http://127.0.0.1.evil.example:${port}`,
    `http://127.0.0.1:${Number(port) + 1}`,
    'https://news.example.evil.example',
    'https://sub.news.example',
    'http://news.example',
    'https://news.example/',
    'null',
    'file://',
    'rubbish',
    '',
  ])('[SOCKET1] is refused when it is another: %j', async origin => {
    const { status, type, text } = await upgrade({ Origin: origin })
    expect(status).toBe(403)
    expect(type).toBe('application/problem+json')
    const problem = JSON.parse(text)
    expect(problem).toEqual(problemLike('not-allowed', { detail: `Pages of ${origin} may not connect here.` }, problem))
  })

  it.each([`http://${host}`, `https://${host}`, 'https://news.example', 'http://localhost:8080'])(
    '[SOCKET1] is let in when it is ours or listed: %s',
    async origin => {
      expect((await upgrade({ Origin: origin })).status).toBe(101)
    },
  )

  it('[SOCKET1] is not needed outside of browsers', async () => {
    expect((await upgrade({})).status).toBe(101)
  })

  it('[SOCKET1] that was refused leaves no connection, even if the other side does not close', async () => {
    const socket = connectTcp({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true })
    let isClosed = false
    socket.on('error', () => {
      isClosed = true
    })
    socket.resume()
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.example\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(socket, 'end')
    // A socket that is closed on the other side answers what is still sent with a reset.
    await vi.waitFor(() => {
      if (!isClosed) socket.write('x')
      expect(isClosed).toBe(true)
    })
    socket.destroy()
  })
})

describe('the handshake', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub: 'erin', name: 'Erin', roles: ['editor'], exp: 9_999_999_999 }
  const malformed = 'The bearer token is malformed, forged or expired.'
  const noString = 'auth.token must be a string.'

  it.each([
    ['rubbish', 'rubbish', malformed],
    ['three parts of rubbish', 'a.b.c', malformed],
    ['alg none', `${part({ alg: 'none' })}.${part(claims)}.`, malformed],
    ['forged', `${part({ alg: 'HS256' })}.${part(claims)}.${'A'.repeat(43)}`, malformed],
    ['expired', expired, malformed],
    ['a number', 7, noString],
    ['an object', { a: 1 }, noString],
    ['a list', ['a'], noString],
    ['true', true, noString],
  ])('[SOCKET2] with a token that does not hold ends with the problem: %s', async (_what, token, detail) => {
    const error = await connect({ as: { token } }).then(
      () => undefined,
      (reason: unknown) => reason as Error & { data: Record<string, unknown> },
    )
    expect(error?.message).toBe('refused')
    expect(error?.data).toEqual({
      ...{ type: '/problems/token-needed', title: 'A valid bearer token is needed', status: 401, retry: false },
      detail,
    })
  })

  it.each([
    ['none', undefined],
    ['null', null],
    ['an empty one', ''],
  ])('[SOCKET2] needs no token for what is public: %s', async (_what, token) => {
    const viewer = await connect({ as: { token } })
    expect((await viewer.join('talks')).result).toBe('restarted')
    expectRefused(await viewer.join('secret'), 'event-not-found', { detail: 'There is no event secret.' })
  })

  it('[SOCKET2] takes no token from the address', async () => {
    const viewer = await connect({ query: { token: server.tokens.editor, access_token: server.tokens.editor } })
    expectRefused(await viewer.join('secret'), 'event-not-found')
  })

  it('[SOCKET2] goes over websocket only', async () => {
    const answer = await call('GET', '/socket.io/?EIO=4&transport=polling', { as: null })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('sid')
  })

  it('[SOCKET2] of another protocol is cut off', async () => {
    for (const path of ['EIO=3&transport=websocket', 'EIO=4&transport=websocket&sid=abc', 'transport=rubbish', '']) {
      const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?${path}`)
      const messages: unknown[] = []
      ws.on('message', message => messages.push(message))
      ws.on('error', () => {}) // told again by close
      await new Promise(resolve => ws.once('close', resolve))
      expect(messages).toEqual([])
    }
  })
})
