import { randomUUID } from 'node:crypto'
import type { Acceptor } from '../src/feed/accept-submission.ts'
import { AcceptedEvent, AcceptedUpdate, readAccepted } from '../src/feed/accepted-drafts.ts'
import type { DeadLetters } from '../src/feed/dead-letters.ts'
import { newEpoch } from '../src/feed/new-epoch.ts'
import { type AnewRequest, eventAnew, updateAnew } from '../src/feed/plan-anew.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { Submission } from '../src/protocol/submission.ts'
import type { SubmissionQueue } from '../src/queue/submission-queue.ts'

export interface AcceptAnewNeeds {
  readonly acceptor: Acceptor
  readonly deadLetters: Pick<DeadLetters, 'isEmpty'>
  readonly queue: Pick<SubmissionQueue, 'add'>
  readonly log: Logger
}

/** Redis answered, and has no place for it. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken'
}

/**
 * Accepts a submission again whose accept number is not its own any more: Redis lost its newest writes (a failover, a
 * restore) and gave the number to another. It gets a new number, and a version above what stands now; its update keeps
 * its id. Where its outbox record was destroyed and buried as an empty dead letter, that was it: it
 * leaves there. Doing it twice is doing it once.
 */
export async function acceptAnew(
  needs: AcceptAnewNeeds,
  lostNumber: number,
  lost: Submission,
  now: Date,
): Promise<void> {
  const { acceptor, deadLetters, queue, log } = needs
  const { eventId } = lost
  const field = lost.kind === 'event' ? 'event' : lost.updateId
  const idempotency = { sub: 'dateline', key: `anew:${lost.submissionId}`, body: lost.submissionId }
  const { answered, drafts } = await acceptor.before(eventId, idempotency, [field])
  if (answered !== undefined) return

  const request = anew(lost, drafts[0])
  const { submission } = request
  // A submission that was accepted while the event was open has its place in it, also now that it is closed.
  const takesOff = (await deadLetters.isEmpty(eventId, lostNumber))
    ? { takesOff: { shelf: 'dead' as const, acceptNumber: lostNumber, by: DATELINE } }
    : {}
  const answer = await acceptor.accept({ ...request, ...takesOff, wasAccepted: true, idempotency, reply: '{}' }, now)
  if (answer.result === 'accepted') {
    await queue.add({ acceptNumber: answer.acceptNumber, submission })
    log.warn({ requestId: lost.requestId, eventId, acceptNumber: answer.acceptNumber }, 'submission was accepted anew')
    return
  }
  if (answer.result === 'replayed') return
  // Throwing tries the job again, and in the end keeps the submission as a stray rather than nowhere.
  throw new NotTaken(`submission ${lost.submissionId} could not be accepted anew: ${answer.result}`)
}

const DATELINE = { sub: 'dateline', name: 'Dateline' }

function anew(lost: Submission, standing: string | null | undefined): AnewRequest {
  if (lost.kind === 'event') return eventAnew(lost, readAccepted(AcceptedEvent, standing), randomUUID(), newEpoch())
  return updateAnew(lost, readAccepted(AcceptedUpdate, standing), randomUUID())
}
