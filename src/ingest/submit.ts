import type { Response } from 'express'
import { acceptRefusal, eventClosed, keyReused } from '../feed/accept-refusal.ts'
import type { Acceptor, AcceptRequest, Before } from '../feed/accept-submission.ts'
import type { Announcements } from '../feed/announcements.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import { type EndingWatch, watchEndings } from '../feed/submission-endings.ts'
import type { SubmissionReader } from '../feed/submission-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import type { TakeRequest } from '../foundation/http/limit-requests.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import type { Tracing } from '../foundation/tracing.ts'
import type { Receipt } from '../protocol/submission.ts'
import type { SubmissionQueue } from '../queue/submission-queue.ts'
import type { WriteRequest } from './write-request.ts'

export interface SubmitNeeds {
  readonly acceptor: Acceptor
  readonly queue: Pick<SubmissionQueue, 'add'>
  readonly announcements: Announcements
  readonly submissions: SubmissionReader
  readonly reader: FeedReader
  readonly durability: Receipt['durability']
  /** How often somebody may write. */
  readonly takePost: TakeRequest
  readonly tokens: Pick<Tokens, 'holds'>
  readonly tracing: Tracing
  readonly log: Logger
}

export type Submit = ReturnType<typeof createSubmit>

/** What an accepted submission is about, as its 202 tells. Kept with the Idempotency-Key. */
interface Reply {
  readonly updateId?: string
  readonly version?: number
}

/** The one way of every submission: accept it, hand it to the workers, answer, and wait for its end where asked. */
export function createSubmit(needs: SubmitNeeds) {
  const { acceptor, queue, takePost, tracing, log } = needs

  /**
   * `plan` turns what was last accepted into the submission; it is not asked when the key was answered before.
   * `done` is the status when the end was waited for and came.
   */
  return async function submit(
    write: WriteRequest,
    res: Response,
    fields: readonly string[],
    plan: (
      drafts: Before['drafts'],
      now: Date,
    ) => { request: Omit<AcceptRequest, 'reply' | 'idempotency'>; reply: Reply },
    done: 200 | 201,
  ): Promise<void> {
    const watch = write.waitMs > 0 ? await watchEndings(needs, write.eventId) : undefined
    try {
      const { acceptNumber, reply, replayed } = await acceptOnce(write, res, fields, plan)
      if (replayed) res.set('Idempotency-Replayed', 'true')
      const accepted = { acceptNumber, reply, replayed }
      if (watch !== undefined && (await answerEnding(needs, write, res, watch, accepted, done))) return
      answerReceipt(res, write.eventId, acceptNumber, reply, needs.durability)
    } finally {
      watch?.stop()
    }
  }

  async function acceptOnce(
    write: WriteRequest,
    res: Response,
    fields: readonly string[],
    plan: Parameters<Submit>[3],
  ) {
    const { eventId, requestId, scope, subject } = write
    const now = new Date()
    // Both in one go: being counted costs a write no round trip.
    const [before] = await Promise.all([acceptor.before(eventId, scope, fields), takePost(subject.sub, res)])
    if (before.answered !== undefined) return readReplayed(before.answered)
    if (before.isStored) throw eventClosed('stored')
    const { request, reply } = plan(before.drafts, now)
    const attributes = { 'dateline.event_id': eventId, 'dateline.request_id': requestId }
    const answer = await tracing.span('accept', attributes, async add => {
      const answered = await acceptor.accept({ ...request, idempotency: scope, reply: JSON.stringify(reply) }, now)
      add({ 'dateline.result': answered.result })
      if (answered.result === 'accepted') add({ 'dateline.accept_number': answered.acceptNumber })
      return answered
    })
    if (answer.result === 'replayed') return readReplayed(answer)
    if (answer.result !== 'accepted') throw acceptRefusal(answer, eventId, request.takesOff?.shelf)
    const { submission } = request
    const { acceptNumber } = answer
    queue.add({ acceptNumber, submission }).catch((err: unknown) => {
      log.warn({ err, requestId, eventId, acceptNumber }, 'job was not added; the sweeper will')
    })
    log.info({ requestId, eventId, acceptNumber, ...reply, kind: submission.kind }, 'submission accepted')
    return { acceptNumber, reply, replayed: false }
  }
}

export function readReplayed(answered: NonNullable<Before['answered']>) {
  if (answered.result === 'key-reused') throw keyReused()
  return { acceptNumber: answered.acceptNumber, reply: JSON.parse(answered.reply) as Reply, replayed: true }
}

/** 201 or 200 with what stands now, once the submission has ended; false when it has not in time, or its token holds no more. */
async function answerEnding(
  needs: SubmitNeeds,
  write: WriteRequest,
  res: Response,
  watch: EndingWatch,
  { acceptNumber, reply, replayed }: { acceptNumber: number; reply: Reply; replayed: boolean },
  done: 200 | 201,
): Promise<boolean> {
  const { submissions, reader, tokens } = needs
  const { eventId, waitMs } = write
  // A replayed one may have ended before the watch began.
  const standing = replayed ? await submissions.find(eventId, acceptNumber) : undefined
  const hasEnded = standing !== undefined && standing.state !== 'accepted'
  const place = hasEnded ? standing : await watch.placeOf(acceptNumber, waitMs)
  if (place === undefined || place.state === 'accepted' || !tokens.holds(write.subject)) return false
  if (place.problem !== undefined) {
    throw new Refusal('submission-failed', place.problem.detail ?? '', { extra: { acceptNumber, state: place.state } })
  }
  res.set('Preference-Applied', `wait=${waitMs / 1_000}`)
  const { updateId } = reply
  const json =
    updateId === undefined ? JSON.stringify(await reader.event(eventId)) : await reader.update(eventId, updateId)
  if (json === undefined) return false
  const { version } = JSON.parse(json) as { version: number }
  if (updateId !== undefined) res.location(`/v1/events/${eventId}/updates/${updateId}`)
  res.status(done).set('ETag', `"${version}"`).type('json').send(json)
  return true
}

function answerReceipt(
  res: Response,
  eventId: string,
  acceptNumber: number,
  reply: Reply,
  durability: Receipt['durability'],
): void {
  const event = `/v1/events/${eventId}`
  const submission = `${event}/submissions/${acceptNumber}`
  const about = reply.updateId === undefined ? { event } : { update: `${event}/updates/${reply.updateId}` }
  const receipt: Receipt = { ...reply, acceptNumber, state: 'accepted', durability, links: { ...about, submission } }
  res.status(202).location(submission).json(receipt)
}
