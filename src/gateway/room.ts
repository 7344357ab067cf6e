import type { Arrivals } from '../feed/arrivals.ts'
import { isLinked } from '../feed/chain.ts'
import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import { mayRead, type Subject } from '../foundation/tokens.ts'
import { readLineHead } from '../protocol/entry.ts'
import type { Event } from '../protocol/event.ts'
import type { Position, PositionInput } from '../protocol/position.ts'
import type { Beacon, RestartReason } from '../protocol/socket.ts'
import { Audience } from './audience.ts'
import type { EntryTraces } from './entry-traces.ts'
import { entryFrame, Parcel } from './frame.ts'
import type { Joined } from './join-answer.ts'
import { eventNotFound, LatestSnapshot } from './latest-snapshot.ts'
import { loadRoom, type RoomPlace, type RoomState } from './load-room.ts'
import { planJoin } from './plan-join.ts'
import { createRoomMeter, type RoomMeter, type RoomMeterNeeds } from './room-meter.ts'
import type { Viewer } from './viewer.ts'

export interface RoomNeeds {
  readonly place: RoomPlace
  readonly reader: FeedReader
  readonly arrivals: Pick<Arrivals, 'reached'>
  readonly gateway: string
  /** Undefined where nothing is traced. */
  readonly traces: EntryTraces | undefined
  readonly metrics: RoomMeterNeeds['metrics']
  readonly log: Logger
}

type Answer = (joined: Joined) => void

/** A room that has sent nothing for this long tells its viewers where it stands. */
const QUIET_MS = 4_000
/** One that is never quiet tells of viewers who came and went this often. */
const VIEWERS_EVERY_MS = 10_000
const PAGE = 1_000
/** What a room takes at once when it catches up: between two pages others have their turn. */
const CATCH_UP_PAGE = 250
const MAX_SNAPSHOT_ATTEMPTS = 5
/** While Redis is away a first visitor is given the last snapshot, so it must not fall too far behind the tail. */
const SNAPSHOT_MAY_LAG = 100

/** The viewers of one event on this gateway, and the feed as far as it has come here. */
export class Room {
  readonly #place: RoomPlace
  readonly #reader: FeedReader
  readonly #log: Logger
  readonly #meter: RoomMeter
  readonly #audience: Audience
  #state: RoomState
  #snapshot: LatestSnapshot
  #comparing: Promise<void> | undefined
  #compareAgain = false
  #isStale = false
  #isGone = false
  #viewersElsewhere = 0
  #joins = 0
  #lastBeacon = { at: 0, viewers: 0 }

