import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { Beacon, RestartReason } from '../protocol/socket.ts'
import type { Update } from '../protocol/update.ts'
import { type BackOff, backOffMs } from './back-off.ts'
import { beginCheck, type ChainCheck, checkEntry, type Verified } from './chain-check.ts'
import type { Connection } from './connection.ts'
import { compareWithRoom, step } from './feed-cursor.ts'
import { applyEntry, type FeedView, fillPin, missingPin, openView } from './feed-view.ts'
import { judgeJoin } from './join-answer.ts'
import { readEntry } from './received.ts'
import type { LinkState, RoomPort } from './room-port.ts'
import type { ConnectionState, LiveBy, WatchChange } from './types.ts'

/** How a join that brought nothing is tried again, while the connection stands. */
const REJOIN: BackOff = { baseMs: 500, capMs: 15_000 }

/** Where a watch wants in: the live room of an event, or the rehearsal room of one of its replays. */
export interface RoomDoor {
  readonly eventId: string
  readonly replay?: string
}

/** The room's name on the wire. */
export function roomName({ eventId, replay }: RoomDoor): string {
  return replay === undefined ? eventId : `replay:${replay}`
}

export interface RoomNeeds {
  readonly door: RoomDoor
  readonly from: Snapshot | undefined
  readonly connection: Pick<Connection, 'ask' | 'proven'>
  random(): number
  /** The pinned update, as it stands right after an entry. */
  fetchPinned(updateId: string, seq: number): Promise<Update>
  tell(change: WatchChange): void
}

/**
 * One event as one client follows it: joins, keeps the position and the view, notices what is missing and joins again
 * with its position. What it tells is P5: every entry once and in order, or `restarted`.
 */
export class Room implements RoomPort {
  readonly name: string
  readonly #needs: RoomNeeds
  #state: ConnectionState = { name: 'connecting', attempt: 1 }
  /** The connection that joins go by now. */
  #link: LiveBy = { by: 'websocket', sinceMs: 0 }
  #view: FeedView | undefined
  #check: ChainCheck | undefined
  #viewers: number | undefined
  /** Counts the joins, so that the answer to an earlier one is recognised. */
  #joins = 0
  #isJoining = false
  /** Joins in a row that did not mend what they were for. */
  #fruitless = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Why the server had this room joined afresh: the answer to that join only says that no position was sent. */
  #restartReason: RestartReason | undefined

  constructor(needs: RoomNeeds) {
    this.#needs = needs
    this.name = roomName(needs.door)
    this.#view = needs.from && openView(needs.from)
    this.#check = needs.from && beginCheck(needs.from.position)
  }

  get door(): RoomDoor {
    return this.#needs.door
  }
  get position(): Position | null {
    return this.#view?.snapshot.position ?? null
  }
  get state(): ConnectionState {
    return this.#state
  }
  get wantsIn(): boolean {
    return this.#state.name !== 'refused'
  }
  get view(): Snapshot | undefined {
    return this.#view?.snapshot
  }
  get verified(): Verified | undefined {
    return this.#check?.verified
  }
  get viewers(): number | undefined {
    return this.#viewers
  }

  link(state: LinkState): void {
    this.#forgetJoin()
    this.#fruitless = 0
    if (state.name === 'open') {
      this.#link = { by: state.by, sinceMs: state.sinceMs }
      this.#join()
    } else if (state.name === 'connecting') this.#enter({ name: 'connecting', attempt: state.attempt })
    else if (state.name !== 'closed') this.#enter(state)
  }

  entry(epoch: unknown, received: unknown): void {
    const cursor = this.#view?.snapshot.position
    if (cursor === undefined) return
    const entry = readEntry(received)
    const next = entry && step(cursor, String(epoch), entry)
    if (entry === undefined || next?.do === 'rejoin') this.#rejoin()
    else if (next?.do === 'show') {
      this.#fruitless = 0
      this.#show(entry)
      this.#noLongerStale()
    }
  }

