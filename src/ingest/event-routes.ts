import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { keyReused } from '../feed/accept-refusal.ts'
import type { Acceptor } from '../feed/accept-submission.ts'
import { AcceptedEvent, AcceptedUpdate, readAccepted } from '../feed/accepted-drafts.ts'
import type { Committer } from '../feed/commit-outcome.ts'
import type { EventIndex } from '../feed/event-index.ts'
import { newEpoch } from '../feed/new-epoch.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import { idempotencyScope } from '../foundation/http/idempotency-scope.ts'
import { matchedVersion, versionMismatch } from '../foundation/http/if-match.ts'
import type { TakeRequest } from '../foundation/http/limit-requests.ts'
import { requestIdOf } from '../foundation/http/request-id.ts'
import type { Logger } from '../foundation/logger.ts'
import { hasRole, reaches, type Tokens } from '../foundation/tokens.ts'
import { EventDraft, EventPatch } from '../protocol/event.ts'
import { changedEvent, firstAccepted, newEvent } from './plan-event.ts'
import type { Submit } from './submit.ts'
import { readWrite } from './write-request.ts'

export interface PostEventNeeds {
  readonly tokens: Tokens
  readonly acceptor: Acceptor
  readonly committer: Pick<Committer, 'commit'>
  readonly index: Pick<EventIndex, 'register'>
  readonly takePost: TakeRequest
  readonly log: Logger
}

/**
 * POST /v1/events. The event's creation is accept number 1 and seq 1 of its feed; it needs no normalizing, so it is
 * committed here and now, and the event can be read when the 201 is there. A crash in between is mended by the sweeper.
 */
export function postEvent({ tokens, acceptor, committer, index, takePost, log }: PostEventNeeds): RequestHandler {
  return async (req, res) => {
    const subject = await someBearerOf(req, tokens)
    if (!hasRole(subject, 'editor')) throw new Refusal('not-allowed', 'This needs the role editor.')
    const draft = accept(EventDraft, req.body)
    const now = new Date()
    const scope = idempotencyScope(req, subject, draft)
    const planned = newEvent(draft, now, `event-${randomUUID().slice(0, 8)}`)
    if (!reaches(subject, planned.id)) throw new Refusal('not-allowed', 'This token is for other events.')
    await takePost(subject.sub, res)
    const eventId = await index.register(scope, planned.id, now)
    if (eventId === undefined) throw keyReused()

    const event = { ...planned, id: eventId }
    const requestId = requestIdOf(res)
    const submission = {
      ...{ submissionId: randomUUID(), kind: 'event' as const, eventId, acceptedAt: now.toISOString(), requestId },
      ...{ subject: { sub: subject.sub, name: subject.name }, event },
    }
    const answer = await acceptor.accept(
      {
        submission,
        idempotency: scope,
        reply: JSON.stringify(submission),
        draft: firstAccepted(event),
        expectedVersion: 0,
        eventStatus: event.status,
        newEpoch: newEpoch(),
      },
      now,
    )
    if (answer.result === 'key-reused') throw keyReused()
    if (answer.result !== 'accepted' && answer.result !== 'replayed') {
      throw new Refusal('event-exists', `There is an event ${eventId} already. Choose another id.`)
    }
    const replayed = answer.result === 'replayed'
    const first = replayed ? (JSON.parse(answer.reply) as typeof submission) : submission
    const { submissionId } = first
    const ref = { eventId, acceptNumber: answer.acceptNumber, submissionId, sub: subject.sub }
    await committer.commit(ref, { kind: 'event', event: first.event }, now)
    if (replayed) res.set('Idempotency-Replayed', 'true')
    else log.info({ requestId, eventId }, 'event created')
    res.status(201).location(`/v1/events/${eventId}`).set('ETag', `"${first.event.version}"`).json(first.event)
  }
}

/** PATCH /v1/events/:eventId: headline, status, pin, summary points ... */
export function patchEvent({ tokens, submit }: { tokens: Tokens; submit: Submit }): RequestHandler {
  return async (req, res) => {
    const write = await readWrite(req, res, tokens, EventPatch, 'editor')
    const patch = write.body
    const pinned = patch.pinnedUpdateId ?? undefined
    const plan = (drafts: readonly (string | null)[], now: Date) => {
      const current = readAccepted(AcceptedEvent, drafts[0])
      if (current === undefined) throw new Refusal('event-not-found', `There is no event ${write.eventId}.`)
      const seen = matchedVersion(write.ifMatch, current.version)
      if (seen !== current.version) throw versionMismatch(current.version)
      if (pinned !== undefined) refuseUnpinnable(readAccepted(AcceptedUpdate, drafts[1]))
      const accepted = changedEvent(current, patch, now)
      const { event } = accepted
      const { eventId, requestId, subject } = write
      const submission = {
        ...{ submissionId: randomUUID(), kind: 'event' as const, eventId, acceptedAt: now.toISOString(), requestId },
        ...{ subject: { sub: subject.sub, name: subject.name }, event },
      }
      return {
        request: {
          submission,
          draft: accepted,
          expectedVersion: current.version,
          eventStatus: event.status,
        },
        reply: { version: event.version },
      }
    }
    await submit(write, res, pinned === undefined ? ['event'] : ['event', pinned], plan, 200)
  }
}

function refuseUnpinnable(update: AcceptedUpdate | undefined): void {
  if (update === undefined) throw new Refusal('update-not-found', 'There is no such update in this event to pin.')
  if (update.retracted) throw new Refusal('update-retracted', 'A retracted update cannot be pinned.')
}
