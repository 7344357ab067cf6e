import { normalizeUpdate, StepFailure, type UpdateSubmission } from '../../workers/normalize/normalize.ts'
import type { RecentUpdates } from '../feed/recent-updates.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Preview } from '../protocol/preview.ts'

/** What a worker would make of a submission now, in this process: for the api, which may not know the workers' code. */
export function createPreview({ recentUpdates }: { recentUpdates: RecentUpdates }) {
  return async (submission: UpdateSubmission): Promise<Preview> => {
    const recent = await recentUpdates.read(submission.eventId)
    try {
      return normalizeUpdate(submission, recent)
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error
      throw new Refusal('cannot-normalize', `${error.message}.`, { cause: error, extra: { step: error.step } })
    }
  }
}
