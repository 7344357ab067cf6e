import type { RecentUpdate } from '../../src/feed/recent-updates.ts'
import { type NormalizationNote, SWITCHABLE_STEPS } from '../../src/protocol/normalization.ts'
import type { Submission } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'
import type { NormalizationStep, StepContext, StepResult } from './step.ts'
import { StepFailure } from './step-failure.ts'
import { cleanCharactersStep } from './steps/clean-characters.ts'
import { readHappenedAt } from './steps/read-happened-at.ts'
import { steps } from './steps.ts'
import { cleanLine } from './text-cleaning.ts'
import { startDraft, toUpdate, type WorkingDraft } from './working-draft.ts'

export type { NormalizationNote } from '../../src/protocol/normalization.ts'
export { StepFailure } from './step-failure.ts'

export type UpdateSubmission = Extract<Submission, { kind: 'publish' | 'revise' | 'retract' }>

export interface Normalized {
  readonly update: Update
  /** What each step did, for the desk and ops. */
  readonly normalization: NormalizationNote[]
  /** Why it is to wait for an editor, when a step holds it. */
  readonly held?: { readonly step: string; readonly reason: string }
}

/**
 * The update that readers get for a submission, and how it came about. Pure: the same submission beside the same `recent`
 * updates always gives the same bytes. A retraction gives its tombstone.
 * Throws StepFailure (step name and cause) when a step breaks; the worker makes a dead letter of it.
 */
export function normalizeUpdate(submission: UpdateSubmission, recent: readonly RecentUpdate[] = []): Normalized {
  if (submission.kind === 'retract') return { update: tombstoneOf(submission), normalization: [] }
  const languageGiven = submission.draft.inLanguage !== undefined
  const happenedAtGiven = submission.draft.happenedAt !== undefined
  const context: StepContext = { ...submission, languageGiven, happenedAtGiven, recent }
  const without = new Set<string>([...submission.settings.off, ...(submission.draft.keepAsTyped ?? [])])
  const chosen = steps.filter(({ name }) => !isSwitchable(name) || !without.has(name))
  const { draft, normalization, held } = runUntilSettled(chosen, startDraft(submission), context)
  return { update: toUpdate(draft, submission), normalization, ...(held === undefined ? {} : { held }) }
}

/** What one pass brings into the open, the next one takes; nobody has met a text that needs more. */
const MAX_PASSES = 4
/** They judge the finished text, so only what the last pass says of it counts. */
const OF_THE_FINISHED = new Set(['derived-headline', 'duplicate-alert', 'consistency'])

/**
 * Runs the steps, and once more when one has taken something out of the body: a date line may hide a command behind it, and
 * two equal lines may meet where a call to action stood. So normalizing a result again changes nothing.
 */
function runUntilSettled(ordered: readonly NormalizationStep[], start: WorkingDraft, context: StepContext): Pass {
  let pass = runSteps(ordered, start, context)
  const again = { ...context, languageGiven: true, happenedAtGiven: true }
  for (let passes = 1; pass.tookAway && passes < MAX_PASSES; passes++) {
    const next = runSteps(ordered, asTyped(pass.draft), again)
    const before = pass.normalization.filter(({ step }) => !OF_THE_FINISHED.has(step))
    const said = new Set(before.map(note => JSON.stringify(note)))
    const added = next.normalization.filter(note => !said.has(JSON.stringify(note)))
    pass = { ...next, normalization: [...before, ...added], held: pass.held ?? next.held }
  }
  return pass
}

/** The finished draft, as if an editor had sent it. */
function asTyped(draft: WorkingDraft): WorkingDraft {
  const { headline, headlineDerived, ...rest } = draft
  const own = headline === undefined || headlineDerived === true ? {} : { headline }
  return { ...rest, ...own, body: draft.bodyHtml, bodyFormat: 'html', type: 'text' }
}

function isSwitchable(name: string): boolean {
  return (SWITCHABLE_STEPS as readonly string[]).includes(name)
}

interface Pass {
  readonly draft: WorkingDraft
  readonly normalization: NormalizationNote[]
  readonly held: Normalized['held']
  /** A step has taken something out of the body. */
  readonly tookAway: boolean
}

/** Runs the steps in order, once. Exported for tests; throws StepFailure. */
export function runSteps(ordered: readonly NormalizationStep[], start: WorkingDraft, context: StepContext): Pass {
  const normalization: NormalizationNote[] = []
  let draft = start
  let tookAway = false
  let held: Normalized['held']
  for (const step of ordered) {
    const result = applyStep(step, draft, context)
    if (step.takesAway === true && result.draft.blocks !== draft.blocks) tookAway = true
    draft = result.draft
    for (const note of result.notes) normalization.push({ step: step.name, ...note })
    if (result.hold !== undefined) held ??= { step: step.name, reason: result.hold }
  }
  return { draft, normalization, held, tookAway }
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
  const context = { ...submission, languageGiven: true, happenedAtGiven: true, recent: [] }
  const { draft } = runSteps([cleanCharactersStep, readHappenedAt], start, context)
  const reason = submission.kind === 'retract' ? cleanLine(submission.reason ?? '') : ''
  return {
    ...toUpdate(draft, submission),
    retracted: { datePublished: submission.acceptedAt, ...(reason === '' ? {} : { reason }) },
  }
}
