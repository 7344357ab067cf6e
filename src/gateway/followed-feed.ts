import { isLinked } from '../feed/chain.ts'
import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import { readLineHead } from '../protocol/entry.ts'
import type { Event } from '../protocol/event.ts'
import type { Position } from '../protocol/position.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { type EntryFrame, entryFrame } from './frame.ts'
import { LatestSnapshot } from './latest-snapshot.ts'
import { loadRoom, type RoomPlace, type RoomState } from './load-room.ts'

export interface FollowedFeedNeeds {
  readonly place: RoomPlace
  readonly reader: FeedReader
  readonly log: Logger
}

/** What the room is told, each in the tick in which it happens. */
export interface FeedFollower {
  /** The next entry stands in the tail. `event` is set when it changed the event. */
  entered(frame: EntryFrame, event: Event | undefined): void
  /** The feed is no longer the one that was followed: whoever saw that begins anew. */
  replaced(reason: RestartReason): void
  /** Entries were read that no announcement had brought. */
  resynced(): void
  /** A page was read, and another one follows when this resolves. */
  pageRead(): Promise<void>
}

const PAGE = 1_000
/** What is taken in one tick when there is much to catch up with: between two pages others have their turn. */
const CATCH_UP_PAGE = 250
/** While Redis is away a first visitor is given the last snapshot, so it must not fall too far behind the tail. */
const SNAPSHOT_MAY_LAG = 100

/** One event's feed as far as it has come to this gateway: its tail without a hole, and the newest snapshot. */
export class FollowedFeed {
  readonly #place: RoomPlace
  readonly #reader: FeedReader
  readonly #log: Logger
  readonly #follower: FeedFollower
  #state: RoomState
  #snapshot: LatestSnapshot
  #comparing: Promise<void> | undefined
  #compareAgain = false
  #isStale = false
  #isGone = false

  constructor({ place, reader, log }: FollowedFeedNeeds, state: RoomState, follower: FeedFollower) {
    this.#place = place
    this.#reader = reader
    this.#log = log
    this.#follower = follower
    this.#state = state
    this.#snapshot = new LatestSnapshot(reader, place.eventId, state.snapshot)
  }

  get state(): RoomState {
    return this.#state
  }

  get position(): Position {
    const { epoch, tail } = this.#state
    return { epoch, seq: tail.seq, chain: tail.chain }
  }

  /** Redis does not answer: this is what was known last. */
  get isStale(): boolean {
    return this.#isStale
  }

  /** There is no such event any more. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** A line as announced. It is taken when it is the next one and links; otherwise the feed is compared with Redis. */
  take(line: string): void {
    const { tail } = this.#state
    const seq = readLineHead(line)?.seq
    if (seq !== undefined && seq <= tail.seq && this.#comparing === undefined) return
    if (this.#comparing !== undefined || seq !== tail.seq + 1 || !this.#append(line)) this.compareSoon()
  }

  compareSoon(): void {
    this.compare().catch((err: unknown) => this.#log.warn({ err, room: this.#place.name }, 'room was not compared'))
  }

  /** Brings the tail to where the feed is now, or replaces it where the feed is another one. Rejects while Redis is away. */
  compare(): Promise<void> {
    this.#compareAgain = true
    this.#comparing ??= this.#compareAll().finally(() => {
      this.#comparing = undefined
    })
    return this.#comparing
  }

  /** The snapshot of now; while Redis is away the last one, as long as the tail reaches back to it. */
  async snapshot(): Promise<SnapshotText> {
    const { epoch, tail } = this.#state
    try {
      return await this.#snapshot.atLeast(epoch, tail.seq)
    } catch (error) {
      const { latest } = this.#snapshot
      if (error instanceof Refusal || this.#state.tail.after(latest.position.seq) === undefined) throw error
      this.#isStale = true
      return latest
    }
  }

  /** Reads a newer snapshot when the last one has fallen behind. */
  async renewSnapshot(): Promise<void> {
    const { epoch, seq } = this.position
    if (seq - this.#snapshot.latest.position.seq > SNAPSHOT_MAY_LAG) await this.#snapshot.atLeast(epoch, seq)
  }

  /** The frames from a seq on, as far as the tail has come, read anew. */
  async framesFrom(from: number): Promise<EntryFrame[]> {
    await this.compare()
    const { epoch, tail } = this.#state
    const read = await this.#reader.linesAfter(this.#place.eventId, { epoch, seq: from - 1 }, PAGE)
    if (!read.found) return []
    const frames = read.lines.map(line => entryFrame(this.#place.name, epoch, line))
    return frames.filter(frame => frame !== undefined).filter(frame => frame.seq <= tail.seq)
  }

  async #compareAll(): Promise<void> {
    try {
      while (this.#compareAgain) {
        this.#compareAgain = false
        await this.#catchUp()
      }
      this.#isStale = false
    } catch (error) {
      this.#isStale = true
      throw error
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const read = await this.#reader.linesAfter(this.#place.eventId, this.position, CATCH_UP_PAGE)
      if (!read.found) return this.#replace(read.why === 'no-event' ? 'epoch-changed' : read.why)
      if (read.lines.length > 0) this.#follower.resynced()
      for (const line of read.lines) if (!this.#append(line)) return this.#replace('chain-mismatch')
      if (read.complete) return
      await this.#follower.pageRead()
    }
  }

  /** Takes a line into the tail; false when it does not follow. */
  #append(line: string): boolean {
    const { epoch, tail } = this.#state
    const head = readLineHead(line)
    if (head?.seq !== tail.seq + 1 || !isLinked(tail.chain, line, head)) return false
    const frame = entryFrame(this.#place.name, epoch, line, head)
    if (frame === undefined) return false
    tail.push(frame)
    const event = readEvent(line)
    if (event !== undefined) this.#state = { ...this.#state, event }
    this.#follower.entered(frame, event)
    return true
  }

  async #replace(reason: RestartReason): Promise<void> {
    const seen = this.position
    const state = await loadRoom(this.#reader, this.#place)
    if (state === undefined && this.#isGone) return // it still is: nobody is left to be told
    this.#log.warn({ room: this.#place.name, ...seen, reason }, 'room was restarted')
    this.#isGone = state === undefined
    if (state !== undefined) {
      this.#state = state
      this.#snapshot = new LatestSnapshot(this.#reader, this.#place.eventId, state.snapshot)
    }
    this.#follower.replaced(reason)
  }
}

/** The event in a line of type `event`; of other lines, undefined without parsing them. */
function readEvent(line: string): Event | undefined {
  if (!/^\{"seq":\d+,"chain":"[0-9a-f]+","at":"[^"]*","type":"event",/.test(line)) return undefined
  return (JSON.parse(line) as { event: Event }).event
}
