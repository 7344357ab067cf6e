import { z } from 'zod'
import type { Stray } from '../protocol/ops.ts'
import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { type AuditEntry, deedText } from './audit-trail.ts'
import type { EndReason } from './commit-outcome.ts'
import { rawOf } from './dead-letters.ts'
import { salvage } from './salvage.ts'

/** What is left of a job that belongs to no event that there is. */
export interface StrayRecord {
  readonly id: string
  readonly reason: EndReason
  readonly text: string
  /** Undefined where that cannot be read. */
  readonly submission: Submission | undefined
}

export type Strays = ReturnType<typeof createStrays>

/**
 * The dead letters of nobody: a queue had them, and their event is not there (Redis lost it, or it was removed), or
 * nothing says which it is. Once there is such an event, the sweeper makes them dead letters of it.
 */
export function createStrays({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** The first record of an id stands. */
    async keep(id: string, reason: EndReason, text: string): Promise<void> {
      await redis.hsetnx(keys.strays, id, `${JSON.stringify(reason)}\n${text}`)
    },

    /** Some of them, at most `most`. */
    async some(most: number): Promise<StrayRecord[]> {
      const records: StrayRecord[] = []
      let cursor = '0'
      do {
        const [next, found] = await redis.hscan(keys.strays, cursor, 'COUNT', most)
        cursor = next
        for (let i = 0; i < found.length; i += 2) records.push(readRecord(found[i] ?? '', found[i + 1] ?? ''))
      } while (cursor !== '0' && records.length < most)
      return records.slice(0, most)
    },

    /** It is a dead letter of its event now. */
    async forget(id: string): Promise<void> {
      await redis.hdel(keys.strays, id)
    },

    /** Takes one off the list. It is kept whole, with who did it, when and why. False when there is none. */
    async discard(id: string, deed: Pick<AuditEntry, 'by' | 'requestId'>, reason: string, now: Date): Promise<boolean> {
      const told = deedText({ ...deed, action: 'stray-discarded', detail: { id, reason } }, now)
      return (await redis.dlDiscardStray(keys.strays, keys.discardedStrays, keys.audit, id, told)) === 1
    },
  }
}

/** As ops are told of it. */
export function tellStray({ id, reason, text, submission }: StrayRecord): Stray {
  const { step, error, attempts, at } = reason
  const eventId = submission?.eventId ?? salvage(text).eventId
  const raw = rawOf(submission, text)
  return { id, ...(eventId === undefined ? {} : { eventId }), at, step, error, attempts, raw }
}

const Reason = z.object({ step: z.string(), error: z.string(), attempts: z.int(), at: z.string() })

function readRecord(id: string, record: string): StrayRecord {
  const end = record.indexOf('\n')
  const text = record.slice(end + 1)
  return { id, reason: Reason.parse(JSON.parse(record.slice(0, end))), text, submission: readSubmission(text) }
}

function readSubmission(text: string): Submission | undefined {
  try {
    return Submission.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // what is no JSON is shown as it is
  }
}
