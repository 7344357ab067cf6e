import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Metrics } from '../foundation/metrics.ts'
import type { EventStatus } from '../protocol/event.ts'
import type { Submission } from '../protocol/submission.ts'
import type { EventKeys, Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { Arrivals } from './arrivals.ts'
import { type AuditEntry, deedText } from './audit-trail.ts'

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
  /** It was accepted before, while the event was open: a closed event takes it too. */
  readonly wasAccepted?: true
  /** Given when this accepts anew what stands on a shelf: it leaves that in the same step, and the audit trail says so. */
  readonly takesOff?: ShelvedRef & { readonly by: AuditEntry['by'] }
}

/** A submission that stands on a shelf. Without `submissionId`, nothing that can be read tells whose it is. */
export interface ShelvedRef {
  readonly shelf: 'held' | 'dead'
  readonly acceptNumber: number
  readonly submissionId?: string | undefined
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
  /** It is not there any more, or is another's. */
  | { readonly result: 'off-shelf' }
  | { readonly result: 'event-closed'; readonly status: string }
  | { readonly result: 'version-mismatch'; readonly version: number }

export type Acceptor = ReturnType<typeof createAcceptor>

export interface AcceptorNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly idempotencyMs: number
  readonly arrivals: Pick<Arrivals, 'accepted'>
  readonly metrics: Pick<Metrics, 'submissions' | 'acceptSeconds'>
  /** Told of each event that something was accepted of. */
  readonly noteActivity?: (eventId: string, now: Date) => void
}

/** Accepting: durable once it answers `accepted` (as durable as Redis is set up to be), and safe to repeat. */
export function createAcceptor({ redis, keys, idempotencyMs, arrivals, metrics, noteActivity }: AcceptorNeeds) {
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
        event[request.takesOff?.shelf ?? 'dead'],
        event.outcomes,
        event.anew,
        event.audit,
        now.getTime(),
        sha256(request.idempotency.body),
        idempotencyMs,
        request.reply,
        JSON.stringify(submission),
        submission.kind === 'event' ? 'event' : submission.updateId,
        JSON.stringify(request.draft),
        request.expectedVersion,
        request.eventStatus ?? (request.wasAccepted === true ? '*' : ''),
        request.newEpoch ?? '',
        ...takingOff(request, now),
      )
      const answer = readAnswer(raw)
      if (answer.result === 'accepted') {
        const tookMs = performance.now() - began
        metrics.acceptSeconds.observe(tookMs / 1_000)
        arrivals.accepted(submission.eventId, answer.acceptNumber, tookMs)
        metrics.submissions.inc({ kind: submission.kind, state: 'accepted' })
        noteActivity?.(submission.eventId, now)
      }
      return answer
    },

    /**
     * What a change is merged with, read in one moment: whether this key was answered before, and the last accepted
     * drafts of the fields (an updateId, or `event`) as JSON.
     */
    async before(eventId: string, scope: IdempotencyScope, fields: readonly string[]): Promise<Before> {
      const event = keys.event(eventId)
      const [kept, drafts, stored] = Before.parse(
        await redis.dlReadBefore(idempotencyKey(event, scope), event.drafts, event.meta, ...fields),
      )
      return { answered: readKept(kept, scope), drafts, isStored: stored === 1 }
    },
  }
}

const Before = z.tuple([z.string().nullable(), z.array(z.string().nullable()), z.int()])
export interface Before {
  readonly answered: Extract<AcceptAnswer, { result: 'replayed' | 'key-reused' }> | undefined
  readonly drafts: readonly (string | null)[]
  /** The event is in the archive store: there are no drafts here, and it takes nothing. */
  readonly isStored: boolean
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
  z.tuple([z.enum(['key-reused', 'event-not-found', 'event-exists', 'update-exists', 'off-shelf'])]),
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

/** ARGV 11 and up of accept.lua. */
function takingOff({ takesOff, submission }: AcceptRequest, now: Date): (string | number)[] {
  if (takesOff === undefined) return ['', '', '', '', '']
  const { shelf, acceptNumber, submissionId = '', by } = takesOff
  const { state, deed } = TAKEN[shelf]
  const { requestId } = submission
  const told = deedText({ by, action: deed, requestId, detail: { acceptNumber, newAcceptNumber: 0 } }, now)
  return [
    ...[acceptNumber, submissionId, state],
    JSON.stringify({ by: by.sub, name: by.name, at: now.toISOString() }),
    told.slice(0, -'0}}'.length),
  ]
}

/** What becomes of a submission that is accepted anew from a shelf, and how the audit trail calls it. */
const TAKEN = {
  held: { state: 'released', deed: 'held-released' },
  dead: { state: 'retried', deed: 'dead-letter-retried' },
} as const satisfies Record<ShelvedRef['shelf'], { state: string; deed: string }>

function idempotencyKey(event: EventKeys, { sub, key }: IdempotencyScope): string {
  return event.idempotency(sha256(`${sub}\n${key}`))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
