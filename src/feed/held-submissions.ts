import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { HeldPage, HeldSubmission } from '../protocol/held.ts'
import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { IdempotencyScope } from './accept-submission.ts'
import type { AcceptedUpdate } from './accepted-drafts.ts'

/** A submission about an update, as it was accepted. */
export type HeldUpdate = Extract<Submission, { kind: 'publish' | 'revise' }>

export interface Discard {
  readonly acceptNumber: number
  /** Undefined when it was not found any more: then only a repeat is answered. */
  readonly held: HeldUpdate | undefined
  readonly idempotency: IdempotencyScope
  readonly name: string
  readonly reason: string
  /** What revisions are merged with from now on, where the held one was the last accepted draft. */
  readonly draftAfter: AcceptedUpdate | undefined
}

export type HeldSubmissions = ReturnType<typeof createHeldSubmissions>

/** What waits for an editor. Releasing is accepting anew: see AcceptRequest. */
export function createHeldSubmissions({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Those with an accept number above `after`, oldest first. */
    async page(eventId: string, after: number, limit: number): Promise<HeldPage> {
      const { held } = keys.event(eventId)
      const numbers = (await redis.hkeys(held)).map(Number).filter(number => number > after)
      numbers.sort((a, b) => a - b)
      const shown = numbers.slice(0, limit)
      const records = shown.length === 0 ? [] : await redis.hmget(held, ...shown.map(String))
      return {
        held: shown.flatMap((acceptNumber, i) => tell(acceptNumber, records[i])),
        complete: numbers.length <= limit,
      }
    },

    async find(eventId: string, acceptNumber: number): Promise<HeldUpdate | undefined> {
      return readRecord(await redis.hget(keys.event(eventId).held, String(acceptNumber)))?.submission
    },

    /** Undefined when it is not held any more, and this is no repeat of the request that discarded it. */
    async discard(eventId: string, discard: Discard, now: Date): Promise<'discarded' | 'replayed' | undefined> {
      const { acceptNumber, held, idempotency, name, reason, draftAfter } = discard
      const event = keys.event(eventId)
      const { sub, key, body } = idempotency
      const digest = createHash('sha256').update(`${sub}\n${key}\n${body}`).digest('base64url')
      const answer = await redis.dlDiscardHeld(
        event.held,
        event.discarded,
        event.outcomes,
        event.drafts,
        acceptNumber,
        held?.submissionId ?? '',
        JSON.stringify({ key: digest, by: sub, name, at: now.toISOString(), reason }),
        held?.updateId ?? '',
        held?.version ?? 0,
        draftAfter === undefined ? '' : JSON.stringify(draftAfter),
      )
      const [result] = DiscardAnswer.parse(answer)
      return result === 'not-held' ? undefined : result
    },
  }
}

const DiscardAnswer = z.tuple([z.enum(['discarded', 'replayed', 'not-held'])])
const Reason = z.object({ step: z.string(), error: z.string() })

/** One that was released or discarded meanwhile is left out. */
function tell(acceptNumber: number, record: string | null | undefined): HeldSubmission[] {
  const read = readRecord(record)
  if (read === undefined) return []
  const { reason, submission } = read
  const { updateId, version, kind, subject, acceptedAt, draft } = submission
  return [
    {
      ...{ acceptNumber, updateId, version, kind, submittedBy: subject, acceptedAt },
      ...{ step: reason.step, reason: reason.error, draft },
    },
  ]
}

function readRecord(record: string | null | undefined) {
  if (record === null || record === undefined) return undefined
  const end = record.indexOf('\n')
  const submission = Submission.parse(JSON.parse(record.slice(end + 1)))
  // Nothing else is ever held.
  if (submission.kind !== 'publish' && submission.kind !== 'revise') return undefined
  return { reason: Reason.parse(JSON.parse(record.slice(0, end))), submission }
}
