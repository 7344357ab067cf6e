import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { createAcceptor } from '../../src/feed/accept-submission.ts'
import { createCommitter, type Outcome, type SubmissionRef } from '../../src/feed/commit-outcome.ts'
import { newEpoch } from '../../src/feed/new-epoch.ts'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { newEvent } from '../../src/ingest/plan-event.ts'
import { readLineHead } from '../../src/protocol/entry.ts'
import { EventDraft } from '../../src/protocol/event.ts'
import { DEFAULT_SETTINGS } from '../../src/protocol/normalization.ts'
import type { Position } from '../../src/protocol/position.ts'
import type { Submission } from '../../src/protocol/submission.ts'
import { keysFor } from '../../src/redis/keys.ts'
import { type ScriptedRedis, withScripts } from '../../src/redis/scripts.ts'
import { prepareOutcome } from '../../workers/prepare-outcome.ts'
import { clockMs } from '../clock.ts'
import { markOf } from '../contender.ts'

export const EVENT_ID = 'talks'
const HEAD_WAIT_MS = 600_000
const WORDS = `The ministers met for three hours behind closed doors. A statement is expected before the evening, and
the delegations will stay in the city until the talks are over, a spokesperson said.`

/** Writes the feed of one event as api and worker do: accept.lua, the worker's own preparing, commit.lua. */
export interface FeedWriter {
  /** Accepts and prepares the updates `from` to `to`, so that nothing but their commit is left. */
  prepare(from: number, to: number): Promise<void>
  /** Commits these, all by one run of the script, and tells when that began, on the shared clock. */
  commit(from: number, to: number): Promise<number>
  /** The position so many entries before the last one. */
  positionBehind(entries: number): Promise<Position>
}

interface Prepared {
  readonly ref: SubmissionRef
  readonly outcome: Outcome
}

/** Creates the event. */
export async function createFeed(redis: Redis, keyPrefix: string): Promise<FeedWriter> {
  const scripted: ScriptedRedis = withScripts(redis)
  const keys = keysFor(keyPrefix)
  const metrics = createMetrics()
  const arrivals = { accepted: () => {}, committed: () => {} }
  const acceptor = createAcceptor({ redis: scripted, keys, idempotencyMs: 600_000, arrivals, metrics })
  const committer = createCommitter({ redis: scripted, keys, headWaitMs: HEAD_WAIT_MS, arrivals, metrics })
  const prepared = new Map<number, Prepared>()

  async function accept(
    submission: Submission,
    draft: Readonly<Record<string, unknown>>,
    created = {},
  ): Promise<Prepared> {
    const answer = await acceptor.accept(
      {
        submission,
        idempotency: { key: randomUUID(), sub: 'editor', body: '' },
        reply: '{}',
        draft: { version: 1, ...draft },
        expectedVersion: 0,
        ...created,
      },
      new Date(submission.acceptedAt),
    )
    if (answer.result !== 'accepted') throw new Error(`a submission was not accepted: ${answer.result}`)
    const { eventId, submissionId } = submission
    const updateId = submission.kind === 'event' ? undefined : submission.updateId
    const ref = { eventId, acceptNumber: answer.acceptNumber, submissionId, updateId, sub: 'editor' }
    return { ref, outcome: prepareOutcome(submission, [], 1, new Date()) }
  }

  const event = newEvent(EventDraft.parse({ id: EVENT_ID, headline: 'Talks in the capital' }), new Date(), 'event')
  const first = await accept(
    { ...common(), kind: 'event', event },
    { event, hasBegun: true },
    { eventStatus: event.status, newEpoch: newEpoch() },
  )
  await committer.commit(first.ref, first.outcome, new Date())

  return {
    async prepare(from, to) {
      for (let number = from; number <= to; number++) {
        const submission = publication(number)
        const { draft, datePublished, dateModified, corrections, subject } = submission
        const kept = { sub: subject.sub, draft, datePublished, dateModified, corrections, retracted: false }
        prepared.set(number, await accept(submission, kept))
      }
    },
    async commit(from, to) {
      const all: Prepared[] = []
      for (let number = from; number <= to; number++) {
        const one = prepared.get(number)
        if (one === undefined) throw new Error(`update ${number} was not prepared`)
        prepared.delete(number)
        all.push(one)
      }
      const [first, ...others] = all
      if (first === undefined) throw new Error('there is nothing to commit')
      // Those behind the first wait for it: the script that commits it walks on through all of them.
      for (const { ref, outcome } of others) await committer.commit(ref, outcome, new Date())
      const began = clockMs()
      const { verdict } = await committer.commit(first.ref, first.outcome, new Date())
      if (verdict !== 'published') throw new Error(`an update was not committed: ${verdict}`)
      return began
    },
    async positionBehind(entries) {
      const { meta, feed } = keys.event(EVENT_ID)
      const [epoch = null, last = null] = await scripted.hmget(meta, 'epoch', 'seq')
      const seq = Number(last) - entries
      const [entry] = await scripted.xrange(feed, `${seq}-0`, `${seq}-0`)
      const head = readLineHead(entry?.[1][1] ?? '')
      if (epoch === null || head === undefined) throw new Error(`there is no entry ${seq}`)
      return { epoch, seq, chain: head.chain }
    },
  }
}

function common() {
  const acceptedAt = new Date().toISOString()
  const subject = { sub: 'editor', name: 'Editor' }
  return { submissionId: randomUUID(), eventId: EVENT_ID, acceptedAt, requestId: 'bench', subject }
}

function publication(number: number): Extract<Submission, { kind: 'publish' }> {
  const start = common()
  return {
    ...start,
    kind: 'publish',
    updateId: randomUUID(),
    version: 1,
    timeZone: 'UTC',
    inLanguage: 'en',
    draft: { body: `${WORDS} ${markOf(number)}`, bodyFormat: 'text' },
    datePublished: start.acceptedAt,
    dateModified: start.acceptedAt,
    corrections: [],
    settings: DEFAULT_SETTINGS,
  }
}
