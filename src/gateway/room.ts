import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import { mayRead } from '../foundation/tokens.ts'
import { readLineHead } from '../protocol/entry.ts'
import type { Event } from '../protocol/event.ts'
import type { Position, PositionInput } from '../protocol/position.ts'
import type { Beacon, RestartReason } from '../protocol/socket.ts'
import { type EntryFrame, entryFrame, eventFrame, type Frame, isLinked } from './frame.ts'
import { loadRoom } from './load-room.ts'
import { planJoin } from './plan-join.ts'
import { ReadyJson } from './ready-json.ts'
import type { Tail } from './tail.ts'
import type { Viewer } from './viewer.ts'

export interface RoomNeeds {
  readonly eventId: string
  readonly reader: FeedReader
  readonly log: Logger
}

/** How far a viewer of this room has been given the feed. */
interface Membership {
  seq: number
}

/** What a room holds of its feed: loaded at first, and again when the feed turns out to be another. */
export interface RoomState {
  readonly epoch: string
  readonly tail: Tail
  readonly event: Event
  readonly snapshot: SnapshotText
}

const SNAPSHOT_LIMIT = 50
const QUIET_MS = 4_000
const PAGE = 1_000
const MAX_SNAPSHOT_ATTEMPTS = 5
/** While Redis is away a first visitor is given the last snapshot, so it must not fall too far behind the tail. */
const SNAPSHOT_MAY_LAG = 100

/** The viewers of one event on this gateway, and the feed as far as it has come here. */
export class Room {
  readonly eventId: string
  readonly #reader: FeedReader
  readonly #log: Logger
  readonly #members = new Map<Viewer, Membership>()
  #epoch: string
  #tail: Tail
  #event: Event
  #snapshot: SnapshotText
  #snapshotOnItsWay: Promise<SnapshotText> | undefined
  #unsent: EntryFrame[] = []
  #comparing: Promise<void> | undefined
  #compareAgain = false
  #isStale = false
  #isGone = false
  #lastSentAt = 0

  constructor({ eventId, reader, log }: RoomNeeds, state: RoomState) {
    this.eventId = eventId
    this.#reader = reader
    this.#log = log
    this.#epoch = state.epoch
    this.#tail = state.tail
    this.#event = state.event
    this.#snapshot = state.snapshot
  }

  get viewers(): number {
    return this.#members.size
  }

