import { isDeepStrictEqual } from 'node:util'
import { normalizeUpdate, StepFailure } from '../../../workers/normalize/normalize.ts'
import type { AcceptRequest } from '../../feed/accept-submission.ts'
import type { AcceptedUpdate } from '../../feed/accepted-drafts.ts'
import type { EventNow } from '../../feed/event-now.ts'
import { about } from '../../ingest/about-update.ts'
import type { Submission } from '../../protocol/submission.ts'
import type { Update } from '../../protocol/update.ts'

/** An update as its editor last typed it, and as readers see it. */
export interface Standing {
  readonly accepted: AcceptedUpdate
  readonly published: Update
}

export interface FieldChange {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

export type Renormalization =
  | { readonly what: 'unchanged' }
  | { readonly what: 'skipped'; readonly why: string }
  | { readonly what: 'changed'; readonly changes: readonly FieldChange[]; readonly request: AcceptRequest }

type Revision = Extract<Submission, { kind: 'revise' }>

/** A revision has these in any case. */
const OF_EVERY_REVISION: readonly (keyof Update)[] = ['version', 'dateModified']
const WORDS_AND_MEDIA: readonly string[] = ['bodyHtml', 'bodyText', 'headline', 'media', 'embeds']

/**
 * Pure: what today's steps make of one update, and the revision that would publish it. Its version and key follow from
 * the version that stands, so that two runs over the same feed append it once.
 */
export function planRenormalization(
  eventId: string,
  event: EventNow,
  updateId: string,
  { accepted, published }: Standing,
  now: Date,
): Renormalization {
  if (accepted.retracted || published.retracted !== undefined) return { what: 'skipped', why: 'it is retracted' }
  if (accepted.version !== published.version) {
    return { what: 'skipped', why: `version ${accepted.version} was accepted and is not published` }
  }
  const version = published.version + 1
  // Without authors in the draft, an update is by whoever sent it, and that was not us.
  const subject = { sub: 'dateline', name: published.authors[0]?.name ?? 'Dateline' }
  const write = { eventId, requestId: `renormalize-${updateId}-${version}`, subject }
  const revisionOf = (draft: AcceptedUpdate): Revision => ({
    kind: 'revise',
    ...about(write, event, updateId, draft, now),
  })
  const first = revisionOf({ ...accepted, version })
  const made = tryToNormalize(first)
  if (typeof made === 'string') return { what: 'skipped', why: made }
  const changes = changesBetween(published, made)
  if (changes.length === 0) return { what: 'unchanged' }
  const isOfWords = changes.some(({ field }) => WORDS_AND_MEDIA.includes(field))
  const draft = { ...accepted, version, dateModified: isOfWords ? now.toISOString() : accepted.dateModified }
  const body = JSON.stringify(draft.draft)
  return {
    what: 'changed',
    changes,
    request: {
      submission: { ...first, dateModified: draft.dateModified },
      idempotency: { sub: subject.sub, key: `renormalize:${updateId}:${version}`, body },
      reply: JSON.stringify({ updateId, version }),
      draft,
      expectedVersion: accepted.version,
    },
  }
}

/** The update, or why there is none. */
function tryToNormalize(submission: Revision): Update | string {
  try {
    const { update, held } = normalizeUpdate(submission)
    return held === undefined ? update : `it would be held: ${held.reason}`
  } catch (error) {
    if (error instanceof StepFailure) return error.message
    throw error
  }
}

function changesBetween(before: Update, after: Update): FieldChange[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof Update)[])
  return [...fields]
    .filter(field => !OF_EVERY_REVISION.includes(field) && !isDeepStrictEqual(before[field], after[field]))
    .map(field => ({ field, before: before[field], after: after[field] }))
}
