import { expect, vi } from 'vitest'
import type { Update } from '../../src/protocol/update.ts'
import { acceptRequest, updateOf, updateSubmission } from './build.ts'
import { callsTo } from './http.ts'
import type { TestServer } from './server.ts'

/**
 * An event with everything that can happen to one: updates published, revised, retracted, pinned, late, dead, held and
 * discarded, key events, media, settings. Resolves when all of it has ended. The server needs a worker.
 */
export async function createFullEvent(
  server: TestServer,
  eventId: string,
): Promise<{ kept: Update; retracted: Update }> {
  const { call, createEvent, publish, change } = callsTo(server)
  await createEvent({ id: eventId, timeZone: 'Europe/Minsk' })
  const settings = { off: [], callsToAction: 'flag', blockedTerms: ['Jane Roe'] }
  await call('PUT', `/v1/events/${eventId}/normalization`, { body: settings, headers: { 'If-Match': '"0"' } })
  const media = [{ url: 'https://media.example/a.jpg', caption: 'Grüße 🎉\u2028' }]
  const first = await publish(eventId, {
    body: '**Aleinik** arrived.',
    bodyFormat: 'markdown',
    isKeyEvent: true,
    media,
  })
  const retracted = await publish(eventId, { body: 'Posted twice.' })
  await publish(eventId, { body: 'Line\u2028one. "Quoted" \\ and <b>so on</b>.', isKeyEvent: true })
  const path = `/v1/events/${eventId}/updates`
  const kept = await change('PATCH', `${path}/${first.id}`, 1, {
    body: 'Aleinik arrived at noon.',
    correction: 'No time before.',
  })
  await call('DELETE', `${path}/${retracted.id}`, {
    body: { reason: 'Twice.' },
    headers: { 'If-Match': '"1"', Prefer: 'wait=5' },
  })
  await change('PATCH', `/v1/events/${eventId}`, 1, { pinnedUpdateId: kept.id, summaryPoints: ['He is there.'] })
  await call('POST', path, { body: { body: 'Jane Roe was there.' }, headers: { Prefer: 'wait=5' } })
  await end(server, eventId, 'dead')
  await end(server, eventId, 'held')
  const held = await call<{ held: { acceptNumber: number }[] }>('GET', `/v1/events/${eventId}/held`)
  const [waiting] = held.body.held
  await call('POST', `/v1/events/${eventId}/held/${waiting?.acceptNumber}`, {
    body: { action: 'discard', reason: 'No.' },
  })
  await passOver(server, eventId)
  // The worker of this server takes up the one that was left in the outbox.
  await vi.waitFor(
    async () => expect(await server.store.redis.hlen(server.store.keys.event(eventId).outbox)).toBe(0),
    20_000,
  )
  return { kept, retracted }
}

/** Ends a submission as a worker would that cannot publish it, or finds a blocked term. */
async function end(server: TestServer, eventId: string, kind: 'dead' | 'held'): Promise<void> {
  const { acceptor, committer } = server.store
  const now = new Date()
  const submission = updateSubmission({ eventId, draft: { body: `${kind} “text”`, bodyFormat: 'text' } }, now)
  const accepted = await acceptor.accept(acceptRequest(submission), now)
  if (accepted.result !== 'accepted') throw new Error(accepted.result)
  const { submissionId, updateId, subject } = submission
  const ref = { eventId, acceptNumber: accepted.acceptNumber, submissionId, updateId, sub: subject.sub }
  const reason = { step: 'test', error: 'Chosen to end here.', attempts: 1, at: now.toISOString() }
  await committer.commit(ref, { kind, reason }, now)
}

/** One submission is passed over, and comes late; a second one waits in the outbox when this resolves. */
async function passOver(server: TestServer, eventId: string): Promise<void> {
  const { acceptor, committer } = server.store
  const old = new Date(Date.now() - 60_000)
  const held = [0, 1, 2].map(() => updateSubmission({ eventId }, old))
  const refs = []
  for (const submission of held) {
    const accepted = await acceptor.accept(acceptRequest(submission), old)
    if (accepted.result !== 'accepted') throw new Error(accepted.result)
    const { submissionId, updateId, subject } = submission
    refs.push({ eventId, acceptNumber: accepted.acceptNumber, submissionId, updateId, sub: subject.sub, submission })
  }
  const fingerprint = { updateId: '', fingerprint: '0f', acceptedAt: old.toISOString(), name: 'Anna' }
  for (const ref of [refs[2], refs[0]]) {
    if (ref === undefined) continue
    const outcome = { kind: 'publish' as const, update: updateOf(ref.submission), fingerprint }
    const desk = { raw: ref.submission.draft, normalization: [] }
    await committer.commit(ref, { ...outcome, desk }, new Date())
  }
}
