import { z } from 'zod'
import type { Metrics } from '../foundation/metrics.ts'
import type { Event } from '../protocol/event.ts'
import type { SubmissionState } from '../protocol/submission.ts'
import type { Update } from '../protocol/update.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { msBetween } from './arrival-times.ts'
import type { Arrivals } from './arrivals.ts'
import { formatRecent, type RecentUpdate } from './recent-updates.ts'
import { standingOf } from './standing-update.ts'

/** Names one accepted submission. */
export interface SubmissionRef {
  readonly eventId: string
  readonly acceptNumber: number
  readonly submissionId: string
  readonly updateId?: string | undefined
  readonly sub: string
}

/** What became of a submission in a worker. */
export type Outcome =
  | Words<'publish'>
  | Words<'revise'>
  /** `update` is the tombstone that stands for the update from now on. */
  | { readonly kind: 'retract'; readonly update: Update; readonly reason?: string | undefined }
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'dead'; readonly reason: EndReason }
  | { readonly kind: 'held'; readonly reason: EndReason }

interface Words<Kind> {
  readonly kind: Kind
  readonly update: Update
  readonly desk: DeskRecord
  readonly fingerprint: RecentUpdate
}

/** What editors typed and what was done to it, for the desk and ops only. */
export interface DeskRecord {
  readonly raw: unknown
  readonly normalization: readonly unknown[]
}

/** Why a submission is not in the feed: the step that broke, its error, how often it was tried. */
export interface EndReason {
  readonly step: string
  readonly error: string
  readonly attempts: number
  readonly at: string
}

export interface CommitResult {
  /** The submission's state; `done` when it had ended before; `unknown` when the number is not this submission's. */
  readonly verdict:
    | Exclude<SubmissionState, 'accepted' | 'released' | 'retried' | 'discarded'>
    | 'waiting'
    | 'done'
    | 'unknown'
    | 'walked'
  /** Of its entry, or 0. */
  readonly seq: number
  /** Somebody waits behind a number that is not ready: walk again within this time. */
  readonly walkInMs: number | undefined
}

export type Committer = ReturnType<typeof createCommitter>

export interface CommitterNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly headWaitMs: number
  readonly arrivals: Pick<Arrivals, 'committed'>
  readonly metrics: Pick<Metrics, 'submissions' | 'commitSeconds' | 'late' | 'deadLetters'>
}

/** Commits outcomes in accept order, exactly once (commit.lua). Every call may be repeated. */
export function createCommitter({ redis, keys, headWaitMs, arrivals, metrics }: CommitterNeeds) {
  async function run(eventId: string, now: Date, own: readonly (string | number)[]): Promise<CommitResult & More> {
    const event = keys.event(eventId)
    const answer = await redis.dlCommit(
      event.meta,
      event.feed,
      event.event,
      event.updates,
      event.order,
      event.places,
      event.keyEvents,
      event.desk,
      event.outbox,
      event.outboxTimes,
      event.pending,
      event.passed,
      event.outcomes,
      event.dead,
      event.held,
      event.superseded,
      event.lines,
      event.endings,
      event.fingerprints,
      now.getTime(),
      now.toISOString(),
      headWaitMs,
      ...own,
      ...Array<string>(12 - own.length).fill(''),
    )
    const [verdict, seq, more, waitMs, ended] = Answer.parse(answer)
    const committedMs = Date.now()
    for (const each of ended) count(eventId, each, committedMs)
    return { verdict, seq, more: more === 1, walkInMs: waitMs < 0 ? undefined : waitMs }
  }

  /** One call may end others than its own: each is counted by whoever ended it. */
  function count(
    eventId: string,
    [kind, state, late, acceptedMs, acceptNumber]: z.infer<typeof Ended>,
    nowMs: number,
  ): void {
    metrics.submissions.inc({ kind, state })
    if (state === 'dead') metrics.deadLetters.inc()
    if (late === 1) metrics.late.inc()
    const isEntry = state !== 'dead' && state !== 'held' && state !== 'superseded'
    if (!isEntry || acceptedMs < 0) return
    metrics.commitSeconds.observe(msBetween(acceptedMs, nowMs) / 1_000)
    arrivals.committed(eventId, acceptNumber, acceptedMs, nowMs)
  }

  /** Moves on past numbers whose time is over, and everything ready behind them. */
  async function walk(eventId: string, now: Date): Promise<CommitResult> {
    let result: CommitResult & More
    do result = await run(eventId, now, [])
    while (result.more)
    return result
  }

  return {
    walk,
    async commit(ref: SubmissionRef, outcome: Outcome, now: Date): Promise<CommitResult> {
      const first = await run(ref.eventId, now, toArguments(ref, outcome))
      if (!first.more) return first
      const { walkInMs } = await walk(ref.eventId, now)
      return { verdict: first.verdict, seq: first.seq, walkInMs }
    },
  }
}

interface More {
  readonly more: boolean
}

const ENDS = ['published', 'revised', 'retracted', 'applied', 'dead', 'held', 'superseded'] as const
const Ended = z.tuple([
  z.enum(['publish', 'revise', 'retract', 'event', 'unknown']),
  z.enum(ENDS),
  z.int(),
  z.int(),
  z.int(),
])
const Answer = z.tuple([
  z.enum(['waiting', 'unknown', 'done', 'walked', ...ENDS]),
  z.int(),
  z.int(),
  z.number(),
  z.array(Ended),
])

/** ARGV 4 and up of commit.lua. */
function toArguments(ref: SubmissionRef, outcome: Outcome): (string | number)[] {
  const start = [ref.acceptNumber, ref.submissionId, outcome.kind]
  const number = `"acceptNumber":${ref.acceptNumber}`
  if (outcome.kind === 'dead' || outcome.kind === 'held') {
    return [...start, JSON.stringify(outcome.reason), ref.updateId ?? '', 0, ref.sub]
  }
  if (outcome.kind === 'event') {
    const event = JSON.stringify(outcome.event)
    return [...start, `${number},"event":${event}}`, '', outcome.event.version, ref.sub, event]
  }
  const { update } = outcome
  const { json, sortMs, keyEvent = '' } = standingOf(update)
  if (outcome.kind === 'retract') {
    const { reason } = outcome
    const told = { updateId: update.id, version: update.version, ...(reason === undefined ? {} : { reason }) }
    return [...start, `${number},${JSON.stringify(told).slice(1)}`, update.id, update.version, ref.sub, json]
  }
  return [
    ...start,
    `${number},"update":${json}}`,
    update.id,
    update.version,
    ref.sub,
    json,
    sortMs,
    keyEvent,
    JSON.stringify(outcome.desk),
    formatRecent(outcome.fingerprint),
  ]
}
