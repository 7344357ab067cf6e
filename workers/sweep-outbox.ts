import type { Committer } from '../src/feed/commit-outcome.ts'
import type { Outbox, OutboxRecord } from '../src/feed/outbox.ts'
import { salvage } from '../src/feed/salvage.ts'
import type { Strays } from '../src/feed/strays.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { SubmissionQueue } from '../src/queue/submission-queue.ts'
import { dead } from './prepare-outcome.ts'

export interface SweepOutboxNeeds {
  readonly outbox: Outbox
  readonly queue: Pick<SubmissionQueue, 'addAgain' | 'find' | 'takeAway'>
  readonly strays: Pick<Strays, 'forget'>
  readonly committer: Committer
  readonly log: Logger
}

/** A submission that stands in the outbox for longer is given to the workers again. */
export const OVERDUE_MS = 2_000
/** One that stands there for longer than this may have a job that no worker will ever take up. */
const OLD_MS = 10_000
/** Of so many old ones of an event it is looked at in a sweep: each costs more. */
const MOST_OLD = 20
const MOST_PER_EVENT = 500

/** One event's outbox. Every step may be repeated, also by two sweepers at once. */
export async function sweepOutbox(needs: SweepOutboxNeeds, eventId: string, now: Date): Promise<void> {
  const { outbox, queue, committer, log } = needs
  const overdue = await outbox.overdue(eventId, now.getTime() - OVERDUE_MS, MOST_PER_EVENT)
  if (overdue.length === 0) return
  for (const [i, { acceptNumber, acceptedMs, record, hasEnded }] of overdue.entries()) {
    const isOld = now.getTime() - acceptedMs > OLD_MS
    if (hasEnded) await outbox.clear(eventId, acceptNumber)
    else if (record.readable) {
      await queue.addAgain({ acceptNumber, submission: record.submission }, { isOld: isOld && i < MOST_OLD })
    } else if (isOld || !record.isWhole) {
      await mendOrBury(needs, eventId, acceptNumber, record, now)
    }
  }
  const { walkInMs } = await committer.walk(eventId, now)
  log.warn({ eventId, overdue: overdue.length, walkInMs }, 'overdue submissions were handed out again')
}

/** The job may still have the submission whole. Else it is a dead letter, with all that is left of it. */
async function mendOrBury(
  { outbox, queue, strays, committer, log }: SweepOutboxNeeds,
  eventId: string,
  acceptNumber: number,
  { text, fault }: Extract<OutboxRecord, { readable: false }>,
  now: Date,
): Promise<void> {
  const { submissionId = '', updateId, subject } = salvage(text)
  const job = submissionId === '' ? undefined : await queue.find(submissionId)
  if (job?.acceptNumber === acceptNumber && job.submission.eventId === eventId) {
    const isMended = await outbox.mend(eventId, acceptNumber, text, JSON.stringify(job.submission))
    log.warn({ eventId, acceptNumber, isMended }, 'outbox record could not be read, and was made anew from its job')
    return
  }
  const ref = { eventId, acceptNumber, submissionId, updateId, sub: subject?.sub ?? '' }
  const { verdict } = await committer.commit(ref, dead('outbox', fault, 0, now), now)
  if (submissionId !== '' && job === undefined) {
    // If it has a job, nothing can be made of that either: it would only be found once more.
    const { jobId, text: jobText } = await queue.takeAway(submissionId)
    await strays.forget(jobId)
    if (jobText !== undefined)
      log.warn({ eventId, acceptNumber, jobId, jobText }, 'job could not be read and was taken away')
  }
  log.error({ eventId, acceptNumber, verdict, fault }, 'outbox record cannot be read; it is kept as a dead letter')
}
