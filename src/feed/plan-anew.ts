import type { Submission } from '../protocol/submission.ts'
import type { AcceptRequest } from './accept-submission.ts'
import type { AcceptedEvent, AcceptedUpdate } from './accepted-drafts.ts'
import type { UpdateDesk } from './draft-reader.ts'

type UpdateSubmission = Exclude<Submission, { kind: 'event' }>

/** What the acceptor is asked for, but for the key under which it is asked. */
export type AnewRequest = Omit<AcceptRequest, 'idempotency' | 'reply'>

/**
 * Pure: how a submission about an update is accepted a second time, above the version that stands. The update keeps its
 * id, its dates and whose it is.
 */
export function updateAnew(
  before: UpdateSubmission,
  standing: AcceptedUpdate | undefined,
  submissionId: string,
): AnewRequest & { readonly submission: UpdateSubmission } {
  const expectedVersion = standing?.version ?? 0
  const version = Math.max(expectedVersion + 1, before.version)
  // Something of the update may be published by now. Whether this is its first, commit.lua sees.
  const kind = before.kind === 'publish' && expectedVersion > 0 ? 'revise' : before.kind
  const submission = { ...before, kind, submissionId, version } as UpdateSubmission
  const { subject, draft, datePublished, dateModified, corrections } = before
  const sub = standing?.sub ?? subject.sub
  const retracted = before.kind === 'retract'
  return {
    submission,
    draft: { version, sub, draft, datePublished, dateModified, corrections, retracted },
    expectedVersion,
  }
}

/** Pure: the same of a change of the event. One that was lost altogether, creation and all, begins at `epoch`. */
export function eventAnew(
  before: Extract<Submission, { kind: 'event' }>,
  standing: AcceptedEvent | undefined,
  submissionId: string,
  epoch: string,
): AnewRequest {
  const expectedVersion = standing?.version ?? 0
  const version = Math.max(expectedVersion + 1, before.event.version)
  const event = { ...before.event, version }
  const hasBegun = event.status !== 'scheduled' || standing?.hasBegun === true
  return {
    submission: { ...before, submissionId, event },
    draft: { version, event, hasBegun },
    expectedVersion,
    eventStatus: event.status,
    ...(standing === undefined ? { newEpoch: epoch } : {}),
  }
}

/**
 * Pure: what revisions are merged with once a held revision is discarded: what was typed for the text that readers see,
 * at a version above the discarded one. Undefined where something was accepted after it, or nothing is published: then
 * the last draft stays, for its author to mend.
 */
export function draftWithout(version: number, { accepted, published }: UpdateDesk): AcceptedUpdate | undefined {
  if (accepted === undefined || accepted.version !== version || published?.raw === undefined) return undefined
  const { dateModified, corrections } = published.update
  return { ...accepted, version: version + 1, draft: published.raw, dateModified, corrections }
}