  beacon(beacon: Beacon): void {
    if (beacon.viewers !== this.#viewers) {
      this.#viewers = beacon.viewers
      this.#needs.tell({ kind: 'viewers', viewers: beacon.viewers })
    }
    const cursor = this.#view?.snapshot.position
    if (cursor === undefined || this.#state.name !== 'live') return
    this.#noLongerStale()
    if (compareWithRoom(cursor, beacon).do === 'rejoin') this.#rejoin()
  }

  restart(reason: RestartReason): void {
    this.#restartReason = reason
    this.#join({ afresh: true })
  }

  recheck(): void {
    this.#join()
  }

  anew(answer: unknown): void {
    this.#forgetJoin()
    this.#take(answer)
  }

  stop(): void {
    this.#forgetJoin()
    this.#state = { name: 'stopped' }
    // A viewer that is gone is forgotten anyway: what becomes of this does not matter.
    void Promise.allSettled([this.#needs.connection.ask('leave', this.#needs.door)])
  }

  /** What came does not follow on what is here: the first join is at once, the next one waits. */
  #rejoin(): void {
    if (this.#isJoining || this.#timer !== undefined || this.#state.name === 'refused') return
    if (this.#fruitless > 0) this.#joinLater('Entries were missed.', false)
    else {
      this.#fruitless = 1
      this.#join()
    }
  }

  #joinLater(why: string, afresh: boolean, waitMs = 0): void {
    this.#fruitless += 1
    const retryInMs = waitMs + backOffMs(REJOIN, this.#fruitless, this.#needs.random())
    this.#enter({ name: 'waiting', attempt: this.#fruitless, retryInMs, why })
    this.#timer = setTimeout(() => this.#join({ afresh }), retryInMs)
  }

  #join({ afresh } = { afresh: false }): void {
    this.#forgetJoin()
    this.#isJoining = true
    // While missed entries are fetched, a live room stays live: what it shows is right, and the rest is on its way.
    const { name } = this.#state
    if (name !== 'live' && name !== 'connecting') this.#enter({ name: 'connecting', attempt: this.#fruitless + 1 })
    const joined = this.#joins
    const after = afresh ? null : this.position
    const settle = (act: () => void) => {
      if (joined !== this.#joins) return
      this.#isJoining = false
      act()
    }
    this.#needs.connection.ask('join', { ...this.#needs.door, after }).then(
      answer => settle(() => this.#take(answer)),
      () => settle(() => this.#joinLater('The gateway did not answer.', afresh)),
    )
  }

  /** An answer that is still under way is not waited for any more, nor is a later try. */
  #forgetJoin(): void {
    this.#joins += 1
    this.#isJoining = false
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #take(answer: unknown): void {
    const next = judgeJoin(this.#view?.snapshot.position, answer)
    if (next.do !== 'again') this.#needs.connection.proven()
    switch (next.do) {
      case 'again':
        this.#joinLater(next.why, next.afresh, next.waitMs)
        break
      case 'refuse':
        this.#enter({ name: 'refused', problem: next.problem })
        break
      case 'restart':
        this.#replaceView(next.snapshot, next.reason)
        this.#enter({ name: 'live', stale: next.stale, ...this.#link })
        break
      case 'resume':
        for (const entry of next.entries) this.#show(entry)
        this.#enter({ name: 'live', stale: next.stale, ...this.#link })
    }
  }

  #replaceView(view: Snapshot, answered: RestartReason): void {
    const reason = answered === 'first-visit' ? (this.#restartReason ?? answered) : answered
    this.#restartReason = undefined
    this.#view = openView(view)
    this.#check = beginCheck(view.position)
    this.#needs.tell({ kind: 'restarted', reason, view })
  }

  #show(entry: Entry): void {
    if (this.#view === undefined) return
    this.#view = applyEntry(this.#view, entry)
    this.#check = this.#check && checkEntry(this.#check, entry)
    this.#needs.tell({ kind: 'entry', entry, view: this.#view.snapshot })
    const pinId = entry.type === 'event' ? missingPin(this.#view) : undefined
    if (pinId !== undefined) void this.#fetchPin(pinId, entry.seq)
  }

  async #fetchPin(updateId: string, seq: number): Promise<void> {
    const [fetched] = await Promise.allSettled([this.#needs.fetchPinned(updateId, seq)])
    // Without it the view is right but for the pin, and the next snapshot brings that.
    if (fetched.status === 'rejected' || this.#view === undefined || this.#state.name === 'stopped') return
    const filled = fillPin(this.#view, fetched.value)
    if (filled === this.#view) return
    this.#view = filled
    this.#needs.tell({ kind: 'pinned', view: filled.snapshot })
  }

  /** A gateway that cannot reach the feed has nothing new to say: whatever comes live shows that it can. */
  #noLongerStale(): void {
    if (this.#state.name === 'live') this.#enter({ ...this.#state, stale: false })
  }

  #enter(state: ConnectionState): void {
    if (this.#state.name === 'stopped' || sameState(this.#state, state)) return
    this.#state = state
    this.#needs.tell({ kind: 'state', state })
  }
}

function sameState(a: ConnectionState, b: ConnectionState): boolean {
  if (a.name === 'live' && b.name === 'live') return a.stale === b.stale && a.by === b.by && a.sinceMs === b.sinceMs
  return a.name === 'connecting' && b.name === 'connecting' && a.attempt === b.attempt
}
