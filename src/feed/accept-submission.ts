import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Metrics } from '../foundation/metrics.ts'
import type { EventStatus } from '../protocol/event.ts'
import type { Submission } from '../protocol/submission.ts'
import type { EventKeys, Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** One request to accept a submission. */
export interface AcceptRequest {
  readonly submission: Submission
  readonly idempotency: IdempotencyScope
  /** What the answer needs beside the accept number, kept with the Idempotency-Key so that a repeat gets the same. */
  readonly reply: string
  /** What `drafts` holds from now on; its `version` comes first. */
  readonly draft: { readonly version: number } & Readonly<Record<string, unknown>>
  /** The version that must be the last accepted one now; 0 when there must be none. */
  readonly expectedVersion: number
  /** Given by submissions about the event itself: closed events take these. */
  readonly eventStatus?: EventStatus
  /** Given when this creates the event. */
  readonly newEpoch?: string
  /** Given when this releases a held submission, which leaves `held` in the same step. */
  readonly releases?: { readonly acceptNumber: number; readonly submissionId: string; readonly by: string }
}

/** An Idempotency-Key counts for one subject in one event; `body` tells one request from another. */
export interface IdempotencyScope {
  readonly key: string
  readonly sub: string
  readonly body: string
}

export type AcceptAnswer =
  | { readonly result: 'accepted'; readonly acceptNumber: number }
  | { readonly result: 'replayed'; readonly acceptNumber: number; readonly reply: string }
  | { readonly result: 'key-reused' }
  | { readonly result: 'event-not-found' }
  | { readonly result: 'event-exists' }
  | { readonly result: 'update-exists' }
  | { readonly result: 'not-held' }
  | { readonly result: 'event-closed'; readonly status: string }
  | { readonly result: 'version-mismatch'; readonly version: number }

export type Acceptor = ReturnType<typeof createAcceptor>

export interface AcceptorNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly idempotencyMs: number
  readonly metrics: Pick<Metrics, 'submissions' | 'acceptSeconds'>
}

/** Accepting: durable once it answers `accepted` (as durable as Redis is set up to be), and safe to repeat. */
export function createAcceptor({ redis, keys, idempotencyMs, metrics }: AcceptorNeeds) {
  return {
    async accept(request: AcceptRequest, now: Date): Promise<AcceptAnswer> {
      const { submission } = request
      const event = keys.event(submission.eventId)
      const began = performance.now()
      const raw = await redis.dlAccept(
        event.meta,
        event.drafts,
        event.outbox,
        event.outboxTimes,
        idempotencyKey(event, request.idempotency),
        event.held,
        event.outcomes,
        now.getTime(),
        sha256(request.idempotency.body),
        idempotencyMs,
        request.reply,
        JSON.stringify(submission),
        submission.kind === 'event' ? 'event' : submission.updateId,
        JSON.stringify(request.draft),
        request.expectedVersion,
        request.eventStatus ?? '',
        request.newEpoch ?? '',
        request.releases?.acceptNumber ?? '',
        request.releases?.submissionId ?? '',
        request.releases?.by ?? '',
      )
      const answer = readAnswer(raw)
      if (answer.result === 'accepted') {
        metrics.acceptSeconds.observe((performance.now() - began) / 1_000)
        metrics.submissions.inc({ kind: submission.kind, state: 'accepted' })
      }
      return answer
    },

    /**
     * What a change is merged with, read in one moment: whether this key was answered before, and the last accepted
     * drafts of the fields (an updateId, or `event`) as JSON.
     */
    async before(eventId: string, scope: IdempotencyScope, fields: readonly string[]): Promise<Before> {
      const event = keys.event(eventId)
      const [kept, drafts] = Before.parse(
        await redis.dlReadBefore(idempotencyKey(event, scope), event.drafts, ...fields),
      )
      return { answered: readKept(kept, scope), drafts }
    },
  }
}

const Before = z.tuple([z.string().nullable(), z.array(z.string().nullable())])
export interface Before {
  readonly answered: Extract<AcceptAnswer, { result: 'replayed' | 'key-reused' }> | undefined
  readonly drafts: readonly (string | null)[]
}

function readKept(kept: string | null, scope: IdempotencyScope): Before['answered'] {
  const match = /^(\S+) (\d+) (.*)$/s.exec(kept ?? '')
  if (match === null) return undefined
  if (match[1] !== sha256(scope.body)) return { result: 'key-reused' }
  return { result: 'replayed', acceptNumber: Number(match[2]), reply: match[3] ?? '' }
}

const Answer = z.union([
  z.tuple([z.literal('accepted'), z.int()]),
  z.tuple([z.literal('replayed'), z.int(), z.string()]),
  z.tuple([z.enum(['key-reused', 'event-not-found', 'event-exists', 'update-exists', 'not-held'])]),
  z.tuple([z.literal('event-closed'), z.string()]),
  z.tuple([z.literal('version-mismatch'), z.int()]),
])

function readAnswer(raw: unknown): AcceptAnswer {
  const answer = Answer.parse(raw)
  switch (answer[0]) {
    case 'accepted':
      return { result: 'accepted', acceptNumber: answer[1] }
    case 'replayed':
      return { result: 'replayed', acceptNumber: answer[1], reply: answer[2] }
    case 'event-closed':
      return { result: 'event-closed', status: answer[1] }
    case 'version-mismatch':
      return { result: 'version-mismatch', version: answer[1] }
    default:
      return { result: answer[0] }
  }
}

function idempotencyKey(event: EventKeys, { sub, key }: IdempotencyScope): string {
  return event.idempotency(sha256(`${sub}\n${key}`))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
