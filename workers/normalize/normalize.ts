import type { Submission } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import type { NormalizationStep, StepContext, StepResult } from './step.ts'
import { StepFailure } from './step-failure.ts'
import { cleanCharactersStep } from './steps/clean-characters.ts'
import { readHappenedAt } from './steps/read-happened-at.ts'
import { steps } from './steps.ts'
import { cleanLine } from './text-cleaning.ts'
import { startDraft, toUpdate, type WorkingDraft } from './working-draft.ts'

export { StepFailure } from './step-failure.ts'

export type UpdateSubmission = Extract<Submission, { kind: 'publish' | 'revise' | 'retract' }>

/** What one step did to one update, for the desk and ops. */
export type NormalizationNote = { step: string; before: string; after: string } | { step: string; warning: string }

export interface Normalized {
  update: Update
  normalization: NormalizationNote[]
}

/**
 * The update that readers get for a submission, and how it came about. Pure: the same submission always gives the same
 * bytes. A retraction gives its tombstone.
 * Throws StepFailure (step name and cause) when a step breaks; the worker makes a dead letter of it.
 */
export function normalizeUpdate(submission: UpdateSubmission): Normalized {
  if (submission.kind === 'retract') return { update: tombstoneOf(submission), normalization: [] }
  const { draft, normalization } = runSteps(steps, startDraft(submission), submission)
  return { update: toUpdate(draft, submission), normalization }
}

/** Runs the steps in order. Exported for tests and previews; throws StepFailure. */
export function runSteps(
  ordered: readonly NormalizationStep[],
  start: WorkingDraft,
  context: StepContext,
): { draft: WorkingDraft; normalization: NormalizationNote[] } {
  const normalization: NormalizationNote[] = []
  let draft = start
  for (const step of ordered) {
    const result = applyStep(step, draft, context)
    draft = result.draft
    for (const note of result.notes) normalization.push({ step: step.name, ...note })
  }
  return { draft, normalization }
}

function applyStep(step: NormalizationStep, draft: WorkingDraft, context: StepContext): StepResult {
  try {
    return step.apply(draft, context)
  } catch (cause) {
    throw new StepFailure(step.name, cause)
  }
}

/**
 * The update that stands where a retracted one was: words, media and flags are gone, its place in time and its authors'
 * names stay. `retracted` says when (the time of accept) and, where it was given, why.
 * Throws StepFailure when its time cannot be read.
 */
export function tombstoneOf(submission: UpdateSubmission): Update {
  const { authors, happenedAt, inLanguage } = startDraft(submission)
  const wordless: WorkingDraft = { ...startDraft({ ...submission, draft: { bodyFormat: 'text' } }), corrections: [] }
  const start = { ...wordless, authors, happenedAt, inLanguage }
  const { draft } = runSteps([cleanCharactersStep, readHappenedAt], start, submission)
  const reason = submission.kind === 'retract' ? cleanLine(submission.reason ?? '') : ''
  return {
    ...toUpdate(draft, submission),
    retracted: { datePublished: submission.acceptedAt, ...(reason === '' ? {} : { reason }) },
  }
}
