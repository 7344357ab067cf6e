import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { eventClosed } from './accept-refusal.ts'
import type { IdempotencyScope, ShelvedRef } from './accept-submission.ts'
import type { AcceptedUpdate } from './accepted-drafts.ts'
import type { Field } from './archive/event-parts.ts'
import type { StoredEvents } from './archive/stored-events.ts'
import { type AuditEntry, deedText } from './audit-trail.ts'

/** One submission on a shelf, as it was accepted, and why it is there. */
export interface Shelved {
  readonly acceptNumber: number
  readonly reason: { readonly step: string; readonly error: string; readonly attempts: number; readonly at: string }
  /** As it was accepted, as text. */
  readonly text: string
  /** Undefined where that cannot be read. */
  readonly submission: Submission | undefined
}

export interface Discard {
  readonly acceptNumber: number
  /** Undefined when it was not found any more: then only a repeat is answered. */
  readonly found: Shelved | undefined
  readonly idempotency: IdempotencyScope
  readonly by: AuditEntry['by']
  readonly requestId: string
  readonly reason: string
  /** What revisions are merged with from now on, where it was the last accepted draft. */
  readonly draftAfter: AcceptedUpdate | undefined
}

export interface ShelfNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  /** Where shelves stand of events that left Redis, to be looked at only. Without it there are none. */
  readonly stored?: Pick<StoredEvents, 'useIfStored'>
}

/**
 * What did not get into the feed and waits for somebody's decision: `held` for an editor's, `dead` for one of ops. It
 * leaves its shelf by being accepted anew (AcceptRequest.takesOff) or discarded, and is kept whole in either case.
 */
export function createShelf({ redis, keys, stored }: ShelfNeeds, shelf: ShelvedRef['shelf']) {
  return {
    /** Those with an accept number above `after`, oldest first. One that leaves the shelf meanwhile is left out. */
    async page(eventId: string, after: number, limit: number): Promise<{ shelved: Shelved[]; complete: boolean }> {
      const key = keys.event(eventId)[shelf]
      const numbers = (await redis.hkeys(key)).map(Number).filter(number => number > after)
      numbers.sort((a, b) => a - b)
      if (numbers.length === 0) {
        const found = await stored?.useIfStored(eventId, event => event.numbersAfter(shelf, after, limit + 1))
        if (found !== undefined) return pageOf(found, limit)
      }
      const shown = numbers.slice(0, limit)
      const records = shown.length === 0 ? [] : await redis.hmget(key, ...shown.map(String))
      return {
        shelved: shown.flatMap((acceptNumber, i) => readShelved(acceptNumber, records[i]) ?? []),
        complete: numbers.length <= limit,
      }
    },

    async find(eventId: string, acceptNumber: number): Promise<Shelved | undefined> {
      const field = String(acceptNumber)
      const record = await redis.hget(keys.event(eventId)[shelf], field)
      return readShelved(acceptNumber, record ?? (await stored?.useIfStored(eventId, it => it.field(shelf, field))))
    },

    /** Undefined when it is not on the shelf any more, and this is no repeat of the request that discarded it. */
    async discard(eventId: string, discard: Discard, now: Date): Promise<'discarded' | 'replayed' | undefined> {
      const { acceptNumber, found, idempotency, by, requestId, reason, draftAfter } = discard
      const event = keys.event(eventId)
      const { sub, key, body } = idempotency
      const digest = createHash('sha256').update(`${sub}\n${key}\n${body}`).digest('base64url')
      const about = found?.submission?.kind === 'event' ? undefined : found?.submission
      const answer = await redis.dlDiscardShelved(
        event[shelf],
        event.discarded,
        event.outcomes,
        event.drafts,
        event.audit,
        acceptNumber,
        found === undefined ? NOBODYS : (found.submission?.submissionId ?? ''),
        JSON.stringify({ key: digest, by: by.sub, name: by.name, at: now.toISOString(), reason }),
        about?.updateId ?? '',
        about?.version ?? 0,
        draftAfter === undefined ? '' : JSON.stringify(draftAfter),
        deedText({ by, action: DEEDS[shelf], requestId, detail: { acceptNumber, reason } }, now),
      )
      const [result] = DiscardAnswer.parse(answer)
      if (result === 'off-shelf' && (await redis.hexists(event.meta, 'stored')) === 1) throw eventClosed('stored')
      return result === 'off-shelf' ? undefined : result
    },
  }
}

/** No submission has this id: only a repeat is answered. */
const NOBODYS = 'none'

const DEEDS = { held: 'held-discarded', dead: 'dead-letter-discarded' } as const
const DiscardAnswer = z.tuple([z.enum(['discarded', 'replayed', 'off-shelf'])])
const Reason = z.object({
  step: z.string(),
  error: z.string(),
  attempts: z.int().nonnegative().default(0),
  at: z.string().default(''),
})
const UNKNOWN_REASON = { step: 'unknown', error: 'Why it is here cannot be read.', attempts: 0, at: '' }

/** Of one more than there is room for, which tells whether there are more. */
function pageOf(fields: readonly Field[], limit: number): { shelved: Shelved[]; complete: boolean } {
  const shelved = fields.slice(0, limit).flatMap(([field, record]) => readShelved(Number(field), record) ?? [])
  return { shelved, complete: fields.length <= limit }
}

function readShelved(acceptNumber: number, record: string | null | undefined): Shelved | undefined {
  if (record === null || record === undefined) return undefined
  const end = record.indexOf('\n')
  const text = record.slice(end + 1)
  const reason = Reason.safeParse(parsed(record.slice(0, Math.max(end, 0))))
  return {
    acceptNumber,
    reason: reason.success ? reason.data : UNKNOWN_REASON,
    text,
    submission: Submission.safeParse(parsed(text)).data,
  }
}

/** Undefined for what is no JSON: on a shelf may stand what was damaged. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
