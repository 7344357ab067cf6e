import type { Entry } from '../protocol/entry.ts'
import type { ReplaySpeed } from '../protocol/replay.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { type Bell, createBell } from './bell.ts'
import { boundedView } from './bounded-view.ts'
import { applyEntry, type FeedView, fillPin, missingPin, openView } from './feed-view.ts'
import { followLive } from './follow-live.ts'
import { committedMs, type PlayPage, type PlaySource } from './play-source.ts'
import { arrivedAt, type Playhead, playedOn, untilDue } from './playback-pace.ts'
import type { Playback, PlaybackChange, PlaybackState, PlayOptions, PlayPlace } from './playing.ts'
import type { ProblemError } from './problem-error.ts'
import { type Reading, readPatiently } from './read-patiently.ts'
import type { Watch, WatchOptions } from './types.ts'

/** Entries that are shown in one go at full speed, before anything else on the page has its turn. */
const BREATH_EVERY = 100

export interface PlaybackNeeds {
  readonly source: PlaySource
  watch(options: WatchOptions): Watch
  /** From 0 up to, not including, 1. */
  random(): number
  /** Any steady clock, in ms. */
  now(): number
}

type RestartedReason = Extract<PlaybackChange, { kind: 'restarted' }>['reason']

/** One lap: from where a playback began, or was sought to, until it is sought again or ends. */
interface Lap {
  readonly signal: AbortSignal
  readonly bell: Bell
  page: PlayPage
  /** Entries of the page that were shown. */
  shown: number
  head: Playhead
  /** When the head was there, by `now`. */
  sinceMs: number
}

/** Plays one event's entries: reads them page by page, shows each when it is due, and goes live behind the last. */
export class FeedPlayback implements Playback {
  readonly eventId: string
  readonly #needs: PlaybackNeeds
  readonly #options: PlayOptions
  readonly #stopBySignal = () => this.stop()
  #state: PlaybackState = { name: 'loading' }
  #view: FeedView | undefined
  #speed: ReplaySpeed
  #isPaused: boolean
  #steps = 0
  #lap: Lap | undefined
  #ending = new AbortController()
  #live: { stop(): void } | undefined

  constructor(eventId: string, needs: PlaybackNeeds, options: PlayOptions) {
    this.eventId = eventId
    this.#needs = needs
    this.#options = options
    this.#speed = options.speed ?? 1
    this.#isPaused = options.paused === true
    options.signal?.addEventListener('abort', this.#stopBySignal)
    // Not before the caller holds the playback: its listener may want to use it.
    queueMicrotask(() => {
      if (options.signal?.aborted === true) this.stop()
      else if (this.#state.name === 'loading') this.#begin(options.from ?? 1, 'begun')
    })
  }

  get state(): PlaybackState {
    return this.#state
  }
  get view(): Snapshot | undefined {
    return this.#view?.snapshot
  }
  get feedMs(): number | undefined {
    const lap = this.#lap
    if (lap === undefined || this.#live !== undefined) return undefined
    const next = lap.page.entries[lap.shown]
    const { feedMs } = this.#headNow(lap)
    return next === undefined ? feedMs : Math.min(feedMs, Math.max(lap.head.feedMs, committedMs(next)))
  }

  pause(): void {
    this.#steer(() => {
      this.#isPaused = true
    })
  }

  resume(): void {
    this.#steer(() => {
      this.#isPaused = false
      if (this.#speed === 'step') this.#speed = 1
    })
  }

