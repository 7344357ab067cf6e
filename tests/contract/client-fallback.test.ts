import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions, ConnectionState, DatelineClient, Watch, WatchChange } from '../../src/client/types.ts'
import { type HostileNetwork, startHostileNetwork } from '../support/hostile-network.ts'
import { callsTo } from '../support/http.ts'
import { startServer } from '../support/server.ts'

const settled = { timeout: 30_000, interval: 20 }
const server = await startServer()
const { createEvent, publish } = callsTo(server)
let network: HostileNetwork
let clients: DatelineClient[]
let events = 0

beforeEach(async () => {
  clients = []
  network = await startHostileNetwork(server.url)
})
afterEach(async () => {
  for (const client of clients) client.close()
  await network.stop()
})
afterAll(() => server.stop())

/** Waits are a hundredth of the longest, but for looks upwards: these are tested where they are wanted. */
function aClient(options: Partial<ClientOptions> = {}, random = 0.01): DatelineClient {
  const client = createClient({ url: network.url, ...options }, { random: () => random })
  clients.push(client)
  return client
}

async function anEvent(draft: Record<string, unknown> = {}): Promise<string> {
  events += 1
  return (await createEvent({ id: `fall-${events}`, ...draft })).id
}

function watch(client: DatelineClient, eventId: string) {
  const changes: WatchChange[] = []
  const it = client.watch(eventId, { onChange: change => changes.push(change) })
  return {
    it,
    changes,
    states: () => changes.flatMap(change => (change.kind === 'state' ? [change.state] : [])),
    seqs: () => changes.flatMap(change => (change.kind === 'entry' ? [change.entry.seq] : [])),
    /** Each entry follows the one before it, or the snapshot that was told. */
    expectUnbroken() {
      let seq = 0
      for (const change of changes) {
        if (change.kind === 'restarted') seq = change.view.position.seq
        if (change.kind !== 'entry') continue
        expect(change.entry.seq).toBe(seq + 1)
        seq = change.entry.seq
      }
    },
  }
}

const liveBy = (watched: Watch, by: string) =>
  vi.waitFor(() => expect(watched.state).toMatchObject({ name: 'live', by, stale: false }), settled)
const stands = (watched: Watch, seq: number) => vi.waitFor(() => expect(watched.view?.position.seq).toBe(seq), settled)
const isLive = (state: ConnectionState) => state.name === 'live'

