import type { FeedReader } from '../feed/feed-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import { hasRole, mayRead, reaches, type Subject, type Tokens } from '../foundation/tokens.ts'
import type { Position, PositionInput } from '../protocol/position.ts'
import type { Beacon, RestartReason } from '../protocol/socket.ts'
import { Audience } from './audience.ts'
import { FollowedFeed } from './followed-feed.ts'
import { Parcel } from './frame.ts'
import type { Joined } from './join-answer.ts'
import { eventNotFound } from './latest-snapshot.ts'
import type { RoomPlace, RoomState } from './load-room.ts'
import { MAX_CATCH_UP_BYTES, planJoin } from './plan-join.ts'
import { letViewersRead, type PageTurns } from './rehearsal-pace.ts'
import { createRoomMeter, type RoomMeter, type RoomMeterNeeds } from './room-meter.ts'
import type { Viewer } from './viewer.ts'

export interface RoomNeeds extends RoomMeterNeeds {
  readonly place: RoomPlace
  readonly reader: FeedReader
  readonly tokens: Pick<Tokens, 'holds'>
  /** Shared by all rehearsals of this gateway. */
  readonly pageTurns: PageTurns
  readonly log: Logger
}

type Answer = (joined: Joined) => void

/** A room that has sent nothing for this long tells its viewers where it stands. */
const QUIET_MS = 4_000
/** One that is never quiet tells of viewers who came and went this often. */
const VIEWERS_EVERY_MS = 10_000
const PAGE = 1_000
const MAX_SNAPSHOT_ATTEMPTS = 5

/** The viewers of one event on this gateway: who is let in, from where, and what they are given. */
export class Room {
  readonly #place: RoomPlace
  readonly #reader: FeedReader
  readonly #tokens: Pick<Tokens, 'holds'>
  readonly #log: Logger
  readonly #meter: RoomMeter
  readonly #audience: Audience
  readonly #feed: FollowedFeed
  #viewersElsewhere = 0
  #joins = 0
  #lastBeacon = { at: 0, viewers: 0 }

