import { Queue } from 'bullmq'
import { z } from 'zod'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { ReplayId } from '../protocol/replay.ts'
import { EventId } from '../protocol/update.ts'
import type { RedisConnection } from '../redis/nodes.ts'
import { jobRecords } from './job-records.ts'
import { type QueueDoor, queueDoor } from './queue-door.ts'

export const REPLAY_QUEUE = 'replays'

/**
 * Where the replay stands is in Redis, not in its job: whoever gets the job goes on from there. Each lap has a job of its
 * own: one that is just ending must not swallow the next.
 */
export const ReplayJob = z.strictObject({ eventId: EventId, replayId: ReplayId, lap: z.int().positive() })
export type ReplayJob = z.infer<typeof ReplayJob>

export interface ReplayQueue extends Part {
  /** Hands a lap of a replay to the workers. One that they have already is left alone; one that was put aside is taken up. */
  add(job: ReplayJob): Promise<void>
  /** Adds a lap whose job is not there any more, or which no worker can take up. Says whether it was so. */
  addIfLost(job: ReplayJob): Promise<boolean>
  readonly door: QueueDoor
}

/** Replays have a queue of their own, so that however many there are, submissions do not wait behind them. */
export function createReplayQueue(needs: { redis: RedisConnection; prefix: string; log: Logger }): ReplayQueue {
  const { redis, prefix, log } = needs
  const queue = new Queue(REPLAY_QUEUE, { connection: redis, prefix, skipVersionCheck: true })
  queue.on('error', err => log.warn({ err }, 'replay queue connection failed'))
  const records = jobRecords(queue, redis)

  async function add(job: ReplayJob): Promise<void> {
    const options = {
      attempts: 1_000,
      backoff: { type: 'fixed', delay: 1_000 },
      removeOnComplete: true,
      removeOnFail: true,
    }
    const added = await queue.add('replay', job, { ...options, jobId: jobIdOf(job) })
    if (!(await added.isDelayed())) return
    await added.promote().catch(async (error: unknown) => {
      if (await added.isDelayed()) throw error // else a worker was first
    })
  }

  return {
    name: 'replay queue',
    add,
    async addIfLost(job) {
      const jobId = jobIdOf(job)
      if (isJob(await records.read(jobId)) && !(await records.isStranded(jobId))) return false
      await records.remove(jobId)
      await add(job)
      return true
    },
    door: queueDoor(REPLAY_QUEUE, queue),
    stop: () => queue.close(),
  }
}

function jobIdOf({ replayId, lap }: ReplayJob): string {
  return `r-${replayId}-${lap}`
}

function isJob(text = ''): boolean {
  try {
    return ReplayJob.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
