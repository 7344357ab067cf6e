import { type EntryFrame, eventFrame, type Frame, joined } from './frame.ts'
import type { Viewer } from './viewer.ts'

/** The viewers of a room, each with the seq up to which it has been given the feed. */
export class Audience {
  readonly #wereSent: (frames: readonly EntryFrame[]) => void
  readonly #fellBehind: (viewer: Viewer) => void
  readonly #reached = new Map<Viewer, number>()
  #unsent: EntryFrame[] = []
  #lastSentAt = 0

  /**
   * `wereSent` is told of entries once they are written to the last of the viewers, `fellBehind` of each viewer that could
   * take no more: it is no longer one of them.
   */
  constructor(wereSent: (frames: readonly EntryFrame[]) => void, fellBehind: (viewer: Viewer) => void) {
    this.#wereSent = wereSent
    this.#fellBehind = fellBehind
  }

  get size(): number {
    return this.#reached.size
  }

  /** When something was last sent to all, in ms. */
  get lastSentAt(): number {
    return this.#lastSentAt
  }

  /** From now on `viewer` is sent what comes after `seq`. */
  add(viewer: Viewer, seq: number): void {
    this.#reached.set(viewer, seq)
  }

  remove(viewer: Viewer): void {
    this.#reached.delete(viewer)
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
    for (const [viewer, reached] of this.#reached) if (frame.seq <= reached) this.#sendTo(viewer, [frame], frame.bytes)
  }

  /** Sends what waits now. Before a viewer is added: it is given those entries with its answer. */
  flush(): void {
    const frames = this.#unsent
    const first = frames[0]?.seq
    const last = frames.at(-1)?.seq
    if (first === undefined || last === undefined) return
    this.#unsent = []
    this.#lastSentAt = Date.now()
    const bytes = joined(frames)
    let sent = 0
    for (const [viewer, reached] of this.#reached) {
      if (reached >= last) continue // it got a snapshot that is newer than these
      const unknown = reached < first ? frames : frames.slice(reached - first + 1)
      if (!this.#sendTo(viewer, unknown, unknown === frames ? bytes : joined(unknown))) continue
      this.#reached.set(viewer, last)
      sent += 1
    }
    if (sent > 0) this.#wereSent(frames)
  }

  /** Sends something that is not an entry; `args` as of eventFrame. */
  broadcast(args: string, now: number): void {
    this.#lastSentAt = now
    const frame: Frame = eventFrame(args)
    for (const viewer of this.#reached.keys()) this.#sendTo(viewer, [frame], frame.bytes)
  }

  #sendTo(viewer: Viewer, frames: readonly Frame[], bytes: Buffer): boolean {
    if (viewer.send(frames, bytes)) return true
    this.#reached.delete(viewer)
    this.#fellBehind(viewer)
    return false
  }

  /** Forgets what waits and everybody. */
  clear(): void {
    this.#unsent = []
    this.#reached.clear()
  }
}
