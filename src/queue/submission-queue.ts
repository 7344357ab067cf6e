import { type JobsOptions, Queue, type Telemetry } from 'bullmq'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { Submission } from '../protocol/submission.ts'
import { type QueueDoor, queueDoor } from './queue-door.ts'

export const SUBMISSION_QUEUE = 'submissions'

/** One accepted submission, whole: a job needs nothing else. */
export const SubmissionJob = z.strictObject({ acceptNumber: z.int().positive(), submission: Submission })
export type SubmissionJob = z.infer<typeof SubmissionJob>

/** How often a submission is tried before it becomes a dead letter. */
export const ATTEMPTS = 6

/**
 * Ended jobs are removed at once: one that is kept would swallow a later add with the same id, silently.
 * Where a submission went is kept with its event, not here.
 */
const JOB_OPTIONS: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: 200, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
}

export interface SubmissionQueue extends Part {
  /** Adds the job of a submission. Adding one that is there already does nothing. */
  add(job: SubmissionJob): Promise<void>
  /** As add, for a submission that has waited too long: a job whose record was destroyed is replaced. */
  addAgain(job: SubmissionJob): Promise<void>
  readonly door: QueueDoor
}

export interface SubmissionQueueNeeds {
  readonly redis: Redis
  readonly prefix: string
  /** Carries the trace of who adds a job to its worker. */
  readonly telemetry?: Telemetry | undefined
  readonly log: Logger
}

export function createSubmissionQueue({ redis, prefix, telemetry, log }: SubmissionQueueNeeds): SubmissionQueue {
  const traced = telemetry === undefined ? {} : { telemetry }
  const queue = new Queue(SUBMISSION_QUEUE, { connection: redis, prefix, skipVersionCheck: true, ...traced })
  queue.on('error', err => log.warn({ err }, 'queue connection failed'))

  async function add(job: SubmissionJob): Promise<void> {
    await queue.add(job.submission.kind, job, { ...JOB_OPTIONS, jobId: jobIdOf(job.submission.submissionId) })
  }

  return {
    name: 'submission queue',
    add,
    async addAgain(job) {
      const jobId = jobIdOf(job.submission.submissionId)
      const record = queue.toKey(jobId)
      const data = (await redis.exists(record)) === 1 ? ((await redis.hget(record, 'data')) ?? '') : undefined
      if (data !== undefined && !isJob(data)) {
        // Such a job would go from active to stalled and back for ever, and its remains would swallow a new one.
        await redis.del(record, `${record}:lock`)
        await redis.lrem(queue.toKey('active'), 0, jobId)
        await redis.lrem(queue.toKey('wait'), 0, jobId)
        log.warn({ jobId, eventId: job.submission.eventId }, 'job record was broken and is replaced')
      }
      await add(job)
    },
    door: queueDoor(SUBMISSION_QUEUE, queue),
    stop: () => queue.close(),
  }
}

/** BullMQ takes neither a colon nor a plain number in an id. */
function jobIdOf(submissionId: string): string {
  return `s-${submissionId}`
}

function isJob(data: string): boolean {
  try {
    return SubmissionJob.safeParse(JSON.parse(data)).success
  } catch {
    return false
  }
}
