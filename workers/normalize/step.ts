import type { UpdateSubmission } from './normalize.ts'
import type { WorkingDraft } from './working-draft.ts'

/** What a step may know besides the draft. Time is in here, so that a step never asks the clock. */
export type StepContext = Pick<UpdateSubmission, 'acceptedAt' | 'datePublished' | 'timeZone' | 'inLanguage' | 'subject'>

/** What a step changed, or what somebody should look at. The frame adds the step's name. */
export type StepNote = { before: string; after: string } | { warning: string }

export interface StepResult {
  readonly draft: WorkingDraft
  readonly notes: readonly StepNote[]
}

/** One cleaning step: pure, so that the same draft and context always give the same result. */
export interface NormalizationStep {
  readonly name: string
  apply(draft: WorkingDraft, context: StepContext): StepResult
}
