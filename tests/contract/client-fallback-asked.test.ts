import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import type { ClientOptions, ConnectionState, DatelineClient } from '../../src/client/types.ts'
import { problems } from '../../src/protocol/problems.ts'
import { anUpdate, FeedModel } from '../spec/client/feed-model.ts'

const EVENT = 'harbour-opening'
const settled = { timeout: 10_000, interval: 5 }
const clients: DatelineClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

/** A watch whose requests are answered one after the other, and the last answer over again. */
function watchOn(transports: ClientOptions['transports'], answers: (() => Response)[]) {
  const asked: { url: URL; atMs: number }[] = []
  const states: ConnectionState[] = []
  const seqs: number[] = []
  const client = createClient(
    { url: 'http://127.0.0.1:9', ...(transports && { transports }) },
    {
      random: () => 0.01,
      fetch: async (input, init) => {
        // There is nothing new to poll for.
        if (String(input).includes('/entries?')) return untilAborted(init?.signal)
        asked.push({ url: new URL(String(input)), atMs: performance.now() })
        const answer = answers.length > 1 ? answers.shift() : answers[0]
        return answer?.() ?? Response.error()
      },
    },
  )
  clients.push(client)
  const watch = client.watch(EVENT, {
    onChange(change) {
      if (change.kind === 'state') states.push(change.state)
      if (change.kind === 'entry') seqs.push(change.entry.seq)
    },
  })
  return { watch, asked, states, seqs, names: () => states.map(({ name }) => name) }
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
}

const feed = new FeedModel()
const { edge: _, ...snapshot } = feed.snapshot(50)
const event = (data: unknown, head = '') => `${head}data: ${JSON.stringify(data)}\n\n`
const restarted = event({ reason: 'first-visit', position: snapshot.position, snapshot }, 'event: restarted\n')

/** An event stream that brings its pieces and then ends, or stays open. */
function stream(pieces: readonly string[], ends: 'ends' | 'stays'): Response {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of pieces) {
        controller.enqueue(new TextEncoder().encode(piece))
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      if (ends === 'ends') controller.close()
    },
  })
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } })
}

const busy = () =>
  Response.json(
    { type: '/problems/unavailable', ...problems.unavailable },
    { status: 503, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '1' } },
  )

describe('a watch that is told when to come back', () => {
  it.each(['stream', 'poll'] as const)(
    '[FALL7] by %s waits as long as Retry-After says, and stays with it',
    async kind => {
      const served = () => (kind === 'stream' ? stream([restarted], 'stays') : Response.json(snapshot))
      const { watch, asked, states } = watchOn(kind === 'poll' ? ['poll'] : ['stream', 'poll'], [
        busy,
        busy,
        busy,
        served,
      ])
      await vi.waitFor(() => expect(watch.state).toMatchObject({ name: 'live', by: kind }), settled)
      expect(states.filter(({ name }) => name === 'waiting')).toHaveLength(3)
      const [first, second, third] = asked
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
      expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
    },
  )

  it('[FALL7] moves when the stream ends after a time was told, without a word of a lost connection', async () => {
    const going = [`${restarted}retry: 100\n\n`]
    const resumed = event({ position: snapshot.position }, 'retry: 2000\n\nevent: resumed\n')
    const { asked, watch, names } = watchOn(['stream'], [() => stream(going, 'ends'), () => stream([resumed], 'stays')])
    await vi.waitFor(() => expect(asked).toHaveLength(2), settled)
    await vi.waitFor(() => expect(watch.state.name).toBe('live'), settled)
    const { epoch, seq, chain } = snapshot.position
    expect(asked[1]?.url.searchParams.get('after')).toBe(`${epoch}:${seq}:${chain}`)
    expect(names()).not.toContain('waiting')
  })

  it('[FALL7] comes back to a stream that broke when the stream said, not before', async () => {
    const broken = () => stream([`retry: 700\n\n${restarted}`], 'ends')
    const { asked, states } = watchOn(['stream'], [broken, () => stream([], 'stays')])
    await vi.waitFor(() => expect(asked).toHaveLength(2), settled)
    expect((asked[1]?.atMs ?? 0) - (asked[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(690)
    expect(states.find(({ name }) => name === 'waiting')).toMatchObject({ retryInMs: 702.5 })
  })

  it('[FALL2] takes no answer for one that is not from Dateline', async () => {
    const portal = () => new Response('<h1>Welcome to the hotel</h1>', { headers: { 'Content-Type': 'text/html' } })
    const { watch, asked } = watchOn(['stream', 'poll'], [portal, portal, portal, () => Response.json(snapshot)])
    await vi.waitFor(() => expect(watch.state).toMatchObject({ name: 'live', by: 'poll' }), settled)
    expect(asked.slice(0, 4).map(({ url }) => url.pathname.split('/').at(-1))).toEqual([
      'stream',
      'stream',
      'feed',
      'feed',
    ])
  })

  it('[FALL2] goes on where one door is elsewhere, and ends where the event is none', async () => {
    const problem = (type: string) => () =>
      Response.json({ type, title: 'No', status: 404, retry: false }, { status: 404 })
    const noDoor = problem('/problems/not-found')
    const { watch, asked } = watchOn(['stream', 'poll'], [noDoor, noDoor, () => Response.json(snapshot)])
    await vi.waitFor(() => expect(watch.state).toMatchObject({ name: 'live', by: 'poll' }), settled)
    expect(asked.slice(0, 3).map(({ url }) => url.pathname.split('/').at(-1))).toEqual(['stream', 'stream', 'feed'])
    const none = watchOn(['stream', 'poll'], [problem('/problems/event-not-found')])
    await vi.waitFor(() => expect(none.watch.state.name).toBe('refused'), settled)
    expect(none.asked).toHaveLength(1)
  })

  it('[FALL6] begins anew in the midst of a stream, and asks again for what cannot be read', async () => {
    const entry = feed.append({ type: 'published', update: anUpdate(2) })
    const { position } = feed.snapshot(50)
    const id = `id: ${position.epoch}:${position.seq}:${position.chain}\n`
    const first = () => stream([restarted, restarted, `${id}data: {"seq":\n\n`], 'stays')
    const resumed = event({ position }, 'event: resumed\n')
    const { watch, asked, seqs } = watchOn(['stream'], [first, () => stream([resumed, event(entry, id)], 'stays')])
    await vi.waitFor(() => expect(watch.view?.position.seq).toBe(2), settled)
    expect([seqs, asked.length]).toEqual([[2], 2])
  })
})
