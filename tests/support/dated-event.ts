import { expect } from 'vitest'
import type { Store } from '../../src/main/open-store.ts'
import { acceptRequest, aFingerprint, anEvent, eventSubmission, updateOf, updateSubmission } from './build.ts'

/**
 * An event whose entries were committed at these moments: its creation at the first, then an update at each. It goes through
 * accept.lua and commit.lua as all do, with another clock.
 */
export async function commitDatedEvent(
  { acceptor, committer, redis, keys }: Pick<Store, 'acceptor' | 'committer' | 'redis' | 'keys'>,
  eventId: string,
  moments: readonly Date[],
): Promise<void> {
  const [first = new Date(), ...later] = moments
  await redis.zadd(keys.index, first.getTime(), eventId)
  const created = eventSubmission(anEvent(eventId, first), first)
  await acceptor.accept(acceptRequest(created), first)
  const ref = { eventId, acceptNumber: 1, submissionId: created.submissionId, sub: 'anna' }
  await committer.commit(ref, { kind: 'event', event: created.event }, first)
  for (const [i, now] of later.entries()) {
    const acceptNumber = i + 2
    const draft = { body: `Update ${acceptNumber}.`, bodyFormat: 'text' as const }
    const submission = updateSubmission({ eventId, draft }, now)
    const answer = await acceptor.accept(acceptRequest(submission), now)
    expect(answer).toEqual({ result: 'accepted', acceptNumber })
    const { submissionId, updateId } = submission
    const own = { eventId, acceptNumber, submissionId, updateId, sub: 'anna' }
    const desk = { raw: submission.draft, normalization: [] }
    const words = { update: updateOf(submission), desk, fingerprint: aFingerprint(submission) }
    await committer.commit(own, { kind: 'publish', ...words }, now)
  }
}