  constructor({ place, reader, arrivals, gateway, traces, metrics, log }: RoomNeeds, state: RoomState) {
    this.#place = place
    this.#reader = reader
    this.#log = log
    this.#meter = createRoomMeter({ place, arrivals, gateway, traces, metrics, log })
    this.#audience = new Audience(
      (frames, flush) => this.#meter.sent(frames, this.#state.epoch, flush),
      viewer => this.#beginAnew(viewer),
    )
    this.#state = state
    this.#snapshot = new LatestSnapshot(reader, place.eventId, state.snapshot)
  }

  get viewers(): number {
    return this.#audience.size
  }

  /** How many of the viewers are on event streams. */
  get streams(): number {
    return this.#audience.streams
  }

  /** Takes note of how many look on through other processes. */
  noteViewersElsewhere(viewers: number): void {
    this.#viewersElsewhere = viewers
  }

  /** How often somebody joined since this was asked last. */
  takeJoins(): number {
    const joins = this.#joins
    this.#joins = 0
    return joins
  }

  get tailEntries(): number {
    return this.#state.tail.size
  }

  get position(): Position {
    const { epoch, tail } = this.#state
    return { epoch, seq: tail.seq, chain: tail.chain }
  }

  /**
   * Adds a viewer and answers its join. `answer` is called in the same tick in which the viewer is added, so that what it
   * is sent next is the entry after the position that it is told.
   */
  async join(viewer: Viewer, after: PositionInput | null, answer: Answer): Promise<void> {
    this.#refuseUnlessReadable(viewer)
    let plan = planJoin(after, this.#state, false)
    if (plan.do === 'compare') {
      await this.compare()
      this.#refuseUnlessReadable(viewer)
      plan = planJoin(after, this.#state, true)
    }
    if (plan.do === 'page' && after !== null) await this.#joinByPage(viewer, after, answer)
    else if (plan.do === 'restart') await this.#joinAnew(viewer, plan.reason, answer)
    else if (plan.do === 'resume') this.#resume(viewer, plan.seq, [], answer)
  }

  /** As `join`, for a viewer that was told to begin anew: it is given a snapshot. */
  async restart(viewer: Viewer, reason: RestartReason, answer: Answer): Promise<void> {
    this.#refuseUnlessReadable(viewer)
    await this.#joinBySnapshot(viewer, reason, answer)
  }

  leave(viewer: Viewer): void {
    this.#audience.remove(viewer)
  }

  /** A line as announced. It is taken when it is the next one and links; otherwise the room compares itself with Redis. */
  take(line: string): void {
    const { tail } = this.#state
    const seq = readLineHead(line)?.seq
    if (seq !== undefined && seq <= tail.seq && this.#comparing === undefined) return
    if (this.#comparing !== undefined || seq !== tail.seq + 1 || !this.#append(line)) this.compareSoon()
  }

  /** Sends all viewers the entries from a seq on once more: who has them ignores them. */
  sendAgain(from: number): void {
    this.#sendAgain(from).catch((err: unknown) => {
      this.#log.warn({ err, room: this.#place.name, from }, 'entries were not sent again')
    })
  }

  compareSoon(): void {
    this.compare().catch((err: unknown) => this.#log.warn({ err, room: this.#place.name }, 'room was not compared'))
  }

  /** Brings the room to where the feed is now, or restarts its viewers where the feed is no longer the one they saw. */
  compare(): Promise<void> {
    this.#compareAgain = true
    this.#comparing ??= this.#compareAll().finally(() => {
      this.#comparing = undefined
    })
    return this.#comparing
  }

  /** Every few seconds: notices lost messages and tokens that ran out, and tells a quiet room where it stands. */
  async tick(now: number): Promise<void> {
    this.#evictUnreadable(now)
    await this.compare()
    const { epoch, seq } = this.position
    const isLive = this.#place.name === this.#place.eventId // a rehearsal's snapshot costs more, and is made when it is needed
    if (isLive && seq - this.#snapshot.latest.position.seq > SNAPSHOT_MAY_LAG) await this.#snapshot.atLeast(epoch, seq)
    const viewers = this.#audience.size + this.#viewersElsewhere
    const isQuiet = now - this.#audience.lastSentAt >= QUIET_MS
    const isNews = viewers !== this.#lastBeacon.viewers && now - this.#lastBeacon.at >= VIEWERS_EVERY_MS
    if (!isQuiet && !isNews) return
    const beacon: Beacon = { eventId: this.#place.name, ...this.position, viewers }
    this.#audience.broadcast('beacon', JSON.stringify(beacon), now)
    this.#lastBeacon = { at: now, viewers }
  }

  async #sendAgain(from: number): Promise<void> {
    await this.compare()
    const { epoch, tail } = this.#state
    const read = await this.#reader.linesAfter(this.#place.eventId, { epoch, seq: from - 1 }, PAGE)
    if (!read.found) return
    for (const line of read.lines) {
      const frame = entryFrame(this.#place.name, epoch, line)
      if (frame !== undefined && frame.seq <= tail.seq) this.#audience.sendAgain(frame)
    }
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
      if (!read.found) return this.#restart(read.why === 'no-event' ? 'epoch-changed' : read.why)
      if (read.lines.length > 0) this.#meter.resynced()
      for (const line of read.lines) if (!this.#append(line)) return this.#restart('chain-mismatch')
      if (read.complete) return
    }
  }

  /** Takes a line into the tail and sends it; false when it does not follow. */
  #append(line: string): boolean {
    const { epoch, tail } = this.#state
    const frame = entryFrame(this.#place.name, epoch, line)
    if (frame?.seq !== tail.seq + 1 || !isLinked(tail.chain, line)) return false
    this.#meter.taken(frame)
    tail.push(frame)
    const event = readEvent(line)
    if (event !== undefined) {
      this.#state = { ...this.#state, event }
      this.#evictUnreadable(Date.now())
    }
    this.#audience.send(frame)
    return true
  }

  /** Adds the viewer at `seq`, answers with `lines` read before and what the tail has since. All in this tick. */
  #resume(viewer: Viewer, seq: number, lines: readonly string[], answer: Answer): void {
    const frames = this.#state.tail.after(seq) ?? []
    this.#addResumed(viewer, this.position, [...lines, ...frames.map(frame => frame.line)], answer)
  }

  #addResumed(viewer: Viewer, position: Position, lines: readonly string[], answer: Answer): void {
    this.#audience.flush()
    answer({ result: 'resumed', position, lines, isStale: this.#isStale })
    this.#audience.add(viewer, position.seq)
    this.#joins += 1
    this.#meter.joined('resumed')
  }

  async #joinByPage(viewer: Viewer, after: PositionInput, answer: Answer): Promise<void> {
    const from = { epoch: after.epoch, seq: after.seq, chain: after.chain ?? '' }
    const read = await this.#reader.linesAfter(this.#place.eventId, from, PAGE)
    this.#refuseUnlessReadable(viewer)
    if (!read.found) {
      return this.#joinAnew(viewer, read.why === 'no-event' ? 'epoch-changed' : read.why, answer)
    }
    const { epoch, tail } = this.#state
    const reached = read.position.seq
    if (read.epoch === epoch && reached > tail.seq) {
      // Redis is ahead of this room: the rest is sent when it comes here.
      this.#addResumed(viewer, read.position, read.lines, answer)
      this.compareSoon()
    } else if (read.epoch === epoch && tail.after(reached) !== undefined) {
      this.#resume(viewer, reached, read.lines, answer)
    } else {
      await this.#joinAnew(viewer, 'too-far-behind', answer)
    }
  }

  async #joinAnew(viewer: Viewer, reason: RestartReason, answer: Answer): Promise<void> {
    await this.#joinBySnapshot(viewer, reason, answer)
    this.#joins += 1
    this.#meter.joined(reason)
  }

  async #joinBySnapshot(viewer: Viewer, reason: RestartReason, answer: Answer): Promise<void> {
    for (let attempt = 1; attempt <= MAX_SNAPSHOT_ATTEMPTS; attempt++) {
      const { position, json } = await this.#snapshotForJoin()
      this.#refuseUnlessReadable(viewer)
      const { epoch, tail } = this.#state
      const frames = tail.after(position.seq)
      if (position.epoch !== epoch || frames === undefined) {
        await this.compare()
        continue
      }
      this.#audience.flush()
      answer({ result: 'restarted', reason, position, snapshot: json, isStale: this.#isStale })
      // The snapshot may be older than the tail (the rest follows at once) or newer (then the tail passes it first).
      if (frames.length > 0) viewer.send(new Parcel(frames))
      this.#audience.add(viewer, Math.max(position.seq, tail.seq))
      return
    }
    throw new Refusal('unavailable', 'The feed is changing too fast to be read. Join again.')
  }

  /** The snapshot of now; while Redis is away the last one, as long as the tail reaches back to it. */
  async #snapshotForJoin(): Promise<SnapshotText> {
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

  /** The feed is not the one that was seen here: read it anew, and have every viewer begin again. */
  async #restart(reason: RestartReason): Promise<void> {
    this.#log.warn({ room: this.#place.name, ...this.position, reason }, 'room was restarted')
    const state = await loadRoom(this.#reader, this.#place)
    this.#isGone = state === undefined
    if (state !== undefined) {
      this.#state = state
      this.#snapshot = new LatestSnapshot(this.#reader, this.#place.eventId, state.snapshot)
    }
    const viewers = this.#audience.viewers()
    this.#meter.restarted(reason, viewers.length)
    this.#audience.clear()
    for (const viewer of viewers) viewer.tell({ kind: 'restart', eventId: this.#place.name, reason })
  }

  /** One that could take no more is given state instead of history, when it has read what is on its way. */
  #beginAnew(viewer: Viewer): void {
    this.#meter.restarted('too-far-behind', 1)
    viewer.tellWhenRead({ kind: 'restart', eventId: this.#place.name, reason: 'too-far-behind' })
  }

  #refuseUnlessReadable({ subject }: Viewer): void {
    const { event } = this.#state
    if (this.#isGone || !mayRead(event, subject)) throw eventNotFound(this.#place.eventId)
    if (event.visibility === 'private' && hasExpired(subject, Date.now())) {
      throw new Refusal('token-needed', 'The token of this connection has run out: send another by refresh.')
    }
  }

  /** Viewers who may not see a private event, or whose token has run out, leave it at once. */
  #evictUnreadable(now: number): void {
    const { event } = this.#state
    if (event.visibility === 'public') return
    for (const viewer of this.#audience.viewers()) {
      const isExpired = hasExpired(viewer.subject, now)
      if (!isExpired && mayRead(event, viewer.subject)) continue
      this.#audience.remove(viewer)
      viewer.tell(
        isExpired ? { kind: 'token-expired' } : { kind: 'restart', eventId: this.#place.name, reason: 'epoch-changed' },
      )
    }
  }
}

function hasExpired(subject: Subject | undefined, now: number): boolean {
  return subject !== undefined && subject.expiresAt <= now
}

/** The event in a line of type `event`; of other lines, undefined without parsing them. */
function readEvent(line: string): Event | undefined {
  if (!/^\{"seq":\d+,"chain":"[0-9a-f]+","at":"[^"]*","type":"event",/.test(line)) return undefined
  return (JSON.parse(line) as { event: Event }).event
}
