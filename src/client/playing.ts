import type { Entry } from '../protocol/entry.ts'
import type { Problem } from '../protocol/problems.ts'
import type { ReplaySpeed } from '../protocol/replay.ts'
import type { EntryPage, Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import type { ConnectionState } from './types.ts'

/** A place in a feed: right after an entry (its seq), a moment (RFC 3339), or what a snapshot shows. */
export type PlayPlace = number | string | Snapshot

/** What a playback is doing now. A field exists only in the states where it means something. */
export type PlaybackState =
  | { readonly name: 'loading' }
  | { readonly name: 'playing'; readonly speed: ReplaySpeed }
  | { readonly name: 'paused'; readonly speed: ReplaySpeed }
  /** The server did not answer: asked again soon. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryInMs: number; readonly why: string }
  /** It has shown the entry `to`. */
  | { readonly name: 'ended' }
  /** It has reached the feed's end, and goes on as a watch. */
  | { readonly name: 'live'; readonly connection: ConnectionState }
  | { readonly name: 'refused'; readonly problem: Problem }
  | { readonly name: 'stopped' }

/** What a playback tells its listener. */
export type PlaybackChange =
  /** The view was replaced: it begins, was sought, or the feed is another one now. */
  | { readonly kind: 'restarted'; readonly reason: 'begun' | 'sought' | RestartReason; readonly view: Snapshot }
  /** One entry, in order, exactly once; `view` has it. */
  | { readonly kind: 'entry'; readonly entry: Entry; readonly view: Snapshot }
  /** The pinned update, which stands further back than what `view` holds, was fetched: `view` has it. */
  | { readonly kind: 'pinned'; readonly view: Snapshot }
  | { readonly kind: 'state'; readonly state: PlaybackState }

export interface PlayOptions {
  /** Default: the first entry. */
  readonly from?: PlayPlace
  /** The last entry to show. Without it the playback goes on live at the feed's end. */
  readonly to?: number
  /** 1 keeps the real intervals, 60 makes minutes seconds; `max` knows no intervals; `step` waits for each step(). */
  readonly speed?: ReplaySpeed
  /** A silence is never kept longer than this, in ms of the reader's time. */
  readonly maxSilenceMs?: number
  /** Begins paused. */
  readonly paused?: boolean
  /** Ends it like stop(). */
  readonly signal?: AbortSignal
  readonly onChange: (change: PlaybackChange) => void
}

/** One event's history, played for one viewer alone from its entries. */
export interface Playback {
  readonly eventId: string
  readonly state: PlaybackState
  /** The event as it stood at `view.position`; undefined until it was read. */
  readonly view: Snapshot | undefined
  /** The feed's clock at the playhead, in ms since 1970; undefined until the first page was read, and live. */
  readonly feedMs: number | undefined
  pause(): void
  resume(): void
  setSpeed(speed: ReplaySpeed): void
  /** Shows the next entry now, and pauses behind it. */
  step(): void
  /** Goes on from another place, playing or paused as it is; from a live playback too. */
  seek(place: PlayPlace): void
  stop(): void
}

export interface Playing {
  /** Plays what happened, at any speed, and then goes on live without a gap or a repeat. */
  play(eventId: string, options: PlayOptions): Playback
  /** A page of entries as committed, oldest first: those after a seq. `limit` is at most 1,000. */
  entries(
    eventId: string,
    options?: { readonly after?: number; readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<EntryPage>
}
