import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../../src/client/client.ts'
import { PLAY_PAGE } from '../../../src/client/play-source.ts'
import type { Playback, PlaybackChange, PlayOptions } from '../../../src/client/playing.ts'
import type { DatelineClient } from '../../../src/client/types.ts'
import { anUpdate, FeedModel } from './feed-model.ts'
import { type HistoryServer, historyServer, past } from './history-server.ts'

const EVENT = 'harbour-opening'

let server: HistoryServer
let client: DatelineClient

beforeEach(() => {
  vi.useFakeTimers()
  server = historyServer(new FeedModel())
  client = createClient({ url: 'http://history.test' }, { random: () => 0.5, fetch: server.fetch })
})
afterEach(() => {
  client.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** Entries 2 to `last`, a second after one another. */
function written(last: number): void {
  for (let n = server.feed.entries.length + 1; n <= last; n++) {
    server.feed.append({ type: 'published', update: anUpdate(n) })
  }
}

function play(options: Partial<PlayOptions> = {}) {
  const changes: PlaybackChange[] = []
  const it = client.play(EVENT, { ...options, onChange: change => changes.push(change) })
  return { it, changes, seqs: () => changes.flatMap(change => (change.kind === 'entry' ? [change.entry.seq] : [])) }
}

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const viewAt = (seq: number) => {
  const { edge: _, ...view } = past(server.feed, seq).snapshot(50)
  return view
}
const stands = ({ view }: Playback) => view?.position.seq

describe('a playback', () => {
  it('[TRAVEL2] begins with what was there, and shows each entry when it is due', async () => {
    written(5)
    const { it: played, changes, seqs } = play({ to: 5 })
    await passes(0)
    expect(changes[0]).toEqual({ kind: 'restarted', reason: 'begun', view: viewAt(1) })
    await passes(999)
    expect(seqs()).toEqual([])
    await passes(1)
    expect(seqs()).toEqual([2])
    await passes(3_000)
    expect(seqs()).toEqual([2, 3, 4, 5])
    expect(played.state).toEqual({ name: 'ended' })
    expect(played.view).toEqual(viewAt(5))
  })

  it('[TRAVEL2] goes at its speed, cuts silences, and changes speed on the way', async () => {
    written(60)
    const { it: played, seqs } = play({ to: 60, speed: 10 })
    await passes(1_000)
    expect(seqs()).toHaveLength(10)
    played.setSpeed(1)
    await passes(2_000)
    expect(seqs()).toHaveLength(12)
    played.setSpeed('max')
    await passes(0)
    expect(stands(played)).toBe(60)
    const cut = play({ to: 60, maxSilenceMs: 100 })
    await passes(1_000)
    expect(cut.seqs()).toHaveLength(10)
  })

  it('[TRAVEL2] stands still while it is paused, keeps its place in the interval, and goes step by step', async () => {
    written(9)
    const { it: played, seqs } = play({ to: 9 })
    await passes(1_700)
    played.pause()
    await passes(60_000)
    expect(seqs()).toEqual([2])
    expect(played.feedMs).toBe(Date.UTC(2026, 10, 24, 10, 0, 2, 700))
    played.resume()
    await passes(299)
    expect(seqs()).toEqual([2])
    await passes(1)
    expect(seqs()).toEqual([2, 3])
    played.step()
    played.step()
    await passes(0)
    expect(seqs()).toEqual([2, 3, 4, 5])
    expect(played.state).toEqual({ name: 'paused', speed: 1 })
  })

  it('[TRAVEL2] begins at a moment, at an entry or from a view, and is sought to any of them', async () => {
    written(9)
    const { it: played, changes } = play({ from: '2026-11-24T10:00:04.500Z', paused: true })
    await passes(0)
    expect(changes[0]).toMatchObject({ reason: 'begun', view: viewAt(4) })
    expect(played.feedMs).toBe(Date.UTC(2026, 10, 24, 10, 0, 4, 500))
    played.seek(7)
    await passes(0)
    expect(played.view).toEqual(viewAt(7))
    played.seek(viewAt(2))
    await passes(0)
    expect(played.view).toEqual(viewAt(2))
    played.resume()
    await passes(1_000)
    expect(stands(played)).toBe(3)
    expect(changes.flatMap(change => (change.kind === 'restarted' ? [change.reason] : []))).toEqual([
      'begun',
      'sought',
      'sought',
    ])
  })

  it('[TRAVEL2] forgets a place that it was sought away from, also while that was being read', async () => {
    written(9)
    const { it: played, changes } = play({ paused: true })
    await passes(0)
    for (const place of [8, 3, 6]) played.seek(place)
    await passes(0)
    const views = changes.flatMap(change => (change.kind === 'restarted' ? [change.view.position.seq] : []))
    expect(views).toEqual([1, 6])
  })

  it('[TRAVEL3] reads page by page, and keeps no more of a long history than it shows', async () => {
    written(1_500)
    const { it: played, seqs } = play({ speed: 'max', to: 1_500 })
    await passes(1_000)
    expect(seqs()).toEqual(Array.from({ length: 1_499 }, (_, i) => i + 2))
    expect(server.asked.filter(path => path.startsWith('entries'))).toHaveLength(Math.ceil(1_500 / PLAY_PAGE))
    const { updates = [], links } = played.view ?? {}
    expect(updates.length).toBeLessThanOrEqual(400)
    expect(updates[0]).toEqual(anUpdate(1_500))
    expect(links?.older).toMatch(/^\/v1\/events\/harbour-opening\/feed\?limit=50&before=\d+\.[0-9a-f-]{36}&at=\d+$/)
  })

  it('[TRAVEL3] asks again for what it could not read, says so, and does not play on meanwhile', async () => {
    written(500)
    const { it: played, changes, seqs } = play({ speed: 100, to: 500 })
    await passes(0)
    server.refusals.push('unreachable', 'unavailable')
    await passes(2_100)
    expect(played.state).toMatchObject({ name: 'waiting' })
    expect(seqs()).toHaveLength(PLAY_PAGE)
    await passes(5_000)
    expect(stands(played)).toBe(500)
    expect(seqs()).toEqual(Array.from({ length: 499 }, (_, i) => i + 2))
    const waits = changes.flatMap(change =>
      change.kind === 'state' && change.state.name === 'waiting' ? [change.state.retryInMs] : [],
    )
    expect(waits).toEqual([500, 1_000])
  })

  it('[TRAVEL3] begins anew at the same time when the feed is another one, and tells why', async () => {
    written(300)
    const { it: played, changes } = play({ speed: 100, to: 260 })
    await passes(1_000)
    const other = new FeedModel('e2', 'b')
    server.feed = other
    written(300)
    await passes(3_000)
    expect(changes.find(change => change.kind === 'restarted' && change.reason === 'epoch-changed')).toBeDefined()
    expect(played.view?.position).toMatchObject({ epoch: 'e2', seq: 260 })
    expect(played.view?.updates[0]).toEqual(anUpdate(260))
  })

  it('[TRAVEL3] says what refuses it, and ends by its signal', async () => {
    server.refusals.push('event-not-found')
    const { it: played } = play()
    await passes(0)
    expect(played.state).toMatchObject({ name: 'refused', problem: { status: 404 } })
    written(9)
    const ending = new AbortController()
    const { it: ended, seqs } = play({ signal: ending.signal })
    await passes(1_000)
    ending.abort()
    await passes(60_000)
    expect(ended.state).toEqual({ name: 'stopped' })
    expect(seqs()).toEqual([2])
  })

  it('[TRAVEL3] finds the pinned update as it was then when it stands further back', async () => {
    written(80)
    server.feed.append({ type: 'event', event: { ...server.feed.event, pinnedUpdateId: anUpdate(3).id } })
    server.feed.append({ type: 'revised', update: anUpdate(3, { version: 2, bodyText: 'Later words' }) })
    const { it: played, changes } = play({ from: 80, to: 81 })
    await passes(1_000)
    expect(played.view?.pinned).toEqual(anUpdate(3))
    expect(changes.at(-1)?.kind).toBe('pinned')
  })
})
