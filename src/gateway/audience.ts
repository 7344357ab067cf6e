import { type EntryFrame, eventFrame, Parcel } from './frame.ts'
import type { Viewer } from './viewer.ts'

/** When entries were given to the first of the viewers (by performance.now), and to how many. */
export interface Flush {
  readonly began: number
  readonly viewers: number
}

/** The viewers of a room, each with the seq up to which it has been given the feed. */
export class Audience {
  readonly #wereSent: (frames: readonly EntryFrame[], flush: Flush) => void
  readonly #fellBehind: (viewer: Viewer) => void
  readonly #reached = new Map<Viewer, number>()
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
    return this.#reached.size
  }

  /** How many of them are on event streams. */
  get streams(): number {
    return this.#streams
  }

  /** What waits for the slowest of them on this side of the network, in bytes. */
  get mostWaitingBytes(): number {
    let most = 0
    for (const viewer of this.#reached.keys()) most = Math.max(most, viewer.waitingBytes())
    return most
  }

  /** When something was last sent to all, in ms. */
  get lastSentAt(): number {
    return this.#lastSentAt
  }

  /** From now on `viewer` is sent what comes after `seq`. */
  add(viewer: Viewer, seq: number): void {
    if (viewer.isStream && !this.#reached.has(viewer)) this.#streams += 1
    this.#reached.set(viewer, seq)
  }

  remove(viewer: Viewer): void {
    if (this.#reached.delete(viewer) && viewer.isStream) this.#streams -= 1
  }

  /** The viewers, so that some or all of them may be removed. */
  viewers(): Viewer[] {
    return [...this.#reached.keys()]
  }

  /** Sends an entry to all who have not got it. What comes in one tick goes out as one write per viewer. */
  send(frame: EntryFrame): void {
    if (this.#unsent.push(frame) === 1) queueMicrotask(() => this.flush())
  }

  /** Sends an entry to all, also to those who have got it; who has not yet got so far is left to get it in its turn. */
  sendAgain(frame: EntryFrame): void {
    this.flush()
    const parcel = new Parcel([frame])
    for (const [viewer, reached] of this.#reached) if (frame.seq <= reached) this.#sendTo(viewer, parcel)
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
    for (const [viewer, reached] of this.#reached) {
      if (reached >= last) continue // it got a snapshot that is newer than these
      const unknown = reached < first ? parcel : new Parcel(frames.slice(reached - first + 1))
      if (!this.#sendTo(viewer, unknown)) continue
      this.#reached.set(viewer, last)
      sent += 1
    }
    if (sent > 0) this.#wereSent(frames, { began, viewers: sent })
  }

  /** Sends something that is not an entry; `json` is its text. */
  broadcast(name: string, json: string, now: number): void {
    this.#lastSentAt = now
    const parcel = new Parcel([eventFrame(name, json)])
    for (const viewer of this.#reached.keys()) this.#sendTo(viewer, parcel)
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
    this.#reached.clear()
    this.#streams = 0
  }
}