  setSpeed(speed: ReplaySpeed): void {
    this.#steer(() => {
      this.#speed = speed
    })
  }

  step(): void {
    this.#steer(() => {
      this.#isPaused = true
      this.#steps += 1
    })
  }

  seek(place: PlayPlace): void {
    if (this.#state.name !== 'stopped') this.#begin(place, 'sought')
  }

  stop(): void {
    if (this.#state.name === 'stopped') return
    this.#options.signal?.removeEventListener('abort', this.#stopBySignal)
    this.#endLap()
    this.#enter({ name: 'stopped' })
  }

  /** A change of the pace: what has been played so far was played at the old one. */
  #steer(change: () => void): void {
    const lap = this.#lap
    if (lap !== undefined) {
      lap.head = this.#headNow(lap)
      lap.sinceMs = this.#needs.now()
    }
    change()
    if (this.#state.name === 'playing' || this.#state.name === 'paused') this.#enterPace()
    lap?.bell.ring()
  }

  #headNow({ head, sinceMs }: Lap): Playhead {
    const { name } = this.#state
    return name === 'playing' ? playedOn(head, this.#needs.now() - sinceMs, this.#speed) : head
  }

  #enterPace(): void {
    this.#enter({ name: this.#isPaused || this.#speed === 'step' ? 'paused' : 'playing', speed: this.#speed })
  }

  #endLap(): void {
    this.#ending.abort()
    this.#lap?.bell.ring()
    this.#lap = undefined
    this.#live?.stop()
    this.#live = undefined
    this.#steps = 0
  }

  #begin(place: PlayPlace, reason: RestartedReason): void {
    this.#endLap()
    this.#ending = new AbortController()
    this.#enter({ name: 'loading' })
    void this.#play(place, reason, this.#ending.signal)
  }

  async #play(place: PlayPlace, reason: RestartedReason, signal: AbortSignal): Promise<void> {
    const { source, now } = this.#needs
    const opened = await this.#read(signal, () => source.open(place, signal))
    if (opened.did === 'abort') return
    if (opened.did === 'refused') return this.#enter({ name: 'refused', problem: opened.error.problem })
    const start = opened.value
    if (start === undefined) return this.#begin(1, 'epoch-changed')
    this.#view = openView(start.view)
    const head = { feedMs: start.feedMs, silentMs: 0 }
    const lap = { signal, bell: createBell(), page: start.ahead, shown: 0, head, sinceMs: now() }
    this.#lap = lap
    this.#tell({ kind: 'restarted', reason, view: start.view })
    if (signal.aborted) return
    this.#enterPace()
    await this.#playLap(lap)
  }

  async #playLap(lap: Lap): Promise<void> {
    for (let inOneGo = 0; !lap.signal.aborted; ) {
      if (this.#hasEnded()) return this.#enter({ name: 'ended' })
      const next = lap.page.entries[lap.shown]
      if (next === undefined) {
        if (!(await this.#turnPage(lap))) return
        continue
      }
      const dueMs = this.#steps > 0 ? lap.sinceMs : lap.sinceMs + this.#untilDue(lap, next)
      const waitMs = dueMs - this.#needs.now()
      if (waitMs > 0 || inOneGo >= BREATH_EVERY) {
        inOneGo = 0
        await lap.bell.wait(Math.max(0, waitMs))
      } else {
        inOneGo += 1
        this.#showNext(lap, next, dueMs)
      }
    }
  }

  #untilDue({ head }: Lap, next: Entry): number {
    if (this.#isPaused) return Number.POSITIVE_INFINITY
    return untilDue(head, committedMs(next), this.#speed, this.#options.maxSilenceMs ?? Number.POSITIVE_INFINITY)
  }

  #hasEnded(): boolean {
    const { to } = this.#options
    return to !== undefined && this.#view !== undefined && this.#view.snapshot.position.seq >= to
  }

  #showNext(lap: Lap, entry: Entry, dueMs: number): void {
    lap.shown += 1
    lap.head = arrivedAt(lap.head, committedMs(entry))
    // The next interval counts from when this one was due, so that lateness does not add up.
    lap.sinceMs = this.#speed === 'max' || this.#steps > 0 ? this.#needs.now() : dueMs
    this.#steps = Math.max(0, this.#steps - 1)
    this.#show(entry)
  }

  /** False when the lap is over. */
  async #turnPage(lap: Lap): Promise<boolean> {
    const position = this.#view?.snapshot.position
    if (position === undefined) return false
    const read = await this.#read(lap.signal, () => this.#needs.source.after(position, lap.signal))
    if (read.did === 'abort') return false
    if (read.did === 'refused') {
      this.#refuse(lap, read.error)
      return false
    }
    if (this.#state.name === 'waiting') {
      lap.sinceMs = this.#needs.now()
      this.#enterPace()
    }
    lap.page = read.value
    lap.shown = 0
    // A page with nothing in it was asked for at the feed's end.
    return read.value.entries.length > 0 || this.#rest(lap)
  }

  /** A feed that is another one now is begun anew, at the same time of its clock. */
  #refuse({ head }: Lap, { code, problem }: ProblemError): void {
    if (code === 'position-unknown') this.#begin(new Date(head.feedMs).toISOString(), readReason(problem['reason']))
    else this.#enter({ name: 'refused', problem })
  }

  /** At the feed's end: a playback that plays goes live; one that does not waits for its reader. */
  async #rest(lap: Lap): Promise<boolean> {
    this.#steps = 0
    if (this.#options.to === undefined && !this.#isPaused && this.#speed !== 'step') {
      this.#goLive(lap.signal)
      return false
    }
    await lap.bell.wait(Number.POSITIVE_INFINITY)
    return !lap.signal.aborted
  }

  #goLive(signal: AbortSignal): void {
    const { source, watch } = this.#needs
    const view = () => this.#viewNow()
    this.#live = followLive({
      view,
      watch,
      readAfter: async position => {
        const needs = { signal, random: this.#needs.random, onWait: () => undefined }
        const read = await readPatiently(() => source.after(position, signal), needs)
        return read.did === 'read' ? read.value.entries : undefined
      },
      show: entry => this.#show(entry),
      replace: (live, reason) => {
        this.#view = openView(live)
        this.#tell({ kind: 'restarted', reason, view: live })
      },
      pinned: live => {
        if (live.pinned !== null) this.#fillPin(live.pinned)
      },
      state: connection => this.#enter({ name: 'live', connection }),
    })
    this.#enter({ name: 'live', connection: { name: 'connecting', attempt: 1 } })
  }

  #viewNow(): Snapshot {
    if (this.#view === undefined) throw new Error('a playback without a view cannot go live')
    return this.#view.snapshot
  }

  #show(entry: Entry): void {
    if (this.#view === undefined) return
    const next = applyEntry(this.#view, entry)
    this.#view = this.#live === undefined ? boundedView(next) : next
    this.#tell({ kind: 'entry', entry, view: this.#view.snapshot })
    if (entry.type === 'event' && this.#live === undefined) void this.#findPin(entry.seq, this.#ending.signal)
  }

  async #findPin(seq: number, signal: AbortSignal): Promise<void> {
    if (this.#view === undefined || missingPin(this.#view) === undefined) return
    const [found] = await Promise.allSettled([this.#needs.source.pinnedAt(seq, signal)])
    // Without it the view is right but for the pin.
    if (found.status === 'fulfilled' && found.value !== null && !signal.aborted) this.#fillPin(found.value)
  }

  #fillPin(update: NonNullable<Snapshot['pinned']>): void {
    const filled = this.#view && fillPin(this.#view, update)
    if (filled === undefined || filled === this.#view) return
    this.#view = filled
    this.#tell({ kind: 'pinned', view: filled.snapshot })
  }

  #read<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<Reading<T>> {
    return readPatiently(ask, {
      signal,
      random: this.#needs.random,
      onWait: wait => {
        // What is waited for is not played.
        if (this.#lap !== undefined) this.#lap.head = this.#headNow(this.#lap)
        this.#enter({ name: 'waiting', ...wait })
      },
    })
  }

  #enter(state: PlaybackState): void {
    if (this.#state.name === 'stopped' || sameState(this.#state, state)) return
    this.#state = state
    this.#tell({ kind: 'state', state })
  }

  #tell(change: PlaybackChange): void {
    try {
      this.#options.onChange(change)
    } catch (error) {
      // The listener's own fault: it surfaces as uncaught, and the playback does not stumble over it.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

function sameState(a: PlaybackState, b: PlaybackState): boolean {
  if (a.name === 'loading') return b.name === 'loading'
  return (a.name === 'playing' || a.name === 'paused') && a.name === b.name && a.speed === b.speed
}

const REASONS: readonly RestartReason[] = ['epoch-changed', 'ahead-of-feed', 'chain-mismatch']

function readReason(value: unknown): RestartReason {
  return REASONS.find(reason => reason === value) ?? 'epoch-changed'
}
