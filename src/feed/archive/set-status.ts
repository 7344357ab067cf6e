import { randomUUID } from 'node:crypto'
import { Refusal } from '../../foundation/errors.ts'
import type { EventStatus } from '../../protocol/event.ts'
import type { Acceptor } from '../accept-submission.ts'
import { AcceptedEvent, readAccepted } from '../accepted-drafts.ts'
import type { AuditEntry } from '../audit-trail.ts'
import type { Committer } from '../commit-outcome.ts'

export interface SetStatusNeeds {
  readonly acceptor: Pick<Acceptor, 'accept' | 'before'>
  readonly committer: Pick<Committer, 'commit'>
}

export interface SetStatus {
  readonly eventId: string
  /** The statuses that it may have now. */
  readonly from: readonly EventStatus[]
  readonly to: EventStatus
  readonly by: AuditEntry['by']
  readonly requestId: string
}

/**
 * Gives an event another status, as an editor would: an entry in its feed, which every reader gets. It needs no normalizing, so
 * it is committed here and now; where somebody is before it, the workers do. Nothing happens when it has the status already.
 * Throws event-not-found, and event-open for a status that is not in `from`.
 */
export async function setStatus(needs: SetStatusNeeds, change: SetStatus, now: Date): Promise<void> {
  const { acceptor, committer } = needs
  const { eventId, from, to, by, requestId } = change
  const submissionId = randomUUID()
  const idempotency = { sub: by.sub, key: `status:${submissionId}`, body: to }
  const { drafts } = await acceptor.before(eventId, idempotency, ['event'])
  const standing = readAccepted(AcceptedEvent, drafts[0])
  if (standing === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  const { status } = standing.event
  if (status === to) return
  if (!from.includes(status)) throw new Refusal('event-open', `The event ${eventId} is ${status}. End it first.`)
  const version = standing.version + 1
  const acceptedAt = now.toISOString()
  const event = { ...standing.event, status: to, version, dateModified: acceptedAt }
  const answer = await acceptor.accept(
    {
      submission: { submissionId, kind: 'event', eventId, acceptedAt, requestId, subject: by, event },
      idempotency,
      reply: '{}',
      draft: { ...standing, version, event },
      expectedVersion: standing.version,
      eventStatus: to,
    },
    now,
  )
  if (answer.result !== 'accepted')
    throw new Refusal('unavailable', `The event ${eventId} is being changed. Try again.`)
  const { acceptNumber } = answer
  await committer.commit({ eventId, acceptNumber, submissionId, sub: by.sub }, { kind: 'event', event }, now)
}
