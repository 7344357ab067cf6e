import { z } from 'zod'
import { Submission } from '../protocol/submission.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** A record as found: one may be unreadable (damaged by hand, or by another version), or destroyed: then `text` is ''. */
export type OutboxRecord =
  | { readonly readable: true; readonly submission: Submission }
  | {
      readonly readable: false
      readonly text: string
      readonly fault: string
      /** It is JSON: another release of the worker may be able to read it. */
      readonly isWhole: boolean
    }

/** So many events are asked for at once, so that others who ask Redis get their turn in between. */
const EVENTS_AT_A_TIME = 200

/** So many numbers are looked at in one script. */
const MOST_MENDED = 1_000
const Numbers = z.array(z.int().positive())

export type Outbox = ReturnType<typeof createOutbox>

/** What was accepted and has not ended. */
export function createOutbox({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Submissions accepted before `beforeMs` that no worker has made ready, oldest first, with when that was in ms. */
    async overdue(eventId: string, beforeMs: number, most: number) {
      const { outbox, outboxTimes, pending, outcomes } = keys.event(eventId)
      const found = await redis.zrangebyscore(outboxTimes, '-inf', beforeMs, 'WITHSCORES', 'LIMIT', 0, most)
      const numbers = found.filter((_, i) => i % 2 === 0)
      if (numbers.length === 0) return []
      const [records, ready, ended] = await Promise.all([
        redis.hmget(outbox, ...numbers),
        redis.hmget(pending, ...numbers),
        redis.hmget(outcomes, ...numbers),
      ])
      return numbers.flatMap((number, i) => {
        if (typeof ready[i] === 'string') return []
        const record = readRecord(records[i] ?? '', eventId)
        const hasEnded = typeof ended[i] === 'string'
        return [{ acceptNumber: Number(number), acceptedMs: Number(found[i * 2 + 1]), record, hasEnded }]
      })
    },

    /** Takes away what is left of a submission that has ended: its outcome says where it is. */
    async clear(eventId: string, acceptNumber: number): Promise<void> {
      const { outbox, outboxTimes } = keys.event(eventId)
      await redis.multi().hdel(outbox, String(acceptNumber)).zrem(outboxTimes, acceptNumber).exec()
    },

    /** Puts `whole` in the place of a record that was `seen` unreadable. False when it is not there any more. */
    async mend(eventId: string, acceptNumber: number, seen: string, whole: string): Promise<boolean> {
      const { outbox, outboxTimes } = keys.event(eventId)
      return (await redis.dlMendOutbox(outbox, outboxTimes, acceptNumber, seen, whole)) === 1
    },

    /** Whether the outbox has this submission, or knows that it has ended. */
    async knows(eventId: string, acceptNumber: number, submissionId: string): Promise<boolean> {
      const { outbox, outcomes } = keys.event(eventId)
      const field = String(acceptNumber)
      // The outbox is read first: a submission moves from there to the outcomes, never back.
      const records = [await redis.hget(outbox, field), await redis.hget(outcomes, field)]
      return records.some(record => record?.includes(`"submissionId":"${submissionId}"`) === true)
    },

    /** Numbers that had not ended and stood nowhere: from now on they are overdue like others. Usually none. */
    async mendTimes(eventId: string, now: Date): Promise<number[]> {
      const { meta, outboxTimes, passed } = keys.event(eventId)
      return Numbers.parse(await redis.dlMendTimes(meta, outboxTimes, passed, now.getTime(), MOST_MENDED))
    },

    /** How many submissions of these events have not ended, and when the oldest of them was accepted, in ms. */
    async backlog(eventIds: readonly string[]): Promise<{ size: number; oldestMs: number | undefined }> {
      let size = 0
      let oldestMs: number | undefined
      for (let first = 0; first < eventIds.length; first += EVENTS_AT_A_TIME) {
        const found = await Promise.all(
          eventIds.slice(first, first + EVENTS_AT_A_TIME).map(async eventId => {
            const { outboxTimes } = keys.event(eventId)
            const [count, [, time]] = await Promise.all([
              redis.zcard(outboxTimes),
              redis.zrange(outboxTimes, '0', '0', 'WITHSCORES'),
            ])
            return { count, time }
          }),
        )
        for (const { count, time } of found) {
          size += count
          if (time !== undefined) oldestMs = Math.min(oldestMs ?? Number(time), Number(time))
        }
      }
      return { size, oldestMs }
    },

    /** Whether `sweeper` may sweep for the next `ms`: one at a time does. */
    async takeSweep(sweeper: string, ms: number): Promise<boolean> {
      if ((await redis.set(keys.sweeping, sweeper, 'PX', ms, 'NX')) === 'OK') return true
      if ((await redis.get(keys.sweeping)) !== sweeper) return false
      await redis.pexpire(keys.sweeping, ms)
      return true
    },
  }
}

function readRecord(text: string, eventId: string): OutboxRecord {
  const unreadable = (fault: string, isWhole = false) => ({ readable: false, text, fault, isWhole }) as const
  if (text === '') return unreadable('The record of the submission is gone.')
  const json = parsed(text)
  if (json === undefined) return unreadable('The record of the submission is no JSON.')
  const { data, error } = Submission.safeParse(json)
  if (data === undefined) return unreadable(`The record is no submission. ${z.prettifyError(error)}`, true)
  if (data.eventId !== eventId) return unreadable(`The record is of the event ${data.eventId}.`)
  return { readable: true, submission: data }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