describe('a watch', () => {
  it('[FALL1] uses a websocket where there is one, and says so, and since when', async () => {
    const eventId = await anEvent()
    const before = Date.now()
    const { it: watched } = watch(aClient(), eventId)
    await liveBy(watched, 'websocket')
    expect(watched.state).toMatchObject({ sinceMs: expect.any(Number) })
    const since = watched.state.name === 'live' ? watched.state.sinceMs : 0
    expect(since).toBeGreaterThanOrEqual(before)
    expect(network.begun).toEqual({ websocket: 1, stream: 0, other: 0 })
  })

  it('[FALL2] goes on by an event stream where websockets are refused', async () => {
    network.treat = { websocket: 'refuse' }
    const eventId = await anEvent()
    const { it: watched, seqs } = watch(aClient({}, 0.1), eventId)
    await liveBy(watched, 'stream')
    for (let n = 2; n <= 5; n++) await publish(eventId)
    await stands(watched, 5)
    expect(seqs()).toEqual([2, 3, 4, 5])
    expect(watched.verified).toEqual({ state: 'linked', from: 2, to: 5 })
  })

  it('[FALL2] goes on by polling where event streams are refused as well', async () => {
    network.treat = { websocket: 'refuse', stream: 'refuse' }
    const eventId = await anEvent()
    await publish(eventId)
    const { it: watched, seqs } = watch(aClient({}, 0.1), eventId)
    await liveBy(watched, 'poll')
    for (let n = 3; n <= 6; n++) await publish(eventId)
    await stands(watched, 6)
    expect(seqs()).toEqual([3, 4, 5, 6])
    expect(watched.verified).toEqual({ state: 'linked', from: 3, to: 6 })
  })

  it('[FALL3] leaves a way by which nothing comes through, at the first try', { timeout: 60_000 }, async () => {
    network.treat = { websocket: 'swallow', stream: 'hold' }
    const eventId = await anEvent()
    const { it: watched } = watch(aClient({}, 0.1), eventId)
    await liveBy(watched, 'poll')
    expect(network.begun).toMatchObject({ websocket: 1, stream: 1 })
  })

  it('[FALL5] climbs back from polling while updates come, and tells of no lost connection', async () => {
    network.treat = { websocket: 'refuse', stream: 'refuse' }
    const eventId = await anEvent()
    const { it: watched, changes, states, seqs } = watch(aClient({}, 0.03), eventId)
    await liveBy(watched, 'poll')
    const fellAt = states().length
    network.treat = {}
    let last = 1
    while (watched.state.name === 'live' && watched.state.by !== 'websocket' && last < 400) {
      await publish(eventId)
      last += 1
    }
    await liveBy(watched, 'websocket')
    for (let n = 0; n < 5; n++) await publish(eventId)
    await stands(watched, last + 5)
    expect(seqs()).toEqual(Array.from({ length: last + 4 }, (_, i) => i + 2))
    expect(changes.filter(change => change.kind === 'restarted')).toHaveLength(1)
    expect(states().slice(fellAt).every(isLive)).toBe(true)
    await vi.waitFor(() => expect(network.open('stream')).toBe(0), settled)
  })

  it('[FALL5] leaves alone what serves while a better way does not work', async () => {
    network.treat = { websocket: 'refuse' }
    const eventId = await anEvent()
    const { it: watched, states } = watch(aClient(), eventId)
    await liveBy(watched, 'stream')
    const before = network.begun.websocket
    await vi.waitFor(() => expect(network.begun.websocket).toBeGreaterThan(before + 1), settled)
    await publish(eventId)
    await stands(watched, 2)
    expect(network.begun.stream).toBe(1)
    expect(states().filter(isLive)).toHaveLength(1)
  })

  it('[FALL6] falls back from a websocket that is cut time after time, and misses nothing', async () => {
    const eventId = await anEvent()
    const { it: watched, seqs, expectUnbroken } = watch(aClient({}, 0.05), eventId)
    await liveBy(watched, 'websocket')
    let last = 1
    for (let cuts = 0; cuts < 4; cuts++) {
      network.cut('websocket')
      await publish(eventId)
      last += 1
      await stands(watched, last)
    }
    await liveBy(watched, 'stream')
    await publish(eventId)
    await stands(watched, last + 1)
    expectUnbroken()
    expect(seqs()).toHaveLength(last)
  })

  it('[FALL6] leaves no gap where everything is cut, whatever it is', { timeout: 60_000 }, async () => {
    const eventId = await anEvent()
    const watches = (['websocket', 'stream', 'poll'] as const).map(kind =>
      watch(aClient({ transports: [kind] }, 0.05), eventId),
    )
    watches.push(watch(aClient({}, 0.05), eventId))
    for (let n = 2; n <= 60; n++) {
      await publish(eventId)
      if (n % 5 === 0) network.cut()
    }
    for (const { it: watched, expectUnbroken } of watches) {
      await stands(watched, 60)
      expectUnbroken()
    }
  })

  it('[FALL8] takes a changed token at once, by every way, and sends it in no address', async () => {
    const eventId = await anEvent({ visibility: 'private' })
    for (const kind of ['websocket', 'stream', 'poll'] as const) {
      const client = aClient({ transports: [kind], token: server.tokens.editor })
      const { it: watched } = watch(client, eventId)
      await liveBy(watched, kind)
      client.setToken(server.tokens.elsewhere)
      await vi.waitFor(
        () => expect(watched.state).toMatchObject({ name: 'refused', problem: { status: 404 } }),
        settled,
      )
      client.setToken(server.tokens.editor)
      await liveBy(watched, kind)
      const { seq } = watched.view?.position ?? { seq: 0 }
      await publish(eventId)
      await stands(watched, seq + 1)
    }
    const addresses = network.heads.map(head => head.split('\r\n')[0] ?? '')
    for (const token of [server.tokens.editor, server.tokens.elsewhere]) {
      expect(addresses.filter(address => address.includes(token))).toEqual([])
    }
  })

  it('[FALL8] is refused within 5 s when its token runs out, by every way', { timeout: 40_000 }, async () => {
    const eventId = await anEvent({ visibility: 'private' })
    for (const kind of ['stream', 'poll'] as const) {
      const client = aClient({ transports: [kind], token: await server.sign({}, '2s') })
      const { it: watched } = watch(client, eventId)
      await liveBy(watched, kind)
      await vi.waitFor(() => expect(watched.state.name).toBe('refused'), { timeout: 8_000, interval: 20 })
      client.close()
    }
  })

  it('[FALL9] asks without waiting where questions are cut that wait', { timeout: 60_000 }, async () => {
    network.patienceMs = 50
    const eventId = await anEvent()
    const { it: watched, states } = watch(aClient({ transports: ['poll'] }), eventId)
    await liveBy(watched, 'poll')
    const plain = () => network.heads.filter(head => /\/entries\?after=[^&]*&limit=\d+ /.test(head)).length
    await vi.waitFor(() => expect(plain()).toBeGreaterThanOrEqual(3), settled)
    await publish(eventId)
    await stands(watched, 2)
    expect(states().filter(isLive)).toHaveLength(1)
  })

  it.each(['stream', 'poll'] as const)('[FALL9] by %s begins anew when its feed is another', async kind => {
    const eventId = await anEvent()
    const client = aClient({ transports: [kind] })
    const known = await client.feed(eventId)
    const from = { ...known, position: { ...known.position, epoch: 'another' } }
    const changes: WatchChange[] = []
    const watched = client.watch(eventId, { from, onChange: change => changes.push(change) })
    await liveBy(watched, kind)
    expect(changes.find(change => change.kind === 'restarted')).toMatchObject({ reason: 'epoch-changed' })
    expect(watched.view).toEqual(known)
  })

  it('[FALL9] by polling says why, and fetches in pages what it lacks', async () => {
    const eventId = await anEvent()
    const client = aClient({ transports: ['poll'] })
    const known = await client.feed(eventId)
    await publish(eventId)
    const changes: WatchChange[] = []
    const onChange = (change: WatchChange) => void changes.push(change)
    const behind = client.watch(eventId, { from: known, onChange })
    await stands(behind, 2)
    await liveBy(behind, 'poll')
    expect(changes.map(({ kind }) => kind)).toEqual(['state', 'entry', 'state'])
    behind.stop()
    const ahead = client.watch(eventId, {
      from: { ...known, position: { ...known.position, seq: 9 } },
      onChange,
    })
    await liveBy(ahead, 'poll')
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'restarted', reason: 'ahead-of-feed' }))
  })
})
