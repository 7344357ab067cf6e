import type { Outcome } from '../src/feed/commit-outcome.ts'
import type { Submission } from '../src/protocol/submission.ts'
import { normalizeUpdate, StepFailure, tombstoneOf } from './normalize/normalize.ts'

/**
 * Pure: what becomes of a submission. Text that breaks a normalization step is no reason to try again: it becomes a dead
 * letter that names the step, with the submission kept whole.
 */
export function prepareOutcome(submission: Submission, attempts: number, now: Date): Outcome {
  switch (submission.kind) {
    case 'event':
      return { kind: 'event', event: submission.event }
    case 'retract':
      return { kind: 'retract', update: tombstoneOf(submission), reason: submission.reason }
    default:
      try {
        const { update, normalization } = normalizeUpdate(submission)
        return { kind: submission.kind, update, desk: { raw: submission.draft, normalization } }
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error
        return dead(error.step, error.message, attempts, now)
      }
  }
}

/** The outcome of a submission that cannot be published. */
export function dead(step: string, error: string, attempts: number, now: Date): Outcome {
  return { kind: 'dead', reason: { step, error: error.slice(0, 2_000), attempts, at: now.toISOString() } }
}
