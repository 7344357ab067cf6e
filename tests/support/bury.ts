import { expect } from 'vitest'
import type { Store } from '../../src/main/open-store.ts'
import type { Submission } from '../../src/protocol/submission.ts'
import { acceptRequest, updateSubmission } from './build.ts'

type UpdateSubmission = Exclude<Submission, { kind: 'event' }>

export const carl = { sub: 'carl', name: 'Carl Contributor' }

/** Accepts a submission and ends it dead, as a worker does whose step breaks. */
export async function bury(
  { acceptor, committer }: Pick<Store, 'acceptor' | 'committer'>,
  eventId: string,
  about: Partial<UpdateSubmission> = {},
) {
  const now = new Date()
  const submission = updateSubmission({ eventId, subject: carl, ...about }, now)
  const accepted = await acceptor.accept(acceptRequest(submission), now)
  if (accepted.result !== 'accepted') throw new Error(accepted.result)
  const { acceptNumber } = accepted
  const { submissionId, updateId } = submission
  const reason = { step: 'links', error: 'It broke.', attempts: 1, at: now.toISOString() }
  const ref = { eventId, acceptNumber, submissionId, updateId, sub: carl.sub }
  const { verdict } = await committer.commit(ref, { kind: 'dead', reason }, now)
  expect(verdict).toBe('dead')
  return { acceptNumber, updateId, submission }
}
