import { randomUUID } from 'node:crypto'
import type { Acceptor } from '../src/feed/accept-submission.ts'
import { AcceptedUpdate, readAccepted } from '../src/feed/accepted-drafts.ts'
import type { Committer } from '../src/feed/commit-outcome.ts'
import { updateAnew } from '../src/feed/plan-anew.ts'
import type { StrayRecord, Strays } from '../src/feed/strays.ts'
import type { Logger } from '../src/foundation/logger.ts'

export interface SweepStraysNeeds {
  readonly strays: Strays
  readonly acceptor: Acceptor
  readonly committer: Committer
  readonly log: Logger
}

const MOST_AT_A_TIME = 100

/** Makes strays dead letters of their event, once there is one: then ops can try them again. */
export async function sweepStrays(needs: SweepStraysNeeds, now: Date): Promise<void> {
  for (const stray of await needs.strays.some(MOST_AT_A_TIME)) await adopt(needs, stray, now)
}

/** Doing it twice is doing it once. */
async function adopt({ strays, acceptor, committer, log }: SweepStraysNeeds, stray: StrayRecord, now: Date) {
  const { id, submission: lost, reason } = stray
  if (lost === undefined || lost.kind === 'event') return
  const { eventId, updateId, subject } = lost
  const idempotency = { sub: 'dateline', key: `stray:${id}`, body: id }
  const { answered, drafts } = await acceptor.before(eventId, idempotency, [updateId])
  const standing = readAccepted(AcceptedUpdate, drafts[0])
  const planned = updateAnew(lost, standing, randomUUID())
  const request = {
    ...planned,
    // What was accepted of the update in the meantime stays what revisions are merged with.
    draft: standing ?? planned.draft,
    submission: { ...planned.submission, version: lost.version },
    wasAccepted: true as const,
  }
  const answer =
    answered ?? (await acceptor.accept({ ...request, idempotency, reply: request.submission.submissionId }, now))
  if (answer.result !== 'accepted' && answer.result !== 'replayed') return // it waits for its event
  const { acceptNumber } = answer
  const submissionId = answer.result === 'replayed' ? answer.reply : request.submission.submissionId
  const ref = { eventId, acceptNumber, submissionId, updateId, sub: subject.sub }
  await committer.commit(ref, { kind: 'dead', reason }, now)
  await strays.forget(id)
  log.warn({ eventId, acceptNumber, updateId, id }, 'stray became a dead letter of its event')
}
