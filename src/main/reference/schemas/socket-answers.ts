import { z } from 'zod'
import { Entry } from '../../../protocol/entry.ts'
import { Position } from '../../../protocol/position.ts'
import type {
  Beacon as BeaconType,
  JoinAnswer as JoinAnswerType,
  Notice as NoticeType,
  PlainAnswer as PlainAnswerType,
  RestartReason as RestartReasonType,
} from '../../../protocol/socket.ts'
import { Count, describes } from './describes.ts'
import { Snapshot } from './feed-answers.ts'
import { Problem } from './problem.ts'

const RestartReason = describes<RestartReasonType>()(
  z.enum(['first-visit', 'epoch-changed', 'ahead-of-feed', 'too-far-behind', 'chain-mismatch']),
)

const stale = z.exactOptional(z.literal(true)).describe('The store does not answer: this is the last that is known.')

const Refused = z.strictObject({
  result: z.literal('refused'),
  problem: Problem,
  retryAfterMs: z.exactOptional(Count).describe('Of what was too many: when to ask again.'),
})

const JoinAnswer = describes<JoinAnswerType>()(
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

const PlainAnswer = describes<PlainAnswerType>()(
  z.discriminatedUnion('result', [z.strictObject({ result: z.literal('done') }), Refused]),
)

const Beacon = describes<BeaconType>()(
  z.strictObject({ eventId: z.string(), epoch: z.string(), seq: Count, chain: z.string(), viewers: Count }),
)

const Notice = describes<NoticeType>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('draining'), reconnectInMs: Count }),
    z.strictObject({ kind: z.literal('restart'), eventId: z.string(), reason: RestartReason }),
    z.strictObject({ kind: z.literal('token-expired') }),
  ]),
)

/** The arguments of `entry`: the room, the epoch, the entry. */
const EntryArguments = z.tuple([z.string(), z.string(), Entry])

/** The data of the first event of a stream. */
const StreamResumed = z.strictObject({ position: Position, stale })
const StreamRestarted = z.strictObject({ reason: RestartReason, position: Position, snapshot: Snapshot, stale })

export const socketAnswers = {
  RestartReason,
  JoinAnswer,
  PlainAnswer,
  Beacon,
  Notice,
  EntryArguments,
  StreamResumed,
  StreamRestarted,
}
