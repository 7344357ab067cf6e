import type { Queue } from 'bullmq'
import type { RedisConnection } from '../redis/nodes.ts'

/** A job whose record was damaged, or which was kept after it had failed. */
export interface BrokenJob {
  readonly jobId: string
  /** What its data is now; '' when nothing is left. */
  readonly text: string
}

/**
 * What BullMQ keeps of each job, for repair: it hands a job whose data is no JSON from active to stalled and back for
 * ever, and a kept one swallows a later add of the same id.
 */
export function jobRecords(queue: Queue, redis: RedisConnection) {
  async function read(jobId: string): Promise<string | undefined> {
    const record = queue.toKey(jobId)
    const [exists, data] = await Promise.all([redis.exists(record), redis.hget(record, 'data')])
    return exists === 1 ? (data ?? '') : undefined
  }

  return {
    /** The data as text; undefined when there is no record. */
    read,

    /** Takes it out of every list, whoever has it in hand: only for what no worker can do anything with. */
    async remove(jobId: string): Promise<void> {
      await redis.del(`${queue.toKey(jobId)}:lock`)
      await queue.remove(jobId)
    },

    /** Those in the hands of workers (or stalled there) that are broken, and those that were kept after failing. */
    async broken(most: number): Promise<BrokenJob[]> {
      const [active, failed] = await Promise.all([
        redis.lrange(queue.toKey('active'), 0, most - 1),
        redis.zrange(queue.toKey('failed'), '0', String(most - 1)),
      ])
      const texts = await Promise.all([...active, ...failed].map(async jobId => ({ jobId, text: await read(jobId) })))
      const kept = new Set(failed)
      return texts.flatMap(({ jobId, text = '' }) => (kept.has(jobId) || !isJson(text) ? [{ jobId, text }] : []))
    },

    /** No list has it, or only one of those that have ended: nobody will ever take it up. */
    async isStranded(jobId: string): Promise<boolean> {
      return ['unknown', 'failed', 'completed'].includes(await queue.getJobState(jobId))
    },
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
