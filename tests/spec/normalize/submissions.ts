import type { z } from 'zod'
import { Submission } from '../../../src/protocol/submission.ts'
import type { DraftContent } from '../../../src/protocol/update.ts'
import { type Normalized, normalizeUpdate, type UpdateSubmission } from '../../../workers/normalize/normalize.ts'

export const ACCEPTED_AT = '2026-11-24T10:00:00.000Z'

type Changes = Partial<Omit<Extract<UpdateSubmission, { kind: 'publish' }>, 'draft'>>

/** A publish submission as the accept side writes it: parsed, so that defaults and transforms are in. */
export function aSubmission(draft: z.input<typeof DraftContent>, changes: Changes = {}): UpdateSubmission {
  const parsed = Submission.parse({
    kind: 'publish',
    submissionId: '0192f0c1-0000-7000-8000-000000000001',
    eventId: 'belarus-talks',
    acceptedAt: ACCEPTED_AT,
    requestId: 'request-1',
    subject: { sub: 'ann', name: 'Ann Editor' },
    updateId: '0192f0c1-0000-7000-8000-000000000002',
    version: 1,
    timeZone: 'Europe/Moscow',
    inLanguage: 'en',
    datePublished: ACCEPTED_AT,
    dateModified: ACCEPTED_AT,
    corrections: [],
    draft,
    ...changes,
  })
  if (parsed.kind === 'event') throw new Error('not about an update')
  return parsed
}

export function normalized(draft: z.input<typeof DraftContent>, changes?: Changes): Normalized {
  return normalizeUpdate(aSubmission(draft, changes))
}

/** What one step said. */
export function notesOf({ normalization }: Normalized, step: string) {
  return normalization.filter(note => note.step === step)
}

export function warningsOf({ normalization }: Normalized): string[] {
  return normalization.flatMap(note => ('warning' in note ? [note.warning] : []))
}
