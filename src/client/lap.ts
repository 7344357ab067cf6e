import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { ReplaySpeed } from '../protocol/replay.ts'
import { createBell } from './bell.ts'
import { committedMs, type PlayPage, type PlayStart } from './play-source.ts'
import { arrivedAt, type Playhead, playedOn, untilDue } from './playback-pace.ts'
import type { ProblemError } from './problem-error.ts'
import type { Reading } from './read-patiently.ts'

/** Entries that are shown in one go at full speed, before anything else on the page has its turn. */
const BREATH_EVERY = 100

/** How a playback goes on: its reader changes it by `Lap.steer`. */
export interface Pace {
  speed: ReplaySpeed
  isPaused: boolean
  /** Entries to be shown at once, whatever the speed. */
  steps: number
}

export type LapEnd =
  /** The feed has no more now. */
  | { readonly did: 'reach the end' }
  /** The last entry that was asked for is shown. */
  | { readonly did: 'finish' }
  | { readonly did: 'refuse'; readonly error: ProblemError; readonly feedMs: number }
  | { readonly did: 'abort' }

export interface LapNeeds {
  readonly start: PlayStart
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly to: number | undefined
  readonly maxSilenceMs: number | undefined
  /** Any steady clock, in ms. */
  now(): number
  /** The entries after a position. */
  read(position: Position): Promise<Reading<PlayPage>>
  /** Each entry, when it is due. */
  show(entry: Entry): void
}

/** One stretch of a playback: from where it began, or was sought to, until it is sought again or ends. */
export class Lap {
  readonly #needs: LapNeeds
  readonly #bell = createBell()
  #position: Position
  #page: PlayPage
  /** Entries of the page that were shown. */
  #shown = 0
  #head: Playhead
  /** When the head was there, by `now`. */
  #sinceMs: number
  /** What is waited for is not played. */
  #isHeldUp = false

  constructor(needs: LapNeeds) {
    const { start, now, signal } = needs
    this.#needs = needs
    this.#position = start.view.position
    this.#page = start.ahead
    this.#head = { feedMs: start.feedMs, silentMs: 0 }
    this.#sinceMs = now()
    signal.addEventListener('abort', () => this.#bell.ring(), { once: true })
  }

  /** The feed's clock at the playhead, in ms since 1970: never past the entry that is to be shown next. */
  get feedMs(): number {
    const next = this.#page.entries[this.#shown]
    const { feedMs } = this.#headNow()
    return next === undefined ? feedMs : Math.min(feedMs, Math.max(this.#head.feedMs, committedMs(next)))
  }

  /** Changes the pace: what has been played so far was played at the old one. */
  steer(change: () => void): void {
    this.#settle()
    change()
    this.#bell.ring()
  }

  /** The server is waited for. */
  holdUp(): void {
    this.#settle()
    this.#isHeldUp = true
  }

  /** Plays. Resolves once; rejects with what is no problem of the server or the network. */
  async play(): Promise<LapEnd> {
    const { signal, to, pace, now } = this.#needs
    for (let inOneGo = 0; !signal.aborted; ) {
      if (to !== undefined && this.#position.seq >= to) return { did: 'finish' }
      const next = this.#page.entries[this.#shown]
      if (next === undefined) {
        const end = await this.#turnPage()
        if (end !== undefined) return end
        continue
      }
      const dueMs = pace.steps > 0 ? this.#sinceMs : this.#sinceMs + this.#untilDue(next)
      const waitMs = dueMs - now()
      if (waitMs > 0 || inOneGo >= BREATH_EVERY) {
        inOneGo = 0
        await this.#bell.wait(Math.max(0, waitMs))
      } else {
        inOneGo += 1
        this.#showNext(next, dueMs)
      }
    }
    return { did: 'abort' }
  }

  #isMoving(): boolean {
    const { isPaused, speed } = this.#needs.pace
    return !isPaused && speed !== 'step' && !this.#isHeldUp
  }

  #headNow(): Playhead {
    const { now, pace } = this.#needs
    return this.#isMoving() ? playedOn(this.#head, now() - this.#sinceMs, pace.speed) : this.#head
  }

  #settle(): void {
    this.#head = this.#headNow()
    this.#sinceMs = this.#needs.now()
  }

  #untilDue(next: Entry): number {
    const { pace, maxSilenceMs = Number.POSITIVE_INFINITY } = this.#needs
    if (pace.isPaused) return Number.POSITIVE_INFINITY
    return untilDue(this.#head, committedMs(next), pace.speed, maxSilenceMs)
  }

  #showNext(entry: Entry, dueMs: number): void {
    const { pace, now, show } = this.#needs
    this.#shown += 1
    this.#position = { epoch: this.#position.epoch, seq: entry.seq, chain: entry.chain }
    this.#head = arrivedAt(this.#head, committedMs(entry))
    // The next interval counts from when this one was due, so that lateness does not add up.
    this.#sinceMs = pace.speed === 'max' || pace.steps > 0 ? now() : dueMs
    pace.steps = Math.max(0, pace.steps - 1)
    show(entry)
  }

  async #turnPage(): Promise<LapEnd | undefined> {
    const read = await this.#needs.read(this.#position)
    if (read.did === 'abort') return { did: 'abort' }
    if (read.did === 'refused') return { did: 'refuse', error: read.error, feedMs: this.#head.feedMs }
    if (this.#isHeldUp) {
      this.#isHeldUp = false
      this.#sinceMs = this.#needs.now()
    }
    this.#page = read.value
    this.#shown = 0
    return read.value.entries.length > 0 ? undefined : this.#rest()
  }

  /** At the feed's end: a playback that does not play waits for its reader, and then looks again. */
  async #rest(): Promise<LapEnd | undefined> {
    const { pace, to } = this.#needs
    pace.steps = 0
    if (to === undefined && this.#isMoving()) return { did: 'reach the end' }
    await this.#bell.wait(Number.POSITIVE_INFINITY)
    return undefined
  }
}
