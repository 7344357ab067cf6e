import { z } from 'zod'
import type { EventStatus } from './event.ts'
import type { Problem } from './problems.ts'
import { Line } from './text.ts'
import { Instant } from './time.ts'
import { UpdateId, UpdatePatch } from './update.ts'

export const PROCESS_KINDS = ['api', 'worker', 'gateway', 'everything'] as const
export type ProcessKind = (typeof PROCESS_KINDS)[number]

const Count = z.int().nonnegative()

/** The viewers of one room on one gateway: `room` is an event's id, or `replay:<id>`. */
export const RoomPresence = z.object({ room: z.string(), viewers: Count, seq: Count })
export type RoomPresence = z.infer<typeof RoomPresence>

/** One running process, as it last told of itself. `seenAt` is never older than 15 s: then it counts as gone. */
export const ProcessPresence = z.object({
  id: z.uuid(),
  kind: z.enum(PROCESS_KINDS),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  state: z.enum(['running', 'draining']),
  /** Open connections of viewers; 0 where it is no gateway. */
  viewers: Count,
  rooms: z.array(RoomPresence),
  /** Mean over the time since it last told, in ms. */
  eventLoopDelayMs: z.number().nonnegative(),
})
export type ProcessPresence = z.infer<typeof ProcessPresence>

/** Body of `PUT /v1/ops/intake`. Editors are shown the reason. */
export const IntakeRequest = z.discriminatedUnion('paused', [
  z.strictObject({ paused: z.literal(true), reason: Line(500) }),
  z.strictObject({ paused: z.literal(false) }),
])
export type IntakeRequest = z.infer<typeof IntakeRequest>

/** Whether editors' writes are taken. `by` is a name. */
export const Intake = z.discriminatedUnion('paused', [
  z.strictObject({ paused: z.literal(true), reason: z.string(), since: Instant, by: z.string() }),
  z.strictObject({ paused: z.literal(false) }),
])
export type Intake = z.infer<typeof Intake>

export const QUEUE_NAMES = ['submissions', 'replays'] as const
export const QueueName = z.enum(QUEUE_NAMES)
export type QueueName = z.infer<typeof QueueName>

/** Body of `PUT /v1/ops/queues/:name`. */
export const QueueRequest = z.strictObject({ paused: z.boolean() })
export type QueueRequest = z.infer<typeof QueueRequest>

/** The 200 to it. */
export interface QueueState {
  readonly name: QueueName
  readonly paused: boolean
}

