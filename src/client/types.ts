import type { z } from 'zod'
import type { Entry } from '../protocol/entry.ts'
import type { Event, EventDraft, EventPatch } from '../protocol/event.ts'
import type { FeedProof } from '../protocol/ops.ts'
import type { Problem } from '../protocol/problems.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { RestartReason } from '../protocol/socket.ts'
import type { Receipt, SubmissionStatus } from '../protocol/submission.ts'
import type { Update, UpdateDraft, UpdatePatch } from '../protocol/update.ts'
import type { Verified } from './chain-check.ts'
import type { Editing } from './editing.ts'
import type { Playing } from './playing.ts'
import type { TransportKind } from './transport.ts'

export interface ClientOptions {
  /** Where the HTTP routes are, e.g. `https://live.news.example`. In a browser: location.origin. */
  readonly url: string
  /** Where the gateways are; `url` when they share one address. */
  readonly gatewayUrl?: string
  /** Bearer token (JWT). Sent in headers and in the socket's handshake auth, never in a URL. */
  readonly token?: string
  /**
   * The ways that may be used to follow events, best first; all of them when absent. A way that does not come about, or breaks
   * time after time, is given up for the next, and a better one is looked for while a lesser one serves.
   */
  readonly transports?: readonly TransportKind[]
}

/** By what a live watch is told, and since when (ms since 1970). */
export interface LiveBy {
  readonly by: TransportKind
  readonly sinceMs: number
}

/** What a watch is doing now. A field exists only in the states where it means something. */
export type ConnectionState =
  | { readonly name: 'connecting'; readonly attempt: number }
  | ({ readonly name: 'live'; readonly stale: boolean } & LiveBy)
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryInMs: number; readonly why: string }
  | { readonly name: 'refused'; readonly problem: Problem }
  | { readonly name: 'stopped' }

/** What a watch tells its listener. */
export type WatchChange =
  /** The view was replaced by a snapshot: the first one, or after a restart. */
  | { readonly kind: 'restarted'; readonly reason: RestartReason; readonly view: Snapshot }
  /** One entry, in order, exactly once; `view` has it. */
  | { readonly kind: 'entry'; readonly entry: Entry; readonly view: Snapshot }
  /** The pinned update, which stands further back than what `view` holds, was fetched: `view` has it. */
  | { readonly kind: 'pinned'; readonly view: Snapshot }
  | { readonly kind: 'state'; readonly state: ConnectionState }
  | { readonly kind: 'viewers'; readonly viewers: number }

export interface WatchOptions {
  /** A view to go on from (e.g. the one a page was rendered with): its position is sent with the first join. */
  readonly from?: Snapshot
  /** Watches the rehearsal room of this replay in place of the live one: for editors and ops. */
  readonly replay?: string
  readonly onChange: (change: WatchChange) => void
}

export interface Watch {
  readonly eventId: string
  readonly state: ConnectionState
  /** The event as it stands at `view.position`; undefined until the first answer. */
  readonly view: Snapshot | undefined
  /**
   * Which entries this watch has checked against the feed's chain since its last snapshot: it tells, and changes nothing of
   * what is shown. Undefined until the first answer.
   */
  readonly verified: Verified | undefined
  stop(): void
}

export interface WriteOptions {
  /** Idempotency-Key; made once per call when absent and kept over its repeats. */
  readonly key?: string
  /** `Prefer: wait`: seconds to wait for the submission's end. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
  /** Told before each repeat. */
  readonly onRepeat?: (repeat: { attempt: number; inMs: number; problem: Problem | undefined }) => void
}

/** What became of a write: the 202's receipt, or with `waitSeconds` the published update where it was ready in time. */
export type Written =
  | { readonly state: 'accepted'; readonly receipt: Receipt; readonly replayed: boolean }
  | { readonly state: 'done'; readonly update: Update; readonly replayed: boolean }

/** What became of a change to the event itself. */
export type EventWritten =
  | { readonly state: 'accepted'; readonly receipt: Receipt; readonly replayed: boolean }
  | { readonly state: 'done'; readonly event: Event; readonly replayed: boolean }

export interface FeedOptions {
  readonly limit?: number
  readonly older?: string
  readonly at?: number | string
  readonly signal?: AbortSignal
}

/** Every method rejects with a ProblemError when refused. While a problem says `retry: true`, writes are repeated. */
export interface DatelineClient extends Editing, Playing {
  watch(eventId: string, options: WatchOptions): Watch
  publish(eventId: string, draft: z.input<typeof UpdateDraft>, options?: WriteOptions): Promise<Written>
  revise(
    eventId: string,
    updateId: string,
    version: number,
    patch: z.input<typeof UpdatePatch>,
    options?: WriteOptions,
  ): Promise<Written>
  retract(eventId: string, updateId: string, version: number, reason?: string, options?: WriteOptions): Promise<Written>
  createEvent(draft: z.input<typeof EventDraft>, options?: WriteOptions): Promise<Event>
  changeEvent(
    eventId: string,
    version: number,
    patch: z.input<typeof EventPatch>,
    options?: WriteOptions,
  ): Promise<EventWritten>
  events(): Promise<Event[]>
  event(eventId: string): Promise<Event>
  /** A snapshot; `older` is the `links.older` of an earlier one; `at` (a seq, or a moment) is a place in the past. */
  feed(eventId: string, options?: FeedOptions): Promise<Snapshot>
  /** Has the server recompute the feed's chain behind a seq: complete from where to where, or the first entry that differs. */
  proof(eventId: string, options?: { after?: number }): Promise<FeedProof>
  /** Where a submission stands; with `waitSeconds` answered when it has ended, or when the time is over. */
  submission(eventId: string, acceptNumber: number, options?: { waitSeconds?: number }): Promise<SubmissionStatus>
  /** From now on used for requests and sockets; open sockets are told (`refresh`). */
  setToken(token: string | undefined): void
  /** Stops all watches and playbacks. */
  close(): void
}
