import { z } from 'zod'
import type { GapAudit as GapAuditType } from '../../../protocol/gaps.ts'
import type {
  AllDeadLettersPage as AllDeadLettersPageType,
  DeadLetterPage as DeadLetterPageType,
  DeadLetter as DeadLetterType,
  RetriedMany as RetriedManyType,
  Retried as RetriedType,
} from '../../../protocol/ops.ts'
import { Instant } from '../../../protocol/time.ts'
import { EventId, UpdateId } from '../../../protocol/update.ts'
import { Count, describes, Number1 } from './describes.ts'
import { Problem } from './problem.ts'

const Raw = z.record(z.string(), z.unknown())

const deadLetter = {
  acceptNumber: Number1,
  updateId: z.exactOptional(UpdateId),
  action: z.enum(['publish', 'revise', 'retract', 'event', 'unknown']),
  submittedBy: z.strictObject({ sub: z.string(), name: z.string() }),
  acceptedAt: z.string(),
  endedAt: z.string(),
  state: z.literal('dead'),
  problem: Problem,
  step: z.string(),
  attempts: Count,
  raw: Raw.describe('What was sent.'),
}

const DeadLetter = describes<DeadLetterType>()(z.strictObject(deadLetter))
const DeadLetterPage = describes<DeadLetterPageType>()(z.strictObject({ deadLetters: z.array(DeadLetter) }))

const AllDeadLettersPage = describes<AllDeadLettersPageType>()(
  z.strictObject({
    deadLetters: z.array(z.strictObject({ eventId: EventId, ...deadLetter })),
    strays: z.array(
      z.strictObject({
        id: z.string(),
        eventId: z.exactOptional(z.string()),
        at: Instant,
        step: z.string(),
        error: z.string(),
        attempts: Count,
        raw: Raw,
      }),
    ),
  }),
)

const Retried = describes<RetriedType>()(
  z.strictObject({
    acceptNumber: Number1,
    updateId: z.exactOptional(UpdateId),
    retriedFrom: Number1,
    state: z.literal('accepted'),
    links: z.record(z.string(), z.string()),
  }),
)

const RetriedMany = describes<RetriedManyType>()(
  z.strictObject({
    results: z.array(
      z.union([
        z.strictObject({ acceptNumber: Number1, state: z.literal('accepted'), newAcceptNumber: Number1 }),
        z.strictObject({ acceptNumber: Number1, problem: Problem }),
      ]),
    ),
    more: z.boolean().describe('Some were left for the next call.'),
  }),
)

const DiscardedDeadLetter = z.strictObject({ acceptNumber: Number1, state: z.literal('discarded') })
const DiscardedStray = z.strictObject({ id: z.string(), state: z.literal('discarded') })
const EntryRange = z.strictObject({ from: Number1, to: Number1 })

const Ms = z.number()
const spread = { p50: Ms, p95: Ms, p99: Ms, max: Ms }
const stepTimes = { count: Count, ...spread }
const StepTimes = z.strictObject(stepTimes).nullable()

const GapAudit = describes<GapAuditType>()(
  z.strictObject({
    eventId: EventId,
    accepted: Count,
    entries: Count,
    states: z.record(z.string(), Count).describe('How many accept numbers ended in each state.'),
    missing: z.array(Number1).describe('Accept numbers that are nowhere: the first 1,000.'),
    doubled: z.array(Number1),
    late: z.array(Number1),
    totals: z.strictObject({ missing: Count, doubled: Count, late: Count }),
    brokenAt: Number1.nullable().describe('The first seq whose chain does not follow.'),
    acceptToEndMs: z.strictObject(spread).nullable(),
    times: z.strictObject({
      accept: StepTimes,
      normalize: StepTimes,
      commit: StepTimes,
      reach: z.array(z.strictObject({ ...stepTimes, gateway: z.string() })),
    }),
    numbers: z.array(
      z.strictObject({
        acceptNumber: Number1,
        state: z.enum([
          'published',
          'revised',
          'retracted',
          'applied',
          'dead',
          'held',
          'released',
          'retried',
          'discarded',
          'superseded',
          'waiting',
          'missing',
        ]),
        seq: Number1.nullable(),
        chain: z.string().nullable(),
        late: z.boolean(),
        doubled: z.boolean(),
        acceptedAt: z.string().nullable(),
        acceptMs: Ms.nullable(),
        normalizeMs: Ms.nullable(),
        commitMs: Ms.nullable(),
        reach: z.array(z.strictObject({ gateway: z.string(), ms: Ms })),
      }),
    ),
  }),
)

const StoredEvent = z.discriminatedUnion('result', [
  z.strictObject({ eventId: EventId, result: z.literal('moved'), name: z.string(), entries: Number1, bytes: Count }),
  z.strictObject({ eventId: EventId, result: z.literal('was-there'), name: z.string() }),
])

export const repairAnswers = {
  DeadLetter,
  DeadLetterPage,
  AllDeadLettersPage,
  Retried,
  RetriedMany,
  DiscardedDeadLetter,
  DiscardedStray,
  EntryRange,
  GapAudit,
  StoredEvent,
}
