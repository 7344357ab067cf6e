import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { ConnectionState, DatelineClient } from '../../src/client/types.ts'
import { callsTo } from '../support/http.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { viewersOf } from '../support/socket-viewer.ts'

const settled = { timeout: 15_000, interval: 10 }

/** One that lets in one a second, and two at once. */
const narrow = await startServer({
  env: { LIMIT_SOCKETS_PER_S: '1', LIMIT_POSTS_PER_S: '2', LIMIT_POSTS_AT_ONCE: '2' },
})
const { connect } = viewersOf(narrow)
const server = await startServer({
  env: {
    ...{ LIMIT_JOINS_PER_SOCKET: '1', JOIN_WITHIN_MS: '300', STAY_UNJOINED_MS: '300' },
  },
})
afterAll(async () => {
  await server.stop()
  await narrow.stop()
})

const clients: DatelineClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

function clientOf(of: TestServer, token?: string, random = () => 0.5): DatelineClient {
  const client = createClient({ url: of.url, ...(token === undefined ? {} : { token }) }, { random })
  clients.push(client)
  return client
}

describe('the SDK', () => {
  it('[LIMIT7] comes back when it was told to, and not before', async () => {
    await callsTo(narrow).createEvent({ id: 'talks' })
    for (let i = 0; i < 2; i++) await connect().catch(() => {})
    const waits: { state: Extract<ConnectionState, { name: 'waiting' }>; at: number }[] = []
    const tries: number[] = []
    const watched = clientOf(narrow).watch('talks', {
      onChange(change) {
        if (change.kind !== 'state') return
        if (change.state.name === 'waiting') waits.push({ state: change.state, at: performance.now() })
        if (change.state.name === 'connecting') tries.push(performance.now())
      },
    })
    await vi.waitFor(() => expect(watched.state.name).toBe('live'), settled)
    expect(waits.length).toBeGreaterThan(0)
    for (const [n, { state, at }] of waits.entries()) {
      expect(state.why).toBe('Dateline is unavailable for a moment')
      const next = tries.find(time => time > at) ?? 0
      // Half of what is added at most stands at the end; a timer may end a moment early.
      expect(next - at, `wait ${n}`).toBeGreaterThan(state.retryInMs - 5)
      expect(state.retryInMs).toBeGreaterThan(125)
    }
  })

  it('[LIMIT7] repeats a write that was too many, until it is accepted', async () => {
    await callsTo(narrow).createEvent({ id: 'busy' })
    const client = clientOf(narrow, await narrow.sign({ sub: 'fast' }, '1h'), () => 0.1)
    const written = await Promise.all(
      Array.from({ length: 8 }, (_, n) => client.publish('busy', { body: `Line ${n}` })),
    )
    expect(written.every(({ state }) => state === 'accepted')).toBe(true)
  })

  it('[LIMIT8] waits with a join that was too many', async () => {
    await callsTo(server).createEvent({ id: 'one' })
    await callsTo(server).createEvent({ id: 'two' })
    const client = clientOf(server, undefined, () => 0)
    const [one, two] = [client.watch('one', { onChange() {} }), client.watch('two', { onChange() {} })]
    await vi.waitFor(() => expect([one.state.name, two.state.name].toSorted()).toEqual(['live', 'waiting']), settled)
    const waiting = [one.state, two.state].find(({ name }) => name === 'waiting')
    expect(waiting).toMatchObject({ why: 'This socket sent too many joins.' })
    expect(waiting?.name === 'waiting' && waiting.retryInMs).toBeGreaterThan(5_000)
  })

  it('[LIMIT11] that is let in nowhere does not come back by itself when it is closed, but with another token', async () => {
    await callsTo(server).createEvent({ id: 'secret', visibility: 'private' })
    const states: string[] = []
    const client = clientOf(server)
    const watched = client.watch('secret', {
      onChange(change) {
        if (change.kind === 'state') states.push(change.state.name)
      },
    })
    await vi.waitFor(() => expect(watched.state.name).toBe('refused'), settled)
    await vi.waitFor(async () => {
      const { text } = await callsTo(server).call('GET', '/metrics', { as: 'ops' })
      expect(text).toMatch(/^dateline_drops_total\{reason="idle"\} 1$/m)
      expect(text).toMatch(/^dateline_viewers 0$/m)
    }, settled)
    expect(states.filter(name => name === 'refused')).toHaveLength(1)
    expect(watched.state.name).toBe('refused')
    client.setToken(server.tokens.editor)
    await vi.waitFor(() => expect(watched.state.name).toBe('live'), settled)
  })
})
