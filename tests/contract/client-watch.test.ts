import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { DatelineClient, Watch, WatchChange } from '../../src/client/types.ts'
import { problems } from '../../src/protocol/problems.ts'
import { anUpdate, chainOf, FeedModel } from '../spec/client/feed-model.ts'
import { ScriptedGateway } from './client-gateway.ts'

const EVENT = 'harbour-opening'
const refusal = (code: keyof typeof problems) => ({ type: `/problems/${code}`, ...problems[code] })

let gateway: ScriptedGateway
let client: DatelineClient
let numbers: number

beforeEach(async () => {
  numbers = 0
  gateway = await ScriptedGateway.start(new FeedModel())
  // It has no other doors. Waits are a hundredth of the longest: jitter is tested where it is worked out.
  client = createClient({ url: gateway.url, transports: ['websocket'] }, { random: () => 0.01 })
})
afterEach(async () => {
  client.close()
  await vi.waitFor(() => expect(gateway.sockets).toBe(0))
  await gateway.stop()
})

function write() {
  numbers += 1
  return gateway.feed.append({ type: 'published', update: anUpdate(numbers) })
}

function watch(options: { client?: DatelineClient } = {}): { it: Watch; changes: WatchChange[]; seqs(): number[] } {
  const changes: WatchChange[] = []
  const it = (options.client ?? client).watch(EVENT, { onChange: change => changes.push(change) })
  return { it, changes, seqs: () => changes.flatMap(change => (change.kind === 'entry' ? [change.entry.seq] : [])) }
}

const settled = { timeout: 4_000, interval: 5 }
const isLive = (watched: Watch) => vi.waitFor(() => expect(watched.state.name).toBe('live'), settled)
const stands = (watched: Watch, seq: number) => vi.waitFor(() => expect(watched.view?.position.seq).toBe(seq), settled)

