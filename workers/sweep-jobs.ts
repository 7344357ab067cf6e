import type { DeadLetters } from '../src/feed/dead-letters.ts'
import type { Outbox } from '../src/feed/outbox.ts'
import { salvage } from '../src/feed/salvage.ts'
import type { Strays } from '../src/feed/strays.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { SubmissionQueue } from '../src/queue/submission-queue.ts'
import { dead } from './prepare-outcome.ts'

export interface AccountNeeds {
  readonly outbox: Pick<Outbox, 'knows' | 'mend'>
  readonly deadLetters: Pick<DeadLetters, 'fill'>
  readonly strays: Pick<Strays, 'keep'>
  readonly log: Logger
}

export interface SweepJobsNeeds extends AccountNeeds {
  readonly queue: Pick<SubmissionQueue, 'broken' | 'remove'>
}

/**
 * Takes jobs away that no worker can do anything with: their data is no JSON, or gone, or they were kept after failing.
 * One that is ending just now looks the same for a moment: only what was seen broken by two sweeps is. Resolves with
 * the ids of those to look at again.
 */
export async function sweepJobs(needs: SweepJobsNeeds, seen: ReadonlySet<string>): Promise<Set<string>> {
  const { queue, log } = needs
  const broken = await queue.broken()
  for (const { jobId, text } of broken) {
    if (!seen.has(jobId)) continue
    await accountFor(needs, jobId, text, 'The data of the job cannot be read.', 0)
    await queue.remove(jobId)
    log.warn({ jobId }, 'job could not be read and was taken away')
  }
  return new Set(broken.map(({ jobId }) => jobId))
}

/**
 * Before a job is let go that nothing can be made of: whatever was accepted stands in an outbox, which mends it or buries
 * it. Where the outbox, or then the dead letter, has lost its text, it gets what the job has of it; what belongs to no outbox is kept as a stray.
 */
export async function accountFor(
  { outbox, deadLetters, strays, log }: AccountNeeds,
  jobId: string,
  text: string,
  error: string,
  attempts: number,
): Promise<void> {
  const { eventId, acceptNumber, submissionId } = salvage(text)
  if (eventId !== undefined && acceptNumber !== undefined) {
    if (submissionId !== undefined && (await outbox.knows(eventId, acceptNumber, submissionId))) return
    if (await outbox.mend(eventId, acceptNumber, '', text)) return
    if (await deadLetters.fill(eventId, acceptNumber, text)) return
  }
  // Nothing is left but its id: what it stood for, if anything, is in an outbox.
  if (text === '' || text === '{}') return
  const outcome = dead('queue', error, attempts, new Date())
  await strays.keep(jobId, outcome.reason, text)
  log.error({ jobId, eventId, acceptNumber }, 'job belongs to no event that there is; it is kept as a stray')
}
