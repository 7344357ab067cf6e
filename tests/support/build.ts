import { randomUUID } from 'node:crypto'
import type { AcceptRequest } from '../../src/feed/accept-submission.ts'
import type { RecentUpdate } from '../../src/feed/recent-updates.ts'
import { newEvent } from '../../src/ingest/plan-event.ts'
import { type Event, EventDraft } from '../../src/protocol/event.ts'
import { DEFAULT_SETTINGS } from '../../src/protocol/normalization.ts'
import type { Submission } from '../../src/protocol/submission.ts'
import type { Update } from '../../src/protocol/update.ts'

export const NOON = new Date('2026-11-24T12:00:00.000Z')

type AboutUpdate = Exclude<Submission, { kind: 'event' }>

export function anEvent(id = 'talks', now = NOON): Event {
  return newEvent(EventDraft.parse({ id, headline: 'Talks in the capital' }), now, 'event')
}

const common = (now: Date) => ({
  submissionId: randomUUID(),
  acceptedAt: now.toISOString(),
  requestId: 'test',
  subject: { sub: 'anna', name: 'Anna' },
})

export function eventSubmission(event: Event, now = NOON): Extract<Submission, { kind: 'event' }> {
  return { ...common(now), kind: 'event', eventId: event.id, event }
}

export function updateSubmission(
  about: Partial<AboutUpdate> & { kind?: AboutUpdate['kind'] } = {},
  now = NOON,
): AboutUpdate {
  const at = now.toISOString()
  const fields = {
    ...common(now),
    eventId: 'talks',
    updateId: randomUUID(),
    version: 1,
    timeZone: 'UTC',
    inLanguage: 'en',
    draft: { body: 'They shook hands.', bodyFormat: 'text' as const },
    datePublished: at,
    dateModified: at,
    corrections: [],
    settings: DEFAULT_SETTINGS,
  }
  return { kind: 'publish', ...fields, ...about } as AboutUpdate
}

/** An update as a worker would make it of a submission, without the cleaning. */
export function updateOf(submission: AboutUpdate, over: Partial<Update> = {}): Update {
  const text = submission.draft.body ?? ''
  return {
    id: submission.updateId,
    eventId: submission.eventId,
    version: submission.version,
    type: 'text',
    headline: text,
    bodyHtml: `<p>${text}</p>`,
    bodyText: text,
    datePublished: submission.datePublished,
    dateModified: submission.dateModified,
    happenedAt: submission.datePublished,
    sortTime: submission.datePublished,
    isKeyEvent: false,
    isBreaking: false,
    isSummary: false,
    authors: [{ name: submission.subject.name }],
    media: [],
    embeds: [],
    tags: [],
    inLanguage: submission.inLanguage,
    corrections: [],
    ...over,
  }
}

export function aFingerprint({ updateId, acceptedAt, subject }: AboutUpdate): RecentUpdate {
  return { updateId, fingerprint: '0123456789abcdef', acceptedAt, name: subject.name }
}

/** What ingest asks of the acceptor for this submission. */
export function acceptRequest(submission: Submission, key: string = randomUUID()): AcceptRequest {
  const idempotency = { key, sub: submission.subject.sub, body: JSON.stringify(submission) }
  if (submission.kind === 'event') {
    const { event } = submission
    return {
      submission,
      idempotency,
      reply: '{}',
      draft: { version: event.version, event, hasBegun: event.status !== 'scheduled' },
      expectedVersion: event.version - 1,
      eventStatus: event.status,
      ...(event.version === 1 ? { newEpoch: 'epoch1' } : {}),
    }
  }
  const { subject, version, draft, datePublished, dateModified, corrections } = submission
  const retracted = submission.kind === 'retract'
  return {
    submission,
    idempotency,
    reply: JSON.stringify({ updateId: submission.updateId }),
    draft: { version, sub: subject.sub, draft, datePublished, dateModified, corrections, retracted },
    expectedVersion: version - 1,
  }
}
