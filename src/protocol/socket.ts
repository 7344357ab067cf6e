import { z } from 'zod'
import { MAX_TOKEN_LENGTH } from './access.ts'
import type { Entry } from './entry.ts'
import { type Position, PositionInput } from './position.ts'
import type { Problem } from './problems.ts'
import type { Snapshot } from './snapshot.ts'
import { EventId } from './update.ts'

export const JoinRequest = z.strictObject({
  eventId: EventId,
  replay: z.string().min(1).max(64).optional(),
  after: PositionInput.nullable().default(null),
})
export type JoinRequest = z.infer<typeof JoinRequest>

export const LeaveRequest = z.strictObject({ eventId: EventId, replay: z.string().min(1).max(64).optional() })
export const RefreshRequest = z.strictObject({ token: z.string().min(1).max(MAX_TOKEN_LENGTH) })

export type RestartReason = 'first-visit' | 'epoch-changed' | 'ahead-of-feed' | 'too-far-behind' | 'chain-mismatch'

export type JoinAnswer =
  | { result: 'resumed'; position: Position; entries: Entry[]; stale?: true }
  | { result: 'restarted'; reason: RestartReason; position: Position; snapshot: Snapshot; stale?: true }
  | Refused

export type PlainAnswer = { result: 'done' } | Refused

/** `retryAfterMs`: of what was too many, when to ask again. It stands in the problem too, as everywhere. */
type Refused = { result: 'refused'; problem: Problem; retryAfterMs?: number }

export interface Beacon {
  eventId: string
  epoch: string
  seq: number
  chain: string
  viewers: number
}

export type Notice =
  | { kind: 'draining'; reconnectInMs: number }
  | { kind: 'restart'; eventId: string; reason: RestartReason }
  /** It has run out or was revoked: send another one by `refresh`, and join again what is not for everybody. */
  | { kind: 'token-expired' }

export interface ClientEvents {
  join(request: z.input<typeof JoinRequest>, ack: (answer: JoinAnswer) => void): void
  leave(request: z.input<typeof LeaveRequest>, ack: (answer: PlainAnswer) => void): void
  refresh(request: z.input<typeof RefreshRequest>, ack: (answer: PlainAnswer) => void): void
}

export interface ServerEvents {
  entry(room: string, epoch: string, entry: Entry): void
  beacon(beacon: Beacon): void
  notice(notice: Notice): void
}
