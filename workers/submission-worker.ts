import { type Job, UnrecoverableError, Worker } from 'bullmq'
import { z } from 'zod'
import type { Acceptor } from '../src/feed/accept-submission.ts'
import type { Arrivals } from '../src/feed/arrivals.ts'
import type { Committer, SubmissionRef } from '../src/feed/commit-outcome.ts'
import type { RecentUpdates } from '../src/feed/recent-updates.ts'
import type { TraceLinks } from '../src/feed/trace-links.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { Logger } from '../src/foundation/logger.ts'
import { type Metrics, secondsSince } from '../src/foundation/metrics.ts'
import type { SpanAttributes, Tracing } from '../src/foundation/tracing.ts'
import type { Submission } from '../src/protocol/submission.ts'
import { ATTEMPTS, SUBMISSION_QUEUE, SubmissionJob, type SubmissionQueue } from '../src/queue/submission-queue.ts'
import type { RedisConnection } from '../src/redis/nodes.ts'
import { type AcceptAnewNeeds, acceptAnew, NotTaken } from './accept-anew.ts'
import { closeWorker } from './close-worker.ts'
import type { HeadWaits } from './head-waits.ts'
import { dead, prepareOutcome } from './prepare-outcome.ts'
import { restAfterErrors } from './rest-after-errors.ts'
import { type AccountNeeds, accountFor } from './sweep-jobs.ts'

export interface SubmissionWorkerNeeds {
  readonly redis: RedisConnection
  readonly queuePrefix: string
  readonly committer: Committer
  readonly acceptor: Acceptor
  readonly recentUpdates: RecentUpdates
  readonly arrivals: Pick<Arrivals, 'normalized'>
  readonly tracing: Tracing
  readonly traceLinks: Pick<TraceLinks, 'keep'>
  readonly outbox: AccountNeeds['outbox']
  readonly strays: AccountNeeds['strays']
  readonly deadLetters: AccountNeeds['deadLetters'] & AcceptAnewNeeds['deadLetters']
  readonly queue: Pick<SubmissionQueue, 'add'>
  readonly headWaits: HeadWaits
  readonly concurrency: number
  readonly metrics: Pick<Metrics, 'queueWaitSeconds' | 'normalizeSeconds'>
  readonly log: Logger
}

/** A worker that is killed or frozen gives its jobs to others within LOCK_MS + STALLED_CHECK_MS. */
const LOCK_MS = 8_000
const STALLED_CHECK_MS = 3_000

/** Each kill of a worker counts as a stall of its jobs, whatever `attempts` says. */
const MAX_STALLS = 10

/** The number is another's, and it could not be accepted anew. */
const LOST = 'submission belongs to no event that there is; it is kept as a stray'

/** So often it is looked whether its event, which Redis may have lost as well, is there again: some job may have it. */
const ATTEMPTS_TO_PLACE = 4

/** What Redis refused is tried again this much later. */
const RETRY_DELAY_MS = 1_000

