import { z } from 'zod'
import { Refusal, toProblem } from '../foundation/errors.ts'
import type { Problem } from '../protocol/problems.ts'
import type { SubmissionState } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** Where a submission stands, and who may know. */
export interface SubmissionPlace {
  readonly state: SubmissionState
  readonly sub: string
  readonly updateId?: string
  readonly seq?: number
  readonly releasedAs?: number
  readonly retriedAs?: number
  readonly problem?: Problem
}

export type SubmissionReader = ReturnType<typeof createSubmissionReader>

export function createSubmissionReader({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Undefined when no such number was given in this event. */
    async find(eventId: string, acceptNumber: number): Promise<SubmissionPlace | undefined> {
      const { outcomes, outbox, dead, held, discarded } = keys.event(eventId)
      const field = String(acceptNumber)
      // The outbox is read first: a submission moves from there to the outcomes, never back.
      const waiting = await redis.hget(outbox, field)
      const ended = await redis.hget(outcomes, field)
      if (ended !== null) {
        const { state, seq, updateId, sub, releasedAs, retriedAs } = Ended.parse(JSON.parse(ended))
        const shelves: Partial<Record<SubmissionState, string>> = { dead, held, discarded }
        const shelf = shelves[state]
        const reason = shelf === undefined ? undefined : await redis.hget(shelf, field)
        return {
          state,
          sub,
          ...(updateId === '' ? {} : { updateId }),
          ...(seq === 0 ? {} : { seq }),
          ...(releasedAs === undefined ? {} : { releasedAs }),
          ...(retriedAs === undefined ? {} : { retriedAs }),
          ...(shelf === undefined ? {} : { problem: failure(acceptNumber, state, reason) }),
        }
      }
      if (waiting === null) return undefined
      const { subject, updateId } = Waiting.parse(JSON.parse(waiting))
      return { state: 'accepted', sub: subject.sub, ...(updateId === undefined ? {} : { updateId }) }
    },
  }
}

const ENDED_STATES = [
  'published',
  'revised',
  'retracted',
  'applied',
  'dead',
  'held',
  'released',
  'retried',
  'discarded',
  'superseded',
] as const satisfies SubmissionState[]
/** What `outcomes` holds of a submission that has ended. */
export const Ended = z.object({
  state: z.enum(ENDED_STATES),
  seq: z.int(),
  updateId: z.string(),
  sub: z.string(),
  releasedAs: z.int().positive().optional(),
  retriedAs: z.int().positive().optional(),
})
const Waiting = z.object({ subject: z.object({ sub: z.string() }), updateId: z.string().optional() })
const Reason = z.union([
  z.object({ step: z.string(), error: z.string() }).transform(({ step, error }) => `The step ${step} said: ${error}`),
  z.object({ name: z.string(), reason: z.string() }).transform(({ name, reason }) => `${name} discarded it: ${reason}`),
])

/** What a waiting editor is told of a submission that is not in the feed. */
function failure(acceptNumber: number, state: string, shelved: string | null | undefined): Problem {
  const [head = '{}'] = (shelved ?? '{}').split('\n', 1)
  const reason = Reason.safeParse(JSON.parse(head))
  const why = reason.success ? ` ${reason.data}` : ''
  const detail = `Submission ${acceptNumber} is ${state} and kept whole.${why}`
  return toProblem(new Refusal('submission-failed', detail, { extra: { acceptNumber, state } }))
}
