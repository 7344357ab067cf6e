import { type JobsOptions, Queue, type Telemetry } from 'bullmq'
import { z } from 'zod'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { Submission } from '../protocol/submission.ts'
import type { RedisConnection } from '../redis/nodes.ts'
import { type BrokenJob, jobRecords } from './job-records.ts'
import { type QueueDoor, queueDoor } from './queue-door.ts'

export const SUBMISSION_QUEUE = 'submissions'

/** One accepted submission, whole: a job needs nothing else. */
export const SubmissionJob = z.strictObject({ acceptNumber: z.int().positive(), submission: Submission })
export type SubmissionJob = z.infer<typeof SubmissionJob>

/** So many jobs are looked at in one go. */
const MOST_BROKEN = 200

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
  /**
   * As add, for a submission that has waited too long: a job whose record was destroyed is replaced. For an old one it is
   * also looked whether any worker will ever take it up, which costs more.
   */
  addAgain(job: SubmissionJob, options: { readonly isOld: boolean }): Promise<void>
  /** The job of a submission; undefined when there is none that can be read. */
  find(submissionId: string): Promise<SubmissionJob | undefined>
  /** Takes the job of a submission away, if there is one: its id, and what its data was. */
  takeAway(submissionId: string): Promise<{ readonly jobId: string; readonly text: string | undefined }>
  /** Some of the jobs that no worker can do anything with. */
  broken(): Promise<BrokenJob[]>
  /** Takes such a job away. */
  remove(jobId: string): Promise<void>
  readonly door: QueueDoor
}

export interface SubmissionQueueNeeds {
  readonly redis: RedisConnection
  readonly prefix: string
  /** Carries the trace of who adds a job to its worker. */
  readonly telemetry?: Telemetry | undefined
  readonly log: Logger
}

export function createSubmissionQueue({ redis, prefix, telemetry, log }: SubmissionQueueNeeds): SubmissionQueue {
  const traced = telemetry === undefined ? {} : { telemetry }
  const queue = new Queue(SUBMISSION_QUEUE, { connection: redis, prefix, skipVersionCheck: true, ...traced })
  queue.on('error', err => log.warn({ err }, 'queue connection failed'))
  const records = jobRecords(queue, redis)

  async function add(job: SubmissionJob): Promise<void> {
    await queue.add(job.submission.kind, job, { ...JOB_OPTIONS, jobId: jobIdOf(job.submission.submissionId) })
  }

  return {
    name: 'submission queue',
    add,
    async addAgain(job, { isOld }) {
      const jobId = jobIdOf(job.submission.submissionId)
      const text = await records.read(jobId)
      const isLost = text !== undefined && (readJob(text) === undefined || (isOld && (await records.isStranded(jobId))))
      if (isLost) {
        // Its remains would swallow a new one.
        await records.remove(jobId)
        log.warn({ jobId, eventId: job.submission.eventId }, 'job record was broken and is replaced')
      }
      await add(job)
    },
    async find(submissionId) {
      const text = await records.read(jobIdOf(submissionId))
      return text === undefined ? undefined : readJob(text)
    },
    async takeAway(submissionId) {
      const jobId = jobIdOf(submissionId)
      const text = await records.read(jobId)
      await records.remove(jobId)
      return { jobId, text }
    },
    broken: () => records.broken(MOST_BROKEN),
    remove: records.remove,
    door: queueDoor(SUBMISSION_QUEUE, queue),
    stop: () => queue.close(),
  }
}

/** BullMQ takes neither a colon nor a plain number in an id. */
function jobIdOf(submissionId: string): string {
  return `s-${submissionId}`
}

function readJob(text: string): SubmissionJob | undefined {
  try {
    return SubmissionJob.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // what is no JSON is no job
  }
}
