import { z } from 'zod'
import { Refusal, toProblem } from '../foundation/errors.ts'
import type { Problem } from '../protocol/problems.ts'
import type { SubmissionState } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { StoredEvents } from './archive/stored-events.ts'

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

export function createSubmissionReader(needs: { redis: ScriptedRedis; keys: Keys; stored: StoredEvents }) {
  const { redis, keys, stored } = needs

  /** A field of a part, from Redis or from the archive store; undefined when there is none. */
  async function fieldOf(eventId: string, part: 'outcomes' | Shelf, field: string): Promise<string | undefined> {
    const here = await redis.hget(keys.event(eventId)[part], field)
    return here ?? (await stored.useIfStored(eventId, event => event.field(part, field)))
  }

  return {
    /** Undefined when no such number was given in this event. */
    async find(eventId: string, acceptNumber: number): Promise<SubmissionPlace | undefined> {
      const { outcomes, outbox } = keys.event(eventId)
      const field = String(acceptNumber)
      // The outbox is read first: a submission moves from there to the outcomes, never back.
      const waiting = await redis.hget(outbox, field)
      const here = await redis.hget(outcomes, field)
      const ended = here ?? (waiting === null ? await fieldOf(eventId, 'outcomes', field) : undefined)
      if (ended !== undefined) {
        const { state, seq, updateId, sub, releasedAs, retriedAs } = Ended.parse(JSON.parse(ended))
        const shelf = SHELVES.find(name => name === state)
        const reason = shelf === undefined ? undefined : await fieldOf(eventId, shelf, field)
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

const SHELVES = ['dead', 'held', 'discarded'] as const
type Shelf = (typeof SHELVES)[number]

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
