import { z } from 'zod'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { matchedVersion, versionMismatch } from '../foundation/http/if-match.ts'
import { mergePatch } from '../foundation/merge-patch.ts'
import { DEFAULT_SETTINGS } from '../protocol/normalization.ts'
import type { DeadLetterRetry } from '../protocol/ops.ts'
import type { Submission } from '../protocol/submission.ts'
import { DraftContent } from '../protocol/update.ts'
import type { IdempotencyScope } from './accept-submission.ts'
import { AcceptedEvent, AcceptedUpdate, readAccepted } from './accepted-drafts.ts'
import type { AuditEntry } from './audit-trail.ts'
import { contextOf, EVENT_FIELDS, eventOf } from './event-now.ts'
import { type AnewRequest, eventAnew, updateAnew } from './plan-anew.ts'
import { salvage } from './salvage.ts'
import type { Shelved } from './shelf.ts'

type UpdateSubmission = Exclude<Submission, { kind: 'event' }>
type Edit = DeadLetterRetry['draft']

/** A dead letter that is to be tried again, and by whom. */
export interface Retry {
  readonly eventId: string
  readonly shelved: Shelved
  /** The update that it is about: as it says itself, or as far as that is lost, as the caller says. */
  readonly updateId: string
  readonly edit: Edit
  readonly ifMatch: string | undefined
  readonly by: AuditEntry['by']
  readonly requestId: string
  readonly idempotency: IdempotencyScope
  /** The version of the update that readers see; 0 when they see none. */
  readonly publishedVersion: number
}

/** The drafts that planRetry takes, in this order. */
export const retryFields = ({ shelved, updateId }: Pick<Retry, 'shelved' | 'updateId'>) => [
  shelved.submission?.kind === 'event' ? 'event' : updateId,
  ...EVENT_FIELDS,
]

/**
 * Pure: how a dead letter is accepted anew, read with the event as it is now: what was mended there counts. Its update
 * keeps its id, its dates and whose it is. What was accepted of the update after it would be lost under it, so that must
 * be named by If-Match.
 * Throws version-mismatch, update-retracted, event-not-found, draft-needed, and invalid-request for an edit that does
 * not fit.
 */
export function planRetry(
  retry: Retry,
  [own = null, ...eventDrafts]: readonly (string | null)[],
  submissionId: string,
  now: Date,
): AnewRequest {
  const { submission } = retry.shelved
  const { eventId } = retry
  const eventNow = eventOf({ eventId }, eventDrafts)
  // A damaged one may name another event: it was accepted by this one.
  const renewed = { eventId, acceptedAt: now.toISOString(), requestId: retry.requestId }
  if (submission?.kind === 'event') {
    refuseEdit(retry.edit)
    if (submission.event.id !== eventId) throw new Refusal('draft-needed', 'It is a change of another event.')
    const standing = readAccepted(AcceptedEvent, own)
    refuseOther(retry, standing?.version ?? 0, submission.event.version)
    return eventAnew({ ...submission, ...renewed }, standing, submissionId, '')
  }
  const standing = readAccepted(AcceptedUpdate, own)
  const before = submission === undefined ? rebuilt(retry, standing, now) : edited(retry, submission, now)
  const isOwnRetraction = before.kind === 'retract' && standing?.version === before.version
  if (standing?.retracted === true && !isOwnRetraction) {
    throw new Refusal('update-retracted', 'The update was retracted meanwhile.')
  }
  refuseOther(retry, standing?.version ?? 0, before.version)
  return updateAnew({ ...before, ...renewed, ...contextOf(eventNow) }, standing, submissionId)
}

/** What is accepted now must be what the letter left there, or be named. */
function refuseOther({ ifMatch }: Retry, versionNow: number, own: number): void {
  // Drafts may be lost as well: then there is nothing to go over.
  const unasked = versionNow === 0 ? 0 : own
  const seen = ifMatch === undefined ? unasked : matchedVersion(ifMatch, versionNow)
  if (seen !== versionNow) throw versionMismatch(versionNow)
}

function edited({ edit }: Retry, submission: UpdateSubmission, now: Date): UpdateSubmission {
  if (edit === undefined) return submission
  if (submission.kind === 'retract') refuseEdit(edit)
  const { updateId, ...patch } = edit
  if (updateId !== undefined && updateId !== submission.updateId) {
    throw invalid('#/draft/updateId', `It is about the update ${submission.updateId}.`)
  }
  const { draft } = accept(Edited, { draft: mergePatch(submission.draft, patch) })
  return { ...submission, draft, dateModified: now.toISOString() }
}

/** So that faults are told where the caller sent them. */
const Edited = z.object({ draft: DraftContent })

/** A letter whose own text cannot be read: made of what was last accepted of its update, and of what is sent now. */
function rebuilt(
  { eventId, shelved, updateId, edit, by, publishedVersion }: Retry,
  standing: AcceptedUpdate | undefined,
  now: Date,
): UpdateSubmission {
  const { updateId: _, ...patch } = edit ?? {}
  if (standing === undefined && edit === undefined) {
    throw new Refusal('draft-needed', 'Nothing that can be read is left of it. Send its text as `draft`.')
  }
  const at = now.toISOString()
  const { datePublished = at, corrections = [] } = standing ?? {}
  return {
    kind: publishedVersion > 0 ? 'revise' : 'publish',
    ...{ submissionId: '', eventId, acceptedAt: at, requestId: '', timeZone: '', inLanguage: '' },
    subject: salvage(shelved.text).subject ?? { sub: standing?.sub ?? by.sub, name: by.name },
    updateId,
    // Of several that were accepted nobody can say which it was; what is published already, it is not.
    version: Math.max(standing?.version ?? 0, publishedVersion + 1),
    ...accept(Edited, { draft: mergePatch(standing?.draft ?? {}, patch) }),
    ...{ datePublished, dateModified: at, corrections: [...corrections] },
    settings: DEFAULT_SETTINGS,
  }
}

function refuseEdit(edit: Edit): void {
  if (edit !== undefined) throw invalid('#/draft', 'Only words and media of an update can be edited.')
}

function invalid(pointer: string, detail: string): Refusal {
  return new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer, detail }] } })
}