  constructor(needs: RoomNeeds, state: RoomState) {
    const { place, reader, log } = needs
    this.#place = place
    this.#reader = reader
    this.#tokens = needs.tokens
    this.#log = log
    this.#meter = createRoomMeter(needs)
    this.#audience = new Audience(
      (frames, flush) => this.#meter.sent(frames, this.position.epoch, flush),
      viewer => this.#beginAnew(viewer),
    )
    this.#feed = new FollowedFeed({ place, reader, log }, state, {
      entered: (frame, event) => {
        this.#meter.taken(frame)
        if (event !== undefined) this.evictUnreadable()
        this.#audience.send(frame)
      },
      replaced: reason => this.#beginAllAnew(reason),
      resynced: () => this.#meter.resynced(),
      pageRead: async () => {
        if (this.#isLive) return
        await letViewersRead(this.#audience)
        await needs.pageTurns.next()
      },
    })
  }

  /** It is not the room of a rehearsal. */
  get #isLive(): boolean {
    return this.#place.name === this.#place.eventId
  }

  get viewers(): number {
    return this.#audience.size
  }

  /** How many of the viewers are on event streams. */
  get streams(): number {
    return this.#audience.streams
  }

  get tailEntries(): number {
    return this.#feed.state.tail.size
  }

  get position(): Position {
    return this.#feed.position
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

  /**
   * Adds a viewer and answers its join. `answer` is called in the same tick in which the viewer is added, so that what it
   * is sent next is the entry after the position that it is told.
   */
  async join(viewer: Viewer, after: PositionInput | null, answer: Answer): Promise<void> {
    // An event that was gone may have been restored: whoever comes looks whether it is there again.
    if (this.#feed.isGone) await this.compare()
    this.#refuseUnlessReadable(viewer)
    let plan = planJoin(after, this.#feed.state, false)
    if (plan.do === 'compare') {
      await this.compare()
      this.#refuseUnlessReadable(viewer)
      plan = planJoin(after, this.#feed.state, true)
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

  /** A line as announced. */
  take(line: string): void {
    this.#feed.take(line)
  }

  /** Sends all viewers the entries from a seq on once more: who has them ignores them. */
  sendAgain(from: number): void {
    this.#feed.framesFrom(from).then(
      frames => {
        for (const frame of frames) this.#audience.sendAgain(frame)
      },
      (err: unknown) => this.#log.warn({ err, room: this.#place.name, from }, 'entries were not sent again'),
    )
  }

  compareSoon(): void {
    this.#feed.compareSoon()
  }

  /** Brings the room to where the feed is now, or restarts its viewers where the feed is no longer the one they saw. */
  compare(): Promise<void> {
    return this.#feed.compare()
  }

  /** Every few seconds: notices lost messages, and tells a quiet room where it stands. */
  async tick(now: number): Promise<void> {
    // The others' tick does not wait for a rehearsal at full speed; its snapshots cost more, and are made when they are needed.
    if (!this.#isLive) this.compareSoon()
    else {
      await this.compare()
      await this.#feed.renewSnapshot()
    }
    const viewers = this.#audience.size + this.#viewersElsewhere
    const isQuiet = now - this.#audience.lastSentAt >= QUIET_MS
    const isNews = viewers !== this.#lastBeacon.viewers && now - this.#lastBeacon.at >= VIEWERS_EVERY_MS
    if (!isQuiet && !isNews) return
    const beacon: Beacon = { eventId: this.#place.name, ...this.position, viewers }
    this.#audience.broadcast('beacon', JSON.stringify(beacon), now)
    this.#lastBeacon = { at: now, viewers }
  }

  /** Adds the viewer at `seq`, answers with `lines` read before and what the tail has since. All in this tick. */
  #resume(viewer: Viewer, seq: number, lines: readonly string[], answer: Answer): void {
    const frames = this.#feed.state.tail.after(seq) ?? []
    this.#addResumed(viewer, this.position, [...lines, ...frames.map(frame => frame.line)], answer)
  }

  #addResumed(viewer: Viewer, position: Position, lines: readonly string[], answer: Answer): void {
    this.#audience.flush()
    answer({ result: 'resumed', position, lines, isStale: this.#feed.isStale })
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
    const { epoch, tail } = this.#feed.state
    const reached = read.position.seq
    const bytes = read.lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
    if (bytes > MAX_CATCH_UP_BYTES) return this.#joinAnew(viewer, 'too-far-behind', answer)
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
      const { position, json } = await this.#feed.snapshot()
      this.#refuseUnlessReadable(viewer)
      const { epoch, tail } = this.#feed.state
      const frames = tail.after(position.seq)
      if (position.epoch !== epoch || frames === undefined) {
        await this.compare()
        continue
      }
      this.#audience.flush()
      answer({ result: 'restarted', reason, position, snapshot: json, isStale: this.#feed.isStale })
      // The snapshot may be older than the tail (the rest follows at once) or newer (then the tail passes it first).
      if (frames.length > 0) viewer.send(new Parcel(frames))
      this.#audience.add(viewer, Math.max(position.seq, tail.seq))
      return
    }
    throw new Refusal('unavailable', 'The feed is changing too fast to be read. Join again.')
  }

  #beginAllAnew(reason: RestartReason): void {
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
    const { event } = this.#feed.state
    if (this.#feed.isGone || !mayRead(event, subject)) throw eventNotFound(this.#place.eventId)
    if (this.#isOpenToAll) return
    if (this.#hasLost(subject)) {
      throw new Refusal('token-needed', 'The token of this connection holds no more: send another by refresh.')
    }
    if (!this.#mayEnter(subject)) throw new Refusal('not-allowed', 'A rehearsal is for editors and ops of its event.')
  }

  /** Whoever may not see what is not for everybody, or whose token has run out or was revoked, leaves at once. */
  evictUnreadable(): void {
    if (this.#isOpenToAll) return
    for (const viewer of this.#audience.viewers()) {
      const hasLost = this.#hasLost(viewer.subject)
      if (!hasLost && this.#mayEnter(viewer.subject)) continue
      this.#audience.remove(viewer)
      viewer.tell(
        hasLost ? { kind: 'token-expired' } : { kind: 'restart', eventId: this.#place.name, reason: 'epoch-changed' },
      )
    }
  }

  get #isOpenToAll(): boolean {
    return this.#isLive && this.#feed.state.event.visibility === 'public'
  }

  #hasLost(subject: Subject | undefined): boolean {
    return subject !== undefined && !this.#tokens.holds(subject)
  }

  #mayEnter(subject: Subject | undefined): boolean {
    const { event } = this.#feed.state
    if (this.#isLive) return mayRead(event, subject)
    return subject !== undefined && hasRole(subject, 'editor', 'ops') && reaches(subject, event.id)
  }
}
