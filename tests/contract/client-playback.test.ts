import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { MAX_CATCH_UP } from '../../src/client/follow-live.ts'
import type { Playback, PlaybackChange, PlayOptions } from '../../src/client/playing.ts'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import { anUpdate, FeedModel } from '../spec/client/feed-model.ts'
import { type HistoryServer, historyServer, past } from '../spec/client/history-server.ts'
import { ScriptedGateway } from './client-gateway.ts'

const EVENT = 'harbour-opening'
const settled = { timeout: 8_000, interval: 5 }

let history: HistoryServer
let gateway: ScriptedGateway
let client: DatelineClient

beforeEach(async () => {
  const feed = new FeedModel()
  history = historyServer(feed)
  gateway = await ScriptedGateway.start(feed)
  client = createClient({ url: gateway.url }, { random: () => 0.01, fetch: history.fetch })
})
afterEach(async () => {
  client.close()
  await vi.waitFor(() => expect(gateway.sockets).toBe(0), settled)
  await gateway.stop()
})

const write = () =>
  gateway.feed.append({ type: 'published', update: anUpdate(gateway.feed.entries.length + 1, { headline: 'Words' }) })
const writeAll = (count: number) => Array.from({ length: count }, write)

function play(options: Partial<PlayOptions> = {}) {
  const changes: PlaybackChange[] = []
  const it = client.play(EVENT, { speed: 'max', ...options, onChange: change => changes.push(change) })
  return { it, changes, seqs: () => changes.flatMap(change => (change.kind === 'entry' ? [change.entry.seq] : [])) }
}

const isLive = ({ state }: Playback) => state.name === 'live' && state.connection.name === 'live'
const upTo = (last: number) => Array.from({ length: last - 1 }, (_, i) => i + 2)

describe('a playback that has reached the end of its feed', () => {
  it('[TRAVEL4] goes on live: every entry once and in order, also those that came while it went over', async () => {
    writeAll(450)
    const { it: played, seqs, changes } = play()
    // Written while it plays and joins; nobody in the room is told of them.
    for (let i = 0; i < 20; i++) {
      write()
      await new Promise(resolve => setImmediate(resolve))
    }
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    for (const entry of writeAll(3)) gateway.deliver(entry)
    const last = gateway.feed.entries.length
    await vi.waitFor(() => expect(played.view?.position.seq).toBe(last), settled)
    expect(seqs()).toEqual(upTo(last))
    expect(changes.filter(change => change.kind === 'restarted')).toHaveLength(1)
    expect(played.view?.updates.slice(0, 100)).toEqual(gateway.feed.snapshot(100).updates)
  })

  it('[TRAVEL4] reads what lies between it and a room that was open already, and is ahead', async () => {
    const watched: WatchChange[] = []
    client.watch(EVENT, { onChange: change => watched.push(change) })
    await vi.waitFor(() => expect(watched.some(change => change.kind === 'restarted')).toBe(true), settled)
    const { it: played, seqs } = play({ paused: true })
    await vi.waitFor(() => expect(played.state.name).toBe('paused'), settled)
    for (const entry of writeAll(300)) gateway.deliver(entry)
    await vi.waitFor(() => expect(watched.at(-1)).toMatchObject({ entry: { seq: 301 } }), settled)
    played.resume()
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    for (const entry of writeAll(2)) gateway.deliver(entry)
    await vi.waitFor(() => expect(played.view?.position.seq).toBe(303), settled)
    expect(seqs()).toEqual(upTo(303))
  })

  it('[TRAVEL4] ignores what a room that is behind it sends once more', async () => {
    const watched: WatchChange[] = []
    client.watch(EVENT, { onChange: change => watched.push(change) })
    await vi.waitFor(() => expect(watched.some(change => change.kind === 'restarted')).toBe(true), settled)
    const written = writeAll(5)
    const { it: played, seqs } = play()
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    expect(played.view?.position.seq).toBe(6)
    for (const entry of [...written, write()]) gateway.deliver(entry)
    await vi.waitFor(() => expect(played.view?.position.seq).toBe(7), settled)
    expect(seqs()).toEqual(upTo(7))
  })

  it('[TRAVEL4] takes the view of a room that is too far ahead, and tells so', async () => {
    const watched: WatchChange[] = []
    client.watch(EVENT, { onChange: change => watched.push(change) })
    await vi.waitFor(() => expect(watched.some(change => change.kind === 'restarted')).toBe(true), settled)
    // It reads the feed's end, and before it joins the room is far ahead of that.
    const { it: played, changes, seqs } = play({ paused: true })
    await vi.waitFor(() => expect(played.state.name).toBe('paused'), settled)
    history.feed = past(history.feed, 1)
    for (const entry of writeAll(MAX_CATCH_UP + 1)) gateway.deliver(entry)
    await vi.waitFor(() => expect(watched.at(-1)).toMatchObject({ entry: { seq: MAX_CATCH_UP + 2 } }), settled)
    played.resume()
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    expect(changes.findLast(change => change.kind === 'restarted')).toMatchObject({
      reason: 'too-far-behind',
      view: { position: { seq: MAX_CATCH_UP + 2 } },
    })
    expect(seqs()).toEqual([])
  })

  it('[TRAVEL4] is restarted, and told so, when the feed is another one by then', async () => {
    writeAll(5)
    const { it: played, changes } = play()
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    gateway.feed = new FeedModel('e2', 'b')
    gateway.drop()
    await vi.waitFor(() => expect(played.view?.position.epoch).toBe('e2'), settled)
    expect(changes.findLast(change => change.kind === 'restarted')).toMatchObject({ reason: 'epoch-changed' })
  })

  it('[TRAVEL4] can be sought back, and leaves the room', async () => {
    writeAll(5)
    const { it: played } = play()
    await vi.waitFor(() => expect(isLive(played)).toBe(true), settled)
    played.pause()
    played.seek(3)
    await vi.waitFor(() => expect(played.state.name).toBe('paused'), settled)
    expect(played.view?.position.seq).toBe(3)
    await vi.waitFor(() => expect(gateway.sockets).toBe(0), settled)
  })
})

describe('a watch of a rehearsal', () => {
  it('[TRAVEL5] joins and leaves its own room, beside the live one', async () => {
    writeAll(2)
    const live: WatchChange[] = []
    const rehearsed: WatchChange[] = []
    client.watch(EVENT, { onChange: change => live.push(change) })
    const watch = client.watch(EVENT, { replay: 'ab12', onChange: change => rehearsed.push(change) })
    await vi.waitFor(() => expect(watch.state.name).toBe('live'), settled)
    expect(gateway.joins).toContainEqual({ eventId: EVENT, replay: 'ab12', after: null })
    const entry = write()
    gateway.deliver(entry, gateway.feed.epoch, 'replay:ab12')
    await vi.waitFor(() => expect(rehearsed.at(-1)).toMatchObject({ kind: 'entry', entry: { seq: 4 } }), settled)
    expect(live.some(change => change.kind === 'entry')).toBe(false)
    watch.stop()
    await vi.waitFor(() => expect(gateway.leaves).toEqual([{ eventId: EVENT, replay: 'ab12' }]), settled)
  })
})
