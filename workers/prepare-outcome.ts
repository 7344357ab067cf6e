import type { EndReason, Outcome } from '../src/feed/commit-outcome.ts'
import type { RecentUpdate } from '../src/feed/recent-updates.ts'
import type { Submission } from '../src/protocol/submission.ts'
import type { Update } from '../src/protocol/update.ts'
import { fingerprintOf } from './normalize/fingerprint.ts'
import { normalizeUpdate, StepFailure, tombstoneOf } from './normalize/normalize.ts'

const MAX_REASON_CHARS = 2_000

/**
 * Pure: what becomes of a submission. Text that breaks a normalization step is no reason to try again: it becomes a dead
 * letter that names the step, with the submission kept whole.
 */
export function prepareOutcome(
  submission: Submission,
  recent: readonly RecentUpdate[],
  attempts: number,
  now: Date,
): Outcome {
  switch (submission.kind) {
    case 'event':
      return { kind: 'event', event: submission.event }
    case 'retract':
      return { kind: 'retract', update: tombstoneOf(submission), reason: submission.reason }
    default:
      try {
        const { update, normalization, held } = normalizeUpdate(submission, recent)
        if (held !== undefined) return { kind: 'held', reason: endReason(held.step, held.reason, attempts, now) }
        const desk = { raw: submission.draft, normalization }
        return { kind: submission.kind, update, desk, fingerprint: recentUpdateOf(update, submission) }
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error
        return dead(error.step, error.message, attempts, now)
      }
  }
}

/** The outcome of a submission that cannot be published. */
export function dead(step: string, error: string, attempts: number, now: Date): Extract<Outcome, { kind: 'dead' }> {
  return { kind: 'dead', reason: endReason(step, error, attempts, now) }
}

function endReason(step: string, error: string, attempts: number, now: Date): EndReason {
  return { step, error: error.slice(0, MAX_REASON_CHARS), attempts, at: now.toISOString() }
}

/** What the duplicate alert of later updates compares with. */
function recentUpdateOf(update: Update, { acceptedAt, subject }: Submission): RecentUpdate {
  return { updateId: update.id, fingerprint: fingerprintOf(update), acceptedAt, name: subject.name }
}