/** Normalizes submissions, many at a time, and commits what became of each. Every step may run twice. */
export function startSubmissionWorker(needs: SubmissionWorkerNeeds): Part {
  const { redis, queuePrefix, committer, recentUpdates, arrivals, headWaits, concurrency, metrics, log } = needs
  const { tracing, traceLinks, strays } = needs

  async function process(job: Job): Promise<void> {
    const parsed = SubmissionJob.safeParse(job.data)
    if (!parsed.success) {
      const fault = `The data of the job is no submission. ${z.prettifyError(parsed.error)}`
      await accountFor(needs, String(job.id), JSON.stringify(job.data), fault, job.attemptsMade + 1)
      throw new UnrecoverableError(fault)
    }
    const { acceptNumber, submission } = parsed.data
    const now = new Date()
    if (job.attemptsMade === 0) metrics.queueWaitSeconds.observe(secondsSince(Date.parse(submission.acceptedAt)))
    const recent = submission.kind === 'event' ? [] : await recentUpdates.read(submission.eventId)
    const began = performance.now()
    const attributes = attributesOf(parsed.data)
    const outcome = tracing.span('normalize', attributes, add => {
      const prepared = prepareOutcome(submission, recent, job.attemptsMade + 1, now)
      add({ 'dateline.outcome': prepared.kind })
      return prepared
    })
    const normalizeMs = performance.now() - began
    metrics.normalizeSeconds.observe(normalizeMs / 1_000)
    arrivals.normalized(submission.eventId, acceptNumber, normalizeMs)
    const result = await tracing.span('commit', attributes, async add => {
      keepTrace(submission.eventId, acceptNumber)
      const committed = await committer.commit(refOf(parsed.data), outcome, now)
      add({ 'dateline.verdict': committed.verdict, 'dateline.seq': committed.seq })
      return committed
    })
    if (result.walkInMs !== undefined) headWaits.walkIn(submission.eventId, result.walkInMs)
    if (result.verdict === 'unknown') await placeAnew(job, submission, now)
    const ids = { ...idsOf(submission), acceptNumber, seq: result.seq }
    const isDead = outcome.kind === 'dead'
    if (isDead) log.error({ ...ids, ...outcome.reason }, 'submission became a dead letter')
    else log.info({ ...ids, verdict: result.verdict }, 'submission committed')
  }

  /** On the connection of the commit, and before it: when a gateway has the entry, its trace can be found. */
  function keepTrace(eventId: string, acceptNumber: number): void {
    const traceparent = tracing.traceparent()
    if (traceparent === undefined) return
    traceLinks.keep(eventId, acceptNumber, traceparent).catch((err: unknown) => {
      log.warn({ err, eventId, acceptNumber }, 'trace was not kept: it ends with the commit')
    })
  }

  /** Accepts it anew; what has no event, however often it is tried, is kept as a stray before its job goes. */
  async function placeAnew(job: Job, submission: Submission, now: Date): Promise<void> {
    try {
      await acceptAnew(needs, job.data.acceptNumber, submission, now)
    } catch (error) {
      const most = error instanceof NotTaken ? ATTEMPTS_TO_PLACE : ATTEMPTS
      if (job.attemptsMade + 1 < most) throw error
      await keepStray(job, submission, error instanceof Error ? error.message : String(error))
    }
  }

  async function keepStray(job: Job, submission: Submission, why: string): Promise<void> {
    const { reason } = dead('worker', why, job.attemptsMade + 1, new Date())
    await strays.keep(String(job.id), reason, JSON.stringify(submission))
    log.error({ ...idsOf(submission), jobId: job.id, why }, LOST)
  }

  const worker = new Worker(SUBMISSION_QUEUE, process, {
    connection: redis,
    prefix: queuePrefix,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLS,
    runRetryDelay: RETRY_DELAY_MS,
    skipVersionCheck: true,
    ...(tracing.jobs === undefined ? {} : { telemetry: tracing.jobs }),
  })
  const endRests = restAfterErrors(worker, log)
  worker.on('failed', (job, error) => void bury(job, error))

  /** A job that failed for the last time: its submission becomes a dead letter, and holds up nobody. */
  async function bury(job: Job | undefined, error: Error): Promise<void> {
    const parsed = SubmissionJob.safeParse(job?.data)
    if (job === undefined || !parsed.success) {
      log.warn({ err: error, jobId: job?.id }, 'job without data failed; what it stood for is in an outbox, or a stray')
      return
    }
    const ids = { ...idsOf(parsed.data.submission), acceptNumber: parsed.data.acceptNumber }
    const isLast = job.attemptsMade >= ATTEMPTS || error.name === 'UnrecoverableError'
    log.warn({ err: error, ...ids, attempt: job.attemptsMade }, 'submission failed')
    if (!isLast) return
    const now = new Date()
    try {
      const outcome = dead('worker', error.message, job.attemptsMade, now)
      const { verdict } = await committer.commit(refOf(parsed.data), outcome, now)
      if (verdict === 'unknown') await keepStray(job, parsed.data.submission, error.message)
      else log.error({ err: error, ...ids, verdict }, 'submission became a dead letter')
    } catch (err) {
      log.warn({ err, ...ids }, 'dead letter was not written; the sweeper tries the submission again')
    }
  }

  return {
    name: 'submission worker',
    stop() {
      endRests()
      return closeWorker(worker, log)
    },
  }
}

function refOf({ acceptNumber, submission }: SubmissionJob): SubmissionRef {
  const { eventId, submissionId, subject } = submission
  const updateId = submission.kind === 'event' ? undefined : submission.updateId
  return { eventId, acceptNumber, submissionId, updateId, sub: subject.sub }
}

function idsOf(submission: Submission) {
  const { requestId, eventId } = submission
  return submission.kind === 'event' ? { requestId, eventId } : { requestId, eventId, updateId: submission.updateId }
}

function attributesOf({ acceptNumber, submission }: SubmissionJob): SpanAttributes {
  const { requestId, eventId } = submission
  const about = submission.kind === 'event' ? {} : { 'dateline.update_id': submission.updateId }
  return {
    'dateline.event_id': eventId,
    'dateline.accept_number': acceptNumber,
    'dateline.request_id': requestId,
    ...about,
  }
}