/** One queue: how many jobs it has in which state. */
export interface QueueCounts extends QueueState {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

/** Redis, as one api process sees it. `fullAt` is a forecast, null where its memory does not grow or has no limit. */
export interface StoreState {
  readonly reachable: boolean
  readonly usedBytes: number
  readonly maxBytes: number | null
  readonly fullAt: string | null
  readonly durability: 'always' | 'everysec' | 'no'
  readonly version: string
}

/** One event, as ops see it. */
export interface EventOverview {
  readonly id: string
  readonly headline: string
  readonly status: EventStatus
  readonly visibility: 'public' | 'private'
  /** Over all gateways. */
  readonly viewers: number
  readonly peakViewers: number
  readonly seq: number
  /** The last accept number given, and the last one that ended with all before it. */
  readonly accepted: number
  readonly head: number
  /** Accepted and not ended. */
  readonly waiting: number
  readonly oldestWaitingMs: number | null
  /** Entries committed in the last 60 s. */
  readonly updatesPerMinute: number
  readonly dead: number
  readonly held: number
}

/** `GET /v1/events/:id/audience`: viewers over all processes; those who poll are counted roughly. */
export interface EventAudience {
  readonly eventId: string
  /** The three together. */
  readonly viewers: number
  readonly sockets: number
  readonly streams: number
  readonly pollers: number
  /** Most viewers at once since the event began, and when. */
  readonly peak: number
  readonly peakAt: string | null
  /** How often somebody joined; who came back counts again. */
  readonly joins: number
}

/** `GET /v1/ops/overview?limit=&after=`: events newest activity first, with an RFC 8288 link to the next page. */
export interface Overview {
  readonly at: string
  readonly intake: Intake
  readonly store: StoreState
  readonly queues: readonly QueueCounts[]
  readonly processes: readonly ProcessPresence[]
  readonly events: readonly EventOverview[]
}

/** One deed of somebody in ops; `id` is its place in the trail. */
export interface OpsDeed {
  readonly id: string
  readonly at: string
  readonly by: { readonly sub: string; readonly name: string }
  readonly action: string
  readonly requestId: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** `GET /v1/ops/audit?limit=&before=`: newest first; `complete` when there is nothing before these. */
export interface OpsAuditPage {
  readonly entries: readonly OpsDeed[]
  readonly complete: boolean
}

/** In ms, null where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** What was accepted in one step of time that begins with `at`. */
export interface LatencyStep {
  readonly at: string
  readonly count: number
  readonly accept: Percentiles
  readonly normalize: Percentiles
  /** From accept to commit. */
  readonly commit: Percentiles
  /** From accept to the sockets of the slowest gateway. */
  readonly reach: Percentiles
}

/** `GET /v1/ops/latency?eventId=&minutes=`. */
export interface LatencySeries {
  readonly from: string
  readonly to: string
  readonly stepSeconds: number
  readonly series: readonly LatencyStep[]
  /** Whether all that was accepted in that time was looked at. */
  readonly complete: boolean
}

/** `GET /v1/events/:id/proof?after=SEQ`. */
export type FeedProof =
  | {
      readonly complete: true
      readonly from: number
      readonly to: number
      readonly epoch: string
      readonly chain: string
    }
  | {
      readonly complete: false
      readonly firstDifference: {
        readonly seq: number
        readonly problem: 'missing' | 'out-of-place' | 'not-linked' | 'other-end'
      }
    }

/** One submission that could not be published. */
export interface DeadLetter {
  readonly acceptNumber: number
  /** None where it changed the event itself, or nothing is left that says. */
  readonly updateId?: string
  readonly action: 'publish' | 'revise' | 'retract' | 'event' | 'unknown'
  readonly submittedBy: { readonly sub: string; readonly name: string }
  readonly acceptedAt: string
  readonly endedAt: string
  readonly state: 'dead'
  readonly problem: Problem
  readonly step: string
  readonly attempts: number
  /** What was sent. */
  readonly raw: Readonly<Record<string, unknown>>
}

/** `GET /v1/events/:id/dead-letters?after=&limit=`. */
export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[]
}

/** `GET /v1/ops/dead-letters?after=&limit=`: of all events. */
export interface AllDeadLettersPage {
  readonly deadLetters: readonly (DeadLetter & { readonly eventId: string })[]
  /** On the first page, to tokens that are not limited to some events: the newest 100. */
  readonly strays: readonly Stray[]
}

/** What was found in a queue and belongs to no event that there is. It becomes a dead letter of its event once that is there. */
export interface Stray {
  readonly id: string
  readonly eventId?: string
  readonly at: string
  readonly step: string
  readonly error: string
  readonly attempts: number
  readonly raw: Readonly<Record<string, unknown>>
}

/** Body of `POST /v1/events/:id/dead-letters/:acceptNumber/retry`: a merge patch of what was sent, or all of it where that is lost. */
export const DeadLetterRetry = z.strictObject({
  draft: UpdatePatch.omit({ correction: true }).extend({ updateId: UpdateId.optional() }).optional(),
})
export type DeadLetterRetry = z.infer<typeof DeadLetterRetry>

/** Body of `POST /v1/events/:id/dead-letters/:acceptNumber/discard`. */
export const DeadLetterDiscard = z.strictObject({ reason: Line(1_000) })
export type DeadLetterDiscard = z.infer<typeof DeadLetterDiscard>

/** Body of `POST /v1/events/:id/dead-letters/retry`. */
export const DeadLettersRetry = z.union([
  z.strictObject({ acceptNumbers: z.array(z.int().positive().max(999_999_999)).min(1).max(100) }),
  /** At most 100 of those with an accept number above `after`. */
  z.strictObject({ all: z.literal(true), after: z.int().nonnegative().max(999_999_999).optional() }),
])
export type DeadLettersRetry = z.infer<typeof DeadLettersRetry>

/** The 202 to the retry of one. */
export interface Retried {
  readonly acceptNumber: number
  /** None where it changes the event itself. */
  readonly updateId?: string
  readonly retriedFrom: number
  readonly state: 'accepted'
  readonly links: Readonly<Record<string, string>>
}

/** The 200 to the retry of many; `more` when some were left for the next call. */
export interface RetriedMany {
  readonly results: readonly (
    | { readonly acceptNumber: number; readonly state: 'accepted'; readonly newAcceptNumber: number }
    | { readonly acceptNumber: number; readonly problem: Problem }
  )[]
  readonly more: boolean
}
