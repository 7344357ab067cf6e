import type { Problem } from '../protocol/problems.ts'
import type { Beacon, ClientEvents, RestartReason } from '../protocol/socket.ts'

/**
 * How a client is connected, best first: one socket for all rooms; an event stream for each room; or questions that are
 * answered when there is something new (long-poll).
 */
export const TRANSPORTS = ['websocket', 'stream', 'poll'] as const
export type TransportKind = (typeof TRANSPORTS)[number]

/** How a transport failed, as far as that tells whether another try by the same way is of use. */
export type LossKind =
  /** It did not come about, or came from somebody else than Dateline. */
  | 'unreachable'
  /** It was there and ended. */
  | 'broken'
  /** It is or seems to be there, but nothing comes through: something on the way keeps it back. */
  | 'silent'
  /** The server asks to be left alone for a while, or this device has no network: nothing speaks against the way. */
  | 'wait'

export interface Loss {
  readonly how: LossKind
  readonly why: string
  /** The server asks not to come again before so many ms. */
  readonly askedMs?: number
}

export type Question = {
  [K in keyof ClientEvents]: [name: K, request: Parameters<ClientEvents[K]>[0]]
}[keyof ClientEvents]
export type JoinQuestion = Parameters<ClientEvents['join']>[0]

/** What came without being asked for. Entries and answers come as they were received. */
export type Heard =
  | { readonly kind: 'entry'; readonly room: string; readonly epoch: unknown; readonly entry: unknown }
  | { readonly kind: 'beacon'; readonly beacon: Beacon }
  /** The server has a room begin anew, and brings what it begins with: as if it had been asked to be let in. */
  | { readonly kind: 'answer'; readonly room: string; readonly answer: unknown }
  /** The server has a room joined again, without a position. */
  | { readonly kind: 'restart'; readonly room: string; readonly reason: RestartReason }
  /** A token ran out: whether this viewer may be there has to be asked anew, of one room or of all. */
  | { readonly kind: 'recheck'; readonly room?: string }
  /** The server goes: this viewer is to connect again after so many ms. */
  | { readonly kind: 'draining'; readonly inMs: number }

/** Whom a transport tells what happens to it. */
export interface TransportPort {
  /** Rooms can ask now. */
  opened(): void
  /** Nothing comes any more; it is to be closed. */
  lost(loss: Loss): void
  /** This token is let in nowhere. */
  refused(problem: Problem): void
  heard(message: Heard): void
}

/** One connection, or what stands for it; once closed it is of no more use. */
export interface Transport {
  readonly kind: TransportKind
  /** From now on this port is told. */
  tell(port: TransportPort): void
  open(): void
  /** Answered as by a gateway. Rejects when there is no answer in time, or the connection is lost. */
  ask(...message: Question): Promise<unknown>
  /** Tells no port anything any more. */
  close(): void
}

export const NO_PORT: TransportPort = {
  opened: () => undefined,
  lost: () => undefined,
  refused: () => undefined,
  heard: () => undefined,
}

/** No answer after this long is none. */
export const ANSWER_TIMEOUT_MS = 10_000

/** Rehearsals have no other door. */
export const NEEDS_SOCKET: Problem = {
  type: 'about:blank',
  title: 'A rehearsal can be followed over a websocket only',
  status: 0,
  retry: true,
}
