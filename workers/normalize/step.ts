import type { RecentUpdate } from '../../src/feed/recent-updates.ts'
import type { UpdateSubmission } from './normalize.ts'
import type { WorkingDraft } from './working-draft.ts'

/** What a step may know besides the draft. Time is in here, so that a step never asks the clock. */
export interface StepContext
  extends Pick<
    UpdateSubmission,
    | 'acceptedAt'
    | 'datePublished'
    | 'timeZone'
    | 'inLanguage'
    | 'subject'
    | 'updateId'
    | 'settings'
    | 'released'
    | 'draft'
  > {
  /** Whether the editor named the language (else `inLanguage` of the draft is the event's). */
  readonly languageGiven: boolean
  /** Whether the editor said when it happened (else `happenedAt` of the draft is the time of publication). */
  readonly happenedAtGiven: boolean
  /** When the event's coverage began; undefined where it is not known. */
  readonly coverageStartTime?: string | undefined
  /** The event's last updates, newest first, as they were when the submission was read. */
  readonly recent: readonly RecentUpdate[]
}

/** What a step changed, or what somebody should look at. The frame adds the step's name. */
export type StepNote = { before: string; after: string } | { warning: string }

export interface StepResult {
  readonly draft: WorkingDraft
  readonly notes: readonly StepNote[]
  /** Why the submission is to wait for an editor; nothing is lost, and nobody waits for it. */
  readonly hold?: string
}

/**
 * One cleaning step: pure, so that the same draft and context always give the same result. A step whose name is in
 * SWITCHABLE_STEPS is not run where the event or the update does without it.
 */
export interface NormalizationStep {
  readonly name: string
  /** It may take words out of the body. What is left may then begin or end otherwise, so all steps look once more. */
  readonly takesAway?: true
  apply(draft: WorkingDraft, context: StepContext): StepResult
}
