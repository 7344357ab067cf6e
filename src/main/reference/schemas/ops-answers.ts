import { z } from 'zod'
import type { RevocationPage as RevocationPageType } from '../../../protocol/access.ts'
import { Revocation } from '../../../protocol/access.ts'
import { EventStatus } from '../../../protocol/event.ts'
import {
  Intake,
  type LatencySeries as LatencySeriesType,
  type OpsAuditPage,
  type Overview as OverviewType,
  ProcessPresence,
  QueueName,
  type QueueState as QueueStateType,
} from '../../../protocol/ops.ts'
import { ReplayId, ReplaySpeed, type Replay as ReplayType } from '../../../protocol/replay.ts'
import { Instant } from '../../../protocol/time.ts'
import { EventId } from '../../../protocol/update.ts'
import { Count, describes, Number1 } from './describes.ts'

const Durability = z.enum(['always', 'everysec', 'no'])
const Ms = z.number().nonnegative()

const queueState = { name: QueueName, paused: z.boolean() }
const QueueState = describes<QueueStateType>()(z.strictObject(queueState))

const Overview = describes<OverviewType>()(
  z.strictObject({
    at: Instant,
    intake: Intake,
    store: z.strictObject({
      reachable: z.boolean(),
      usedBytes: Count,
      maxBytes: Count.nullable(),
      fullAt: Instant.nullable().describe('A forecast; null where its memory does not grow or has no limit.'),
      durability: Durability,
      version: z.string(),
    }),
    queues: z.array(z.strictObject({ ...queueState, waiting: Count, active: Count, delayed: Count, failed: Count })),
    processes: z.array(ProcessPresence),
    events: z.array(
      z.strictObject({
        id: EventId,
        headline: z.string(),
        status: EventStatus,
        visibility: z.enum(['public', 'private']),
        viewers: Count,
        peakViewers: Count,
        seq: Count,
        accepted: Count.describe('The last accept number given.'),
        head: Count.describe('The last accept number that ended with all before it.'),
        waiting: Count,
        oldestWaitingMs: Ms.nullable(),
        updatesPerMinute: Count,
        dead: Count,
        held: Count,
      }),
    ),
  }),
)

const AuditPage = describes<OpsAuditPage>()(
  z.strictObject({
    entries: z.array(
      z.strictObject({
        id: z.string(),
        at: Instant,
        by: z.strictObject({ sub: z.string(), name: z.string() }),
        action: z.string(),
        requestId: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    complete: z.boolean().describe('There is nothing before these.'),
  }),
)

const Percentiles = z.strictObject({ p50: Ms.nullable(), p95: Ms.nullable(), p99: Ms.nullable() })

const LatencySeries = describes<LatencySeriesType>()(
  z.strictObject({
    from: Instant,
    to: Instant,
    stepSeconds: Number1,
    series: z.array(
      z.strictObject({
        at: Instant,
        count: Count,
        accept: Percentiles,
        normalize: Percentiles,
        commit: Percentiles.describe('From accept to commit, in ms.'),
        reach: Percentiles.describe('From accept to the sockets of the slowest gateway, in ms.'),
      }),
    ),
    complete: z.boolean(),
  }),
)

const Draining = z.strictObject({ id: z.uuid(), state: z.literal('draining') })

const RevocationPage = describes<RevocationPageType>()(
  z.strictObject({ revocations: z.array(Revocation), complete: z.boolean() }),
)

const Replay = describes<ReplayType>()(
  z.strictObject({
    id: ReplayId,
    eventId: EventId,
    room: z.string(),
    state: z.enum(['running', 'paused', 'ended']),
    from: Number1,
    to: Number1,
    seq: Count.describe('The last entry that was sent; `from - 1` when none was.'),
    speed: ReplaySpeed,
    maxSilenceMs: z.exactOptional(Count),
    lap: Count.describe('Grows with each seek.'),
  }),
)
const ReplayList = z.strictObject({ replays: z.array(Replay) })

const Health = z.strictObject({ status: z.literal('ok') })
const Readiness = z.strictObject({
  status: z.enum(['ready', 'not ready']),
  durability: Durability,
  reasons: z.array(z.string()),
})

export const opsAnswers = {
  QueueState,
  Overview,
  AuditPage,
  LatencySeries,
  Draining,
  RevocationPage,
  Replay,
  ReplayList,
  Health,
  Readiness,
}
