import { z } from 'zod'
import { Entry } from '../../../protocol/entry.ts'
import { Position } from '../../../protocol/position.ts'
import type {
  Beacon as BeaconType,
  JoinAnswer as JoinAnswerType,
  Notice as NoticeType,
  PlainAnswer as PlainAnswerType,
} from '../../../protocol/socket.ts'
import { EventId } from '../../../protocol/update.ts'
import { Count, describes } from './describes.ts'
import { Snapshot } from './feed-answers.ts'
import { Problem } from './problem.ts'

export const RestartReason = z.enum([
  'first-visit',
  'epoch-changed',
  'ahead-of-feed',
  'too-far-behind',
  'chain-mismatch',
])

const stale = z.exactOptional(z.literal(true)).describe('The store does not answer: this is the last that is known.')

const Refused = z.strictObject({
  result: z.literal('refused'),
  problem: Problem,
  retryAfterMs: z.exactOptional(Count).describe('Of what was too many: when to ask again.'),
})

export const JoinAnswer = describes<JoinAnswerType>()(
  z.discriminatedUnion('result', [
    z.strictObject({ result: z.literal('resumed'), position: Position, entries: z.array(Entry), stale }),
    z.strictObject({
      result: z.literal('restarted'),
      reason: RestartReason,
      position: Position,
      snapshot: Snapshot,
      stale,
    }),
    Refused,
  ]),
)

export const PlainAnswer = describes<PlainAnswerType>()(
  z.discriminatedUnion('result', [z.strictObject({ result: z.literal('done') }), Refused]),
)

export const Beacon = describes<BeaconType>()(
  z.strictObject({ eventId: z.string(), epoch: z.string(), seq: Count, chain: z.string(), viewers: Count }),
)

export const Notice = describes<NoticeType>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('draining'), reconnectInMs: Count }),
    z.strictObject({ kind: z.literal('restart'), eventId: z.string(), reason: RestartReason }),
    z.strictObject({ kind: z.literal('token-expired') }),
  ]),
)

/** The arguments of `entry`: the room, the epoch, the entry. */
export const EntryArguments = z.tuple([z.string(), z.string(), Entry])

/** The data of the first event of a stream. */
export const StreamResumed = z.strictObject({ position: Position, stale })
export const StreamRestarted = z.strictObject({ reason: RestartReason, position: Position, snapshot: Snapshot, stale })
/** Of the event id at a stream's door. */
export const StreamAddress = z.strictObject({ eventId: EventId })