describe('a watch', () => {
  it('[SDK9] begins with a snapshot and is then told every entry, each with the view that has it', async () => {
    write()
    const { it: watched, changes } = watch()
    await isLive(watched)
    gateway.deliver(write())
    gateway.deliver(write())
    await stands(watched, 4)
    expect(changes.map(change => change.kind)).toEqual(['state', 'restarted', 'state', 'entry', 'entry'])
    expect(changes[1]).toMatchObject({ reason: 'first-visit', view: { position: { seq: 2 } } })
    expect(changes[3]).toMatchObject({ entry: { seq: 3 }, view: { position: { seq: 3 } } })
    expect(watched.view).toEqual(gateway.feed.snapshot(50))
  })

  it('[SDK9] goes on from the view that a page came with', async () => {
    const { edge: _, ...from } = gateway.feed.snapshot(50)
    write()
    const changes: WatchChange[] = []
    const watched = client.watch(EVENT, { from, onChange: change => changes.push(change) })
    expect(watched.view).toBe(from)
    await stands(watched, 2)
    await isLive(watched)
    expect(gateway.joins).toEqual([{ eventId: EVENT, after: from.position }])
    expect(changes.map(change => change.kind)).toEqual(['state', 'entry', 'state'])
  })

  it('[SDK10] comes back with its position when the connection was lost, and misses and repeats nothing', async () => {
    const { it: watched, changes, seqs } = watch()
    await isLive(watched)
    gateway.deliver(write())
    await stands(watched, 2)
    write()
    gateway.drop()
    await stands(watched, 3)
    await isLive(watched)
    gateway.deliver(write())
    await stands(watched, 4)
    expect(seqs()).toEqual([2, 3, 4])
    expect(gateway.joins[1]?.after).toEqual({ epoch: 'e1', seq: 2, chain: chainOf(2) })
    const states = changes.flatMap(change => (change.kind === 'state' ? [change.state.name] : []))
    expect(states).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live'])
  })

  it('[SDK10] waits for a gateway that is away, and says how long', async () => {
    const away = await ScriptedGateway.start(gateway.feed)
    await away.stop()
    const lonely = createClient({ url: away.url }, { random: () => 0.01 })
    const { it: watched, changes } = watch({ client: lonely })
    await vi.waitFor(() => {
      const waits = changes.flatMap(change =>
        change.kind === 'state' && change.state.name === 'waiting' ? [change.state] : [],
      )
      expect(waits.slice(0, 3)).toMatchObject([
        { attempt: 1, retryInMs: 10, why: 'The gateway cannot be reached.' },
        { attempt: 2, retryInMs: 20 },
        { attempt: 3, retryInMs: 40 },
      ])
    }, settled)
    lonely.close()
    expect(watched.state).toEqual({ name: 'stopped' })
  })

  it('[SDK11] fetches what a hole left out before it shows what came after', async () => {
    const { it: watched, seqs } = watch()
    await isLive(watched)
    write()
    gateway.deliver(write())
    await stands(watched, 3)
    expect(seqs()).toEqual([2, 3])
    expect(gateway.joins).toHaveLength(2)
  })

  it('[SDK11] notices by a beacon that the last entry was lost, and tells how many watch', async () => {
    const { it: watched, changes } = watch()
    await isLive(watched)
    write()
    gateway.beacon(7)
    await stands(watched, 2)
    expect(changes).toContainEqual({ kind: 'viewers', viewers: 7 })
  })

  it('[SDK12] begins anew, and tells why, when the feed is another or the gateway says so', async () => {
    const { it: watched, changes } = watch()
    await isLive(watched)
    gateway.feed = new FeedModel('e2', 'b')
    gateway.deliver(write())
    await vi.waitFor(() => expect(watched.view?.position.epoch).toBe('e2'), settled)
    gateway.notice({ kind: 'restart', eventId: EVENT, reason: 'too-far-behind' })
    await vi.waitFor(() => expect(gateway.joins).toHaveLength(3), settled)
    expect(gateway.joins[2]?.after).toBeNull()
    await vi.waitFor(() => {
      const reasons = changes.flatMap(change => (change.kind === 'restarted' ? [change.reason] : []))
      expect(reasons).toEqual(['first-visit', 'epoch-changed', 'too-far-behind'])
    }, settled)
  })

  it('[SDK12] says that a view may be stale, until something live comes', async () => {
    const { position, edge: _, ...rest } = gateway.feed.snapshot(50)
    const snapshot = { ...rest, position }
    gateway.answers.push({ result: 'restarted', reason: 'first-visit', position, snapshot, stale: true })
    const { it: watched } = watch()
    await vi.waitFor(() => expect(watched.state).toMatchObject({ name: 'live', stale: true }), settled)
    gateway.beacon()
    await vi.waitFor(() => expect(watched.state).toMatchObject({ name: 'live', stale: false }), settled)
  })

  it.each([
    ['an answer that is none', undefined],
    ['an answer of another shape', { result: 'resumed', position: 'here', entries: {} }],
    ['a snapshot that is none', { result: 'restarted', reason: 'first-visit', position: {}, snapshot: null }],
    ['entries without a cursor', { result: 'resumed', position: { epoch: 'e1', seq: 0, chain: '' }, entries: [] }],
    ['a refusal that may pass', { result: 'refused', problem: refusal('unavailable') }],
  ])('[SDK13] joins again after %s', async (_title, answer) => {
    gateway.answers.push(answer)
    const { it: watched } = watch()
    await isLive(watched)
    expect(gateway.joins).toHaveLength(2)
  })

  it.each([
    ['null', null],
    ['a text', 'entry'],
    ['an entry without its update', { seq: 2, chain: chainOf(2), type: 'published' }],
    ['an entry with a broken seq', { seq: -1, chain: chainOf(2), type: 'event' }],
  ])('[SDK13] asks for what it lacks after %s came as an entry', async (_title, garbled) => {
    const { it: watched, seqs } = watch()
    await isLive(watched)
    write()
    gateway.deliver(garbled)
    await stands(watched, 2)
    expect(seqs()).toEqual([2])
  })

  it('[SDK13] takes a snapshot when the entries that it lacks cannot be read', async () => {
    const { it: watched, changes } = watch()
    await isLive(watched)
    write()
    const entry = write()
    gateway.answers.push({
      result: 'resumed',
      position: gateway.feed.snapshot(1).position,
      entries: [{ seq: 2 }, entry],
    })
    gateway.deliver(entry)
    await stands(watched, 3)
    expect(changes.filter(change => change.kind === 'restarted')).toHaveLength(2)
    expect(gateway.joins[2]?.after).toBeNull()
  })

  it('[SDK14] stays refused until there is another token, which open sockets are told', async () => {
    gateway.answers.push({ result: 'refused', problem: refusal('event-not-found') })
    const { it: watched } = watch()
    await vi.waitFor(() => expect(watched.state).toMatchObject({ name: 'refused', problem: { status: 404 } }), settled)
    client.setToken('fresh')
    await isLive(watched)
    expect(gateway.refreshes).toEqual([{ token: 'fresh' }])
  })

  it('[SDK14] sends its token in the handshake, and tries a new one when the gateway lets it in nowhere', async () => {
    gateway.admit = token => {
      if (token === 'good') return undefined
      return Object.assign(new Error('refused'), { data: refusal('token-needed') })
    }
    client.setToken('expired')
    const { it: watched } = watch()
    await vi.waitFor(() => expect(watched.state).toMatchObject({ name: 'refused', problem: { status: 401 } }), settled)
    client.setToken('good')
    await isLive(watched)
    expect(gateway.handshakes).toEqual(['expired', 'good'])
  })

  it('[SDK14] asks again whether it is let in when its token expires', async () => {
    const { it: watched } = watch()
    await isLive(watched)
    gateway.answers.push({ result: 'refused', problem: refusal('event-not-found') })
    gateway.notice({ kind: 'token-expired' })
    await vi.waitFor(() => expect(watched.state.name).toBe('refused'), settled)
  })

  it('[SDK15] shares one socket and one room among its watches, and leaves with the last', async () => {
    const first = watch()
    await isLive(first.it)
    const second = watch()
    await vi.waitFor(() => expect(second.changes.map(change => change.kind)).toEqual(['restarted', 'state']), settled)
    gateway.deliver(write())
    await stands(second.it, 2)
    expect([first.seqs(), second.seqs(), gateway.joins.length, gateway.sockets]).toEqual([[2], [2], 1, 1])

    first.it.stop()
    gateway.deliver(write())
    await stands(second.it, 3)
    expect(first.seqs()).toEqual([2])
    expect(first.changes.at(-1)).toEqual({ kind: 'state', state: { name: 'stopped' } })
    second.it.stop()
    await vi.waitFor(() => expect(gateway.sockets).toBe(0), settled)
  })

  it('[SDK15] leaves one event and goes on with another over the same socket', async () => {
    const first = watch()
    await isLive(first.it)
    const other = client.watch('another-event', { onChange: () => undefined })
    await isLive(other)
    first.it.stop()
    await vi.waitFor(() => expect(gateway.leaves).toEqual([{ eventId: EVENT }]), settled)
    expect([other.state.name, gateway.sockets]).toEqual(['live', 1])
  })

  it('[SDK16] moves to another connection when its gateway drains, when it is told to', async () => {
    const { it: watched, seqs } = watch()
    await isLive(watched)
    gateway.notice({ kind: 'draining', reconnectInMs: 5 })
    await vi.waitFor(() => expect(gateway.handshakes).toHaveLength(2), settled)
    await isLive(watched)
    gateway.deliver(write())
    await stands(watched, 2)
    expect(seqs()).toEqual([2])
  })

  it('[SDK16] comes back at once when a browser says that there is a network again', async () => {
    const network = new EventTarget()
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
    vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network))
    // So patient that only the browser's word can bring it back within this test.
    const patient = createClient({ url: gateway.url }, { random: () => 0.99 })
    try {
      const { it: watched, changes } = watch({ client: patient })
      await isLive(watched)
      network.dispatchEvent(new Event('offline'))
      expect(watched.state).toMatchObject({ name: 'waiting', retryInMs: 990, why: 'This device is offline.' })
      network.dispatchEvent(new Event('online'))
      expect(watched.state.name).toBe('connecting')
      await isLive(watched)
      expect(changes.filter(change => change.kind === 'restarted')).toHaveLength(1)
    } finally {
      patient.close()
      vi.unstubAllGlobals()
    }
  })

  it('[SDK6] fetches a pinned update that stands further back than what it holds', async () => {
    const pinned = anUpdate(900)
    const asked: string[] = []
    const reader = createClient(
      { url: gateway.url },
      {
        fetch: async input => {
          asked.push(new URL(String(input)).pathname)
          return Response.json(pinned)
        },
      },
    )
    const { it: watched, changes } = watch({ client: reader })
    await isLive(watched)
    const event = { ...gateway.feed.event, pinnedUpdateId: pinned.id }
    gateway.deliver(gateway.feed.append({ type: 'event', event }))
    await vi.waitFor(() => expect(watched.view?.pinned).toEqual(pinned), settled)
    expect(asked).toEqual([`/v1/events/${EVENT}/updates/${pinned.id}`])
    expect(changes.at(-1)).toEqual({ kind: 'pinned', view: watched.view })
    reader.close()
  })

  it('[SDK17] ends with the view that the feed has, whatever was lost, garbled or cut on the way', async () => {
    const mishap = fc.constantFrom('none', 'none', 'lost', 'garbled', 'twice', 'cut', 'restarted', 'epoch')
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { minLength: 5, maxLength: 25 }), async mishaps => {
        const { it: watched, changes } = watch()
        await isLive(watched)
        for (const kind of mishaps) {
          if (kind === 'epoch') gateway.feed = new FeedModel(`e${gateway.feed.epoch}`, 'b')
          const entry = write()
          if (kind === 'garbled') gateway.deliver({ ...entry, type: 7 })
          if (kind === 'cut') gateway.drop()
          if (kind === 'restarted') gateway.notice({ kind: 'restart', eventId: EVENT, reason: 'ahead-of-feed' })
          if (!['lost', 'garbled'].includes(kind)) gateway.deliver(entry)
          if (kind === 'twice') gateway.deliver(entry)
          await new Promise(setImmediate)
        }
        await vi.waitFor(() => {
          gateway.beacon()
          const { edge: _, ...expected } = gateway.feed.snapshot(50)
          expect(watched.view).toEqual(expected)
        }, settled)
        expectUnbroken(changes)
        watched.stop()
      }),
      { numRuns: 12 },
    )
  }, 60_000)
})

/** Every entry follows on the one before it, or on the snapshot that was told. */
function expectUnbroken(changes: WatchChange[]): void {
  let seq = 0
  for (const change of changes) {
    if (change.kind === 'restarted') seq = change.view.position.seq
    if (change.kind !== 'entry') continue
    expect(change.entry.seq).toBe(seq + 1)
    seq = change.entry.seq
  }
}
