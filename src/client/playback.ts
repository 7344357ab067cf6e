import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { ReplaySpeed } from '../protocol/replay.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { boundedView } from './bounded-view.ts'
import { applyEntry, type FeedView, fillPin, missingPin, openView } from './feed-view.ts'
import { followLive } from './follow-live.ts'
import { Lap, type LapEnd, type Pace } from './lap.ts'
import type { PlaySource } from './play-source.ts'
import type { Playback, PlaybackChange, PlaybackState, PlayOptions, PlayPlace } from './playing.ts'
import { type Reading, readPatiently } from './read-patiently.ts'
import type { Watch, WatchOptions } from './types.ts'

export interface PlaybackNeeds {
  readonly source: PlaySource
  watch(options: WatchOptions): Watch
  /** From 0 up to, not including, 1. */
  random(): number
  /** Any steady clock, in ms. */
  now(): number
}

type RestartedReason = Extract<PlaybackChange, { kind: 'restarted' }>['reason']

/** Plays one event's entries: a lap from each place that it is sought to, and behind the last entry the live room. */
export class FeedPlayback implements Playback {
  readonly eventId: string
  readonly #needs: PlaybackNeeds
  readonly #options: PlayOptions
  readonly #pace: Pace
  readonly #stopBySignal = () => this.stop()
  #state: PlaybackState = { name: 'loading' }
  #view: FeedView | undefined
  #lap: Lap | undefined
  #ending = new AbortController()
  #live: { stop(): void } | undefined

  constructor(eventId: string, needs: PlaybackNeeds, options: PlayOptions) {
    this.eventId = eventId
    this.#needs = needs
    this.#options = options
    this.#pace = { speed: options.speed ?? 1, isPaused: options.paused === true, steps: 0 }
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
    return this.#live === undefined ? this.#lap?.feedMs : undefined
  }

  pause(): void {
    this.#steer({ isPaused: true })
  }

  resume(): void {
    this.#steer({ isPaused: false, ...(this.#pace.speed === 'step' ? { speed: 1 } : {}) })
  }

  setSpeed(speed: ReplaySpeed): void {
    this.#steer({ speed })
  }

  step(): void {
    this.#steer({ isPaused: true, steps: this.#pace.steps + 1 })
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

  #steer(change: Partial<Pace>): void {
    const act = () => void Object.assign(this.#pace, change)
    if (this.#lap === undefined) act()
    else this.#lap.steer(act)
    if (this.#state.name === 'playing' || this.#state.name === 'paused') this.#enterPace()
  }

  #enterPace(): void {
    const { isPaused, speed } = this.#pace
    this.#enter({ name: isPaused || speed === 'step' ? 'paused' : 'playing', speed })
  }

  #endLap(): void {
    this.#ending.abort()
    this.#lap = undefined
    this.#live?.stop()
    this.#live = undefined
    this.#pace.steps = 0
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
    const { to, maxSilenceMs } = this.#options
    const read = (position: Position) => this.#readOn(position, signal)
    const lap = new Lap({
      start,
      pace: this.#pace,
      signal,
      to,
      maxSilenceMs,
      now,
      read,
      show: entry => this.#show(entry),
    })
    this.#view = openView(start.view)
    this.#lap = lap
    this.#tell({ kind: 'restarted', reason, view: start.view })
    if (signal.aborted) return
    this.#enterPace()
    this.#goOn(await lap.play(), signal)
  }

  async #readOn(position: Position, signal: AbortSignal) {
    const read = await this.#read(signal, () => this.#needs.source.after(position, signal))
    if (read.did === 'read' && this.#state.name === 'waiting') this.#enterPace()
    return read
  }

  #goOn(end: LapEnd, signal: AbortSignal): void {
    if (signal.aborted) return
    switch (end.did) {
      case 'finish':
        this.#enter({ name: 'ended' })
        break
      case 'reach the end':
        this.#goLive(signal)
        break
      case 'refuse': {
        const { code, problem } = end.error
        // A feed that is another one now is begun anew, at the same time of its clock.
        if (code === 'position-unknown') this.#begin(new Date(end.feedMs).toISOString(), readReason(problem['reason']))
        else this.#enter({ name: 'refused', problem })
      }
    }
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
        this.#lap?.holdUp()
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
