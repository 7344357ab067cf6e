import { randomUUID } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import { acceptRefusal, eventClosed, keyReused } from '../feed/accept-refusal.ts'
import type { Acceptor, Before, IdempotencyScope } from '../feed/accept-submission.ts'
import type { AuditEntry } from '../feed/audit-trail.ts'
import type { DeadLetters } from '../feed/dead-letters.ts'
import type { DraftReader } from '../feed/draft-reader.ts'
import { planRetry, retryFields } from '../feed/plan-retry.ts'
import type { SubmissionPlace, SubmissionReader } from '../feed/submission-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { Logger } from '../foundation/logger.ts'
import type { DeadLetterRetry, Retried } from '../protocol/ops.ts'
import type { SubmissionQueue } from '../queue/submission-queue.ts'

export interface RetryNeeds {
  readonly deadLetters: DeadLetters
  readonly submissions: SubmissionReader
  readonly drafts: DraftReader
  readonly acceptor: Acceptor
  readonly queue: Pick<SubmissionQueue, 'add'>
  readonly log: Logger
}

export interface RetryRequest {
  readonly eventId: string
  readonly acceptNumber: number
  readonly edit: DeadLetterRetry['draft']
  readonly ifMatch: string | undefined
  readonly idempotency: IdempotencyScope
  readonly by: AuditEntry['by']
  readonly requestId: string
}

/**
 * Accepts a dead letter anew, edited where that is asked for: a new accept number, the same update. Of several who do so
 * at the same time one is first. Throws not-dead, submission-not-found, and the refusals of planRetry and of accepting.
 */
export async function retryDeadLetter(
  needs: RetryNeeds,
  request: RetryRequest,
): Promise<Retried & { replayed: boolean }> {
  const { deadLetters, submissions, drafts, acceptor, queue, log } = needs
  const { eventId, acceptNumber, idempotency, requestId, by, edit } = request
  const place = await submissions.find(eventId, acceptNumber)
  if (place === undefined) throw new Refusal('submission-not-found', `There is no submission ${acceptNumber}.`)
  const found = await deadLetters.find(eventId, acceptNumber)
  const shelved = found?.shelved
  const updateId = place.updateId ?? found?.told.updateId ?? edit?.updateId ?? uuidv7()
  const about = { shelved: shelved ?? NOTHING, updateId }
  const before = await acceptor.before(eventId, idempotency, retryFields(about))
  if (before.answered !== undefined) return readReplayed(before.answered, eventId, acceptNumber)
  if (shelved === undefined) throw await notDeadNow(needs, request, place)
  if (before.isStored) throw eventClosed('stored')

  const now = new Date()
  const desk = shelved.submission === undefined ? await drafts.update(eventId, updateId) : undefined
  const publishedVersion = desk?.published?.update.version ?? 0
  const retry = { ...request, ...about, shelved, publishedVersion }
  const planned = await saidFirst(needs, request, place, () => planRetry(retry, before.drafts, randomUUID(), now))
  const { submission } = planned
  const takesOff = { shelf: 'dead', acceptNumber, submissionId: shelved.submission?.submissionId, by } as const
  const reply = submission.kind === 'event' ? {} : { updateId: submission.updateId }
  const answer = await acceptor.accept({ ...planned, takesOff, idempotency, reply: JSON.stringify(reply) }, now)
  if (answer.result === 'replayed') return readReplayed(answer, eventId, acceptNumber)
  if (answer.result === 'off-shelf') throw await notDeadNow(needs, request, place)
  if (answer.result !== 'accepted') throw acceptRefusal(answer, eventId, 'dead')
  const { acceptNumber: newNumber } = answer
  queue.add({ acceptNumber: newNumber, submission }).catch((err: unknown) => {
    log.warn({ err, requestId, eventId, acceptNumber: newNumber }, 'job was not added; the sweeper will')
  })
  const ids = { requestId, eventId, acceptNumber, newAcceptNumber: newNumber, ...reply, sub: by.sub }
  log.info({ ...ids, edited: edit !== undefined }, 'dead letter was accepted anew')
  return { ...retried(eventId, acceptNumber, newNumber, reply.updateId), replayed: false }
}

/** Somebody else was first in between: that says more than what it led to. */
async function saidFirst<T>(
  needs: RetryNeeds,
  request: RetryRequest,
  place: SubmissionPlace,
  plan: () => T,
): Promise<T> {
  try {
    return plan()
  } catch (error) {
    const { eventId, acceptNumber } = request
    const isDead = (await needs.deadLetters.find(eventId, acceptNumber)) !== undefined
    throw isDead ? error : await notDeadNow(needs, request, place)
  }
}

async function notDeadNow(
  { submissions }: RetryNeeds,
  { eventId, acceptNumber }: RetryRequest,
  place: SubmissionPlace,
) {
  return notDead(acceptNumber, (await submissions.find(eventId, acceptNumber)) ?? place)
}

/** For an address whose letter is gone: only a repeat is answered, which asks for no drafts. */
const NOTHING = {
  acceptNumber: 0,
  reason: { step: '', error: '', attempts: 0, at: '' },
  text: '',
  submission: undefined,
}

export function notDead(acceptNumber: number, { state, retriedAs }: SubmissionPlace): Refusal {
  const as = retriedAs === undefined ? '' : `, as ${retriedAs}`
  return new Refusal('not-dead', `Submission ${acceptNumber} is no dead letter: it is ${state}${as}.`, {
    extra: { state, ...(retriedAs === undefined ? {} : { retriedAs }) },
  })
}

function readReplayed(answered: NonNullable<Before['answered']>, eventId: string, acceptNumber: number) {
  if (answered.result === 'key-reused') throw keyReused()
  const { updateId } = JSON.parse(answered.reply) as { updateId?: string }
  return { ...retried(eventId, acceptNumber, answered.acceptNumber, updateId), replayed: true }
}

function retried(eventId: string, from: number, acceptNumber: number, updateId: string | undefined): Retried {
  const event = `/v1/events/${eventId}`
  const about = updateId === undefined ? { event } : { update: `${event}/updates/${updateId}` }
  return {
    ...{ acceptNumber, ...(updateId === undefined ? {} : { updateId }), retriedFrom: from, state: 'accepted' },
    links: { ...about, submission: `${event}/submissions/${acceptNumber}` },
  }
}
