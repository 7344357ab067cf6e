import { type EntryFrame, eventFrame, Parcel } from './frame.ts'
import type { Viewer } from './viewer.ts'

/** When entries were given to the first of the viewers (by performance.now), and to how many. */
export interface Flush {
  readonly began: number
  readonly viewers: number
}

/**
 * The viewers of a room. Nearly all stand at the same seq, for each was given what the room had when it came: so that is
 * kept once for them, and nothing need be noted of each when an entry is sent.
 */
export class Audience {
  readonly #wereSent: (frames: readonly EntryFrame[], flush: Flush) => void
  readonly #fellBehind: (viewer: Viewer) => void
  /** Those who have been given the feed up to `#seq`. */
  readonly #inStep = new Set<Viewer>()
  #seq = 0
  /** The others, each with the seq up to which it has: they were given a page or a snapshot that is newer. */
  readonly #apart = new Map<Viewer, number>()
  #unsent: EntryFrame[] = []
  #lastSentAt = 0
  #streams = 0

  /**
   * `wereSent` is told of entries once they are written to the last of the viewers, `fellBehind` of each viewer that could
   * take no more: it is no longer one of them.
   */
  constructor(wereSent: (frames: readonly EntryFrame[], flush: Flush) => void, fellBehind: (viewer: Viewer) => void) {
    this.#wereSent = wereSent
    this.#fellBehind = fellBehind
  }

  get size(): number {
    return this.#inStep.size + this.#apart.size
  }

  /** How many of them are on event streams. */
  get streams(): number {
    return this.#streams
  }

  /** What waits for the slowest of them on this side of the network, in bytes. */
  get mostWaitingBytes(): number {
    let most = 0
    for (const viewer of this.viewers()) most = Math.max(most, viewer.waitingBytes())
    return most
  }

  /** When something was last sent to all, in ms. */
  get lastSentAt(): number {
    return this.#lastSentAt
  }

  /** From now on `viewer` is sent what comes after `seq`. */
  add(viewer: Viewer, seq: number): void {
    this.remove(viewer)
    if (viewer.isStream) this.#streams += 1
    if (this.#inStep.size === 0) this.#seq = seq
    if (seq === this.#seq) this.#inStep.add(viewer)
    else this.#apart.set(viewer, seq)
  }

  remove(viewer: Viewer): void {
    const wasHere = this.#inStep.delete(viewer) || this.#apart.delete(viewer)
    if (wasHere && viewer.isStream) this.#streams -= 1
  }

  /** The viewers, so that some or all of them may be removed. */
  viewers(): Viewer[] {
    return [...this.#inStep, ...this.#apart.keys()]
  }

  /** Sends an entry to all who have not got it. What comes in one tick goes out as one write per viewer. */
  send(frame: EntryFrame): void {
    if (this.#unsent.push(frame) === 1) queueMicrotask(() => this.flush())
  }

  /** Sends an entry to all, also to those who have got it; who has not yet got so far is left to get it in its turn. */
  sendAgain(frame: EntryFrame): void {
    this.flush()
    const parcel = new Parcel([frame])
    if (frame.seq <= this.#seq) for (const viewer of this.#inStep) this.#sendTo(viewer, parcel)
    for (const [viewer, reached] of this.#apart) if (frame.seq <= reached) this.#sendTo(viewer, parcel)
  }

  /** Sends what waits now. Before a viewer is added: it is given those entries with its answer. */
  flush(): void {
    const frames = this.#unsent
    const first = frames[0]?.seq
    const last = frames.at(-1)?.seq
    if (first === undefined || last === undefined) return
    this.#unsent = []
    this.#lastSentAt = Date.now()
    const began = performance.now()
    const parcel = new Parcel(frames)
    let sent = 0
    const unknownAfter = (seq: number) => (seq < first ? parcel : new Parcel(frames.slice(seq - first + 1)))
    if (this.#seq < last) {
      const unknown = unknownAfter(this.#seq)
      this.#seq = last
      for (const viewer of this.#inStep) if (this.#sendTo(viewer, unknown)) sent += 1
    }
    for (const [viewer, reached] of this.#apart) {
      if (reached > last) continue // it got a snapshot that is newer than these
      if (reached < last) {
        if (!this.#sendTo(viewer, unknownAfter(reached))) continue
        this.#apart.set(viewer, last)
        sent += 1
      }
      if (this.#seq !== last) continue
      this.#apart.delete(viewer)
      this.#inStep.add(viewer)
    }
    if (sent > 0) this.#wereSent(frames, { began, viewers: sent })
  }

  /** Sends something that is not an entry; `json` is its text. */
  broadcast(name: string, json: string, now: number): void {
    this.#lastSentAt = now
    const parcel = new Parcel([eventFrame(name, json)])
    for (const viewer of this.#inStep) this.#sendTo(viewer, parcel)
    for (const viewer of this.#apart.keys()) this.#sendTo(viewer, parcel)
  }

  #sendTo(viewer: Viewer, parcel: Parcel): boolean {
    if (viewer.send(parcel)) return true
    this.remove(viewer)
    this.#fellBehind(viewer)
    return false
  }

  /** Forgets what waits and everybody. */
  clear(): void {
    this.#unsent = []
    this.#inStep.clear()
    this.#apart.clear()
    this.#seq = 0
    this.#streams = 0
  }
}