  get position(): Position {
    return { epoch: this.#epoch, seq: this.#tail.seq, chain: this.#tail.chain }
  }

  /**
   * Adds a viewer and answers its join. The answer goes out through `ack` in the same tick in which the viewer is added,
   * so that what it is sent next is the entry after the position that it is told.
   */
  async join(viewer: Viewer, after: PositionInput | null, ack: (answer: ReadyJson) => void): Promise<void> {
    this.#refuseUnlessReadable(viewer)
    let plan = planJoin(after, { epoch: this.#epoch, tail: this.#tail }, false)
    if (plan.do === 'compare') {
      await this.compare()
      this.#refuseUnlessReadable(viewer)
      plan = planJoin(after, { epoch: this.#epoch, tail: this.#tail }, true)
    }
    if (plan.do === 'page' && after !== null) return this.#joinByPage(viewer, after, ack)
    if (plan.do === 'restart') return this.#joinBySnapshot(viewer, plan.reason, ack)
    if (plan.do === 'resume') this.#resume(viewer, plan.seq, [], ack)
  }

  leave(viewer: Viewer): void {
    this.#members.delete(viewer)
  }

  /** A line as announced. It is taken when it is the next one and links; otherwise the room compares itself with Redis. */
  take(line: string): void {
    const seq = readLineHead(line)?.seq
    if (seq !== undefined && seq <= this.#tail.seq && this.#comparing === undefined) return
    if (this.#comparing !== undefined || seq !== this.#tail.seq + 1 || !this.#append(line)) this.compareSoon()
  }

  compareSoon(): void {
    this.compare().catch((err: unknown) => this.#log.warn({ err, eventId: this.eventId }, 'room was not compared'))
  }

  /** Brings the room to where the feed is now, or restarts its viewers where the feed is no longer the one they saw. */
  compare(): Promise<void> {
    this.#compareAgain = true
    this.#comparing ??= this.#compareAll().finally(() => {
      this.#comparing = undefined
    })
    return this.#comparing
  }

  /** Every few seconds: notices lost messages, tokens that ran out, and tells a quiet room where it stands. */
  async tick(now: number): Promise<void> {
    this.#evictUnreadable(now)
    await this.compare()
    if (this.#tail.seq - this.#snapshot.position.seq > SNAPSHOT_MAY_LAG) await this.#freshSnapshot()
    if (now - this.#lastSentAt < QUIET_MS) return
    this.#lastSentAt = now
    const beacon: Beacon = { eventId: this.eventId, ...this.position, viewers: this.#members.size }
    const frame = eventFrame(`"beacon",${JSON.stringify(beacon)}`)
    for (const viewer of this.#members.keys()) viewer.send([frame], frame.bytes)
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
      const read = await this.#reader.linesAfter(this.eventId, this.position, PAGE)
      if (!read.found) return this.#restart(read.why === 'no-event' ? 'epoch-changed' : read.why)
      for (const line of read.lines) if (!this.#append(line)) return this.#restart('chain-mismatch')
      if (read.complete) return
    }
  }

  /** Takes a line into the tail and sends it; false when it does not follow. */
  #append(line: string): boolean {
    const frame = entryFrame(this.eventId, this.#epoch, line)
    if (frame?.seq !== this.#tail.seq + 1 || !isLinked(this.#tail.chain, line)) return false
    this.#tail.push(frame)
    const event = readEvent(line)
    if (event !== undefined) {
      this.#event = event
      this.#evictUnreadable(Date.now())
    }
    // What arrives in one tick goes out as one write.
    if (this.#unsent.push(frame) === 1) queueMicrotask(() => this.#flush())
    return true
  }

  #flush(): void {
    const frames = this.#unsent
    if (frames.length === 0) return
    this.#unsent = []
    this.#lastSentAt = Date.now()
    const first = frames[0]?.seq ?? 0
    const last = frames.at(-1)?.seq ?? 0
    const bytes = joined(frames)
    for (const [viewer, membership] of this.#members) {
      if (membership.seq >= last) continue
      const missed = membership.seq - first + 1
      if (missed <= 0) viewer.send(frames, bytes)
      else viewer.send(frames.slice(missed), joined(frames.slice(missed)))
      membership.seq = last
    }
  }

  /** Adds the viewer at `seq`, answers with `lines` read before and what the tail has since. All in this tick. */
  #resume(viewer: Viewer, seq: number, lines: readonly string[], ack: (answer: ReadyJson) => void): void {
    this.#flush()
    const frames = this.#tail.after(seq) ?? []
    const entries = [...lines, ...frames.map(frame => frame.line)].join(',')
    const position = JSON.stringify(this.position)
    ack(new ReadyJson(`{"result":"resumed","position":${position},"entries":[${entries}]${this.#staleMember()}}`))
    this.#members.set(viewer, { seq: this.#tail.seq })
  }

  async #joinByPage(viewer: Viewer, after: PositionInput, ack: (answer: ReadyJson) => void): Promise<void> {
    const from = { epoch: after.epoch, seq: after.seq, chain: after.chain ?? '' }
    const read = await this.#reader.linesAfter(this.eventId, from, PAGE)
    this.#refuseUnlessReadable(viewer)
    if (!read.found) {
      const reason = read.why === 'no-event' ? 'epoch-changed' : read.why
      return this.#joinBySnapshot(viewer, reason, ack)
    }
    const reached = read.position.seq
    const isOfThisFeed = read.epoch === this.#epoch
    if (isOfThisFeed && reached > this.#tail.seq) {
      // Redis is ahead of this room: the rest is sent when it comes here.
      this.#flush()
      const position = JSON.stringify(read.position)
      ack(new ReadyJson(`{"result":"resumed","position":${position},"entries":[${read.lines.join(',')}]}`))
      this.#members.set(viewer, { seq: reached })
      this.compareSoon()
    } else if (isOfThisFeed && this.#tail.after(reached) !== undefined) {
      this.#resume(viewer, reached, read.lines, ack)
    } else {
      await this.#joinBySnapshot(viewer, 'too-far-behind', ack)
    }
  }

  async #joinBySnapshot(viewer: Viewer, reason: RestartReason, ack: (answer: ReadyJson) => void): Promise<void> {
    for (let attempt = 1; attempt <= MAX_SNAPSHOT_ATTEMPTS; attempt++) {
      const snapshot = await this.#freshSnapshot()
      this.#refuseUnlessReadable(viewer)
      this.#flush()
      const { seq, epoch } = snapshot.position
      const frames = this.#tail.after(seq)
      if (epoch !== this.#epoch || frames === undefined) {
        await this.compare()
        continue
      }
      const position = JSON.stringify(snapshot.position)
      const answer = `{"result":"restarted","reason":"${reason}","position":${position},"snapshot":${snapshot.json}`
      ack(new ReadyJson(`${answer}${this.#staleMember()}}`))
      // The snapshot may be older than the tail (the rest follows at once) or newer (then the tail passes it first).
      if (frames.length > 0) viewer.send(frames, joined(frames))
      this.#members.set(viewer, { seq: Math.max(seq, this.#tail.seq) })
      return
    }
    throw new Refusal('unavailable', 'The feed is changing too fast to be read. Join again.')
  }

  /** The snapshot of now, read once for all who ask meanwhile. While Redis is away: the last one that the tail reaches. */
  async #freshSnapshot(): Promise<SnapshotText> {
    if (this.#snapshot.position.seq === this.#tail.seq && this.#snapshot.position.epoch === this.#epoch) {
      return this.#snapshot
    }
    this.#snapshotOnItsWay ??= this.#readSnapshot().finally(() => {
      this.#snapshotOnItsWay = undefined
    })
    return this.#snapshotOnItsWay
  }

  async #readSnapshot(): Promise<SnapshotText> {
    try {
      const snapshot = await this.#reader.snapshot(this.eventId, { limit: SNAPSHOT_LIMIT })
      if (snapshot === undefined) throw eventNotFound(this.eventId)
      this.#snapshot = snapshot
    } catch (error) {
      if (error instanceof Refusal || this.#tail.after(this.#snapshot.position.seq) === undefined) throw error
      this.#isStale = true
    }
    return this.#snapshot
  }

  /** The feed is not the one that was seen here: read it anew, and have every viewer begin again. */
  async #restart(reason: RestartReason): Promise<void> {
    this.#log.warn({ eventId: this.eventId, ...this.position, reason }, 'room was restarted')
    const state = await loadRoom(this.#reader, this.eventId, SNAPSHOT_LIMIT)
    this.#unsent = []
    this.#isGone = state === undefined
    if (state !== undefined) {
      this.#epoch = state.epoch
      this.#tail = state.tail
      this.#event = state.event
      this.#snapshot = state.snapshot
    }
    const viewers = [...this.#members.keys()]
    this.#members.clear()
    for (const viewer of viewers) viewer.tell({ kind: 'restart', eventId: this.eventId, reason })
  }

  #staleMember(): string {
    return this.#isStale ? ',"stale":true' : ''
  }

  #refuseUnlessReadable(viewer: Viewer): void {
    if (this.#isGone || !mayRead(this.#event, viewer.subject)) throw eventNotFound(this.eventId)
  }

  /** Viewers who may not see a private event, or whose token has run out, leave it at once. */
  #evictUnreadable(now: number): void {
    if (this.#event.visibility === 'public') return
    for (const viewer of this.#members.keys()) {
      const isExpired = (viewer.subject?.expiresAt ?? 0) <= now
      if (!isExpired && mayRead(this.#event, viewer.subject)) continue
      this.#members.delete(viewer)
      viewer.tell(
        isExpired && viewer.subject !== undefined
          ? { kind: 'token-expired' }
          : { kind: 'restart', eventId: this.eventId, reason: 'epoch-changed' },
      )
    }
  }
}

export function eventNotFound(eventId: string): Refusal {
  return new Refusal('event-not-found', `There is no event ${eventId}.`)
}

function joined(frames: readonly Frame[]): Buffer {
  return frames.length === 1 && frames[0] !== undefined ? frames[0].bytes : Buffer.concat(frames.map(f => f.bytes))
}

/** The event in a line of type `event`; of other lines, undefined without parsing them. */
function readEvent(line: string): Event | undefined {
  if (!/^\{"seq":\d+,"chain":"[0-9a-f]+","at":"[^"]*","type":"event",/.test(line)) return undefined
  return (JSON.parse(line) as { event: Event }).event
}
