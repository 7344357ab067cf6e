import { randomUUID } from 'node:crypto'
import { AcceptedEvent, AcceptedSettings, type AcceptedUpdate, readAccepted } from '../feed/accepted-drafts.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Subject } from '../foundation/tokens.ts'
import type { Event } from '../protocol/event.ts'
import { DEFAULT_SETTINGS, type NormalizationSettings } from '../protocol/normalization.ts'
import type { WriteRequest } from './write-request.ts'

/** The fields of `drafts` that every submission about an update is made with. */
export const EVENT_FIELDS = ['event', 'normalization'] as const

/** The event as last accepted, and how its updates are cleaned. */
export interface EventNow {
  readonly event: Event
  readonly settings: NormalizationSettings
}

/** Throws event-not-found. */
export function eventOf(
  { eventId }: Pick<WriteRequest, 'eventId'>,
  [event, settings]: readonly (string | null)[],
): EventNow {
  const accepted = readAccepted(AcceptedEvent, event)
  if (accepted === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  return { event: accepted.event, settings: readAccepted(AcceptedSettings, settings)?.settings ?? DEFAULT_SETTINGS }
}

/** The submission without its kind. Its id comes first: the scripts look for it there. */
export function about(
  {
    eventId,
    requestId,
    subject,
  }: Pick<WriteRequest, 'eventId' | 'requestId'> & { subject: Pick<Subject, 'sub' | 'name'> },
  { event, settings }: EventNow,
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
    timeZone: event.timeZone,
    inLanguage: event.inLanguage,
    coverageStartTime: event.coverageStartTime,
    settings,
    draft: accepted.draft,
    datePublished: accepted.datePublished,
    dateModified: accepted.dateModified,
    corrections: accepted.corrections,
  }
}
