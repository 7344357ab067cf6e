import type { Position } from '../protocol/position.ts'
import type { Problem } from '../protocol/problems.ts'
import type { Beacon, RestartReason } from '../protocol/socket.ts'
import type { RoomDoor } from './room.ts'
import type { LiveBy } from './types.ts'

/** How a connection stands. */
export type LinkState =
  | { readonly name: 'closed' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | ({ readonly name: 'open' } & LiveBy)
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryInMs: number; readonly why: string }
  /** The gateway lets this token in nowhere; another one is tried at once. */
  | { readonly name: 'refused'; readonly problem: Problem }

/** What one room is told by its connection. Messages come as they were received. */
export interface RoomPort {
  /** The room's name on the wire: the event's id, or of a rehearsal `replay:<replayId>`. */
  readonly name: string
  readonly door: RoomDoor
  /** Where it stands; null before it was let in. */
  readonly position: Position | null
  /** False once it was refused for good: only another token may change that. */
  readonly wantsIn: boolean
  link(state: LinkState): void
  entry(epoch: unknown, entry: unknown): void
  beacon(beacon: Beacon): void
  /** The server has this room joined again, without a position. */
  restart(reason: RestartReason): void
  /** The server has this room begin anew with this answer to a join. */
  anew(answer: unknown): void
  /** Whether this viewer may be here has to be asked anew: its token changed or expired. */
  recheck(): void
}
