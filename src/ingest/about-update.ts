import { randomUUID } from 'node:crypto'
import type { AcceptedUpdate } from '../feed/accepted-drafts.ts'
import { contextOf, type EventNow } from '../feed/event-now.ts'
import type { Subject } from '../foundation/tokens.ts'
import type { WriteRequest } from './write-request.ts'

/** The submission without its kind. Its id comes first: the scripts look for it there. */
export function about(
  {
    eventId,
    requestId,
    subject,
  }: Pick<WriteRequest, 'eventId' | 'requestId'> & { subject: Pick<Subject, 'sub' | 'name'> },
  eventNow: EventNow,
  updateId: string,
  accepted: AcceptedUpdate,
  now: Date,
) {
  return {
    submissionId: randomUUID(),
    eventId,
    acceptedAt: now.toISOString(),
    requestId,
    subject: { sub: subject.sub, name: subject.name },
    updateId,
    version: accepted.version,
    ...contextOf(eventNow),
    draft: accepted.draft,
    datePublished: accepted.datePublished,
    dateModified: accepted.dateModified,
    corrections: accepted.corrections,
  }
}
