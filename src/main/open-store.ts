import { createAcceptor } from '../feed/accept-submission.ts'
import { createRevocationStore } from '../feed/access/revocations.ts'
import { createUsers } from '../feed/access/users.ts'
import { createAnnouncements } from '../feed/announcements.ts'
import { createArchives } from '../feed/archive/archives.ts'
import { createStoredEvents } from '../feed/archive/stored-events.ts'
import { createArrivalReader } from '../feed/arrival-times.ts'
import { createArrivals } from '../feed/arrivals.ts'
import { createAudienceCount } from '../feed/audience-count.ts'
import { createAuditTrail } from '../feed/audit-trail.ts'
import { createCommitter } from '../feed/commit-outcome.ts'
import { createDeadLetters } from '../feed/dead-letters.ts'
import { createDraftReader } from '../feed/draft-reader.ts'
import { createEventIndex } from '../feed/event-index.ts'
import { createEventOverviews } from '../feed/event-overviews.ts'
import { createFeedProofs } from '../feed/feed-proofs.ts'
import { auditFeed, type NumbersPage } from '../feed/gap-audit.ts'
import { createHeldSubmissions } from '../feed/held-submissions.ts'
import { createIntakeStore } from '../feed/intake.ts'
import { createLatencyReader } from '../feed/latency-series.ts'
import { createSettingsWriter } from '../feed/normalization-settings.ts'
import { createOutbox } from '../feed/outbox.ts'
import { createPollers } from '../feed/pollers.ts'
import { createPresence } from '../feed/presence.ts'
import { createRebroadcast } from '../feed/rebroadcast.ts'
import { createRecentUpdates } from '../feed/recent-updates.ts'
import { createFeedReader } from '../feed/redis-feed-reader.ts'
import { createReplays } from '../feed/replays.ts'
import { createStrays } from '../feed/strays.ts'
import { createSubmissionReader } from '../feed/submission-reader.ts'
import { createTraceLinks } from '../feed/trace-links.ts'
import { NO_TRACING } from '../foundation/tracing.ts'
import { readStored } from '../ops/archive/read-archive.ts'
import { createDiskStore } from '../ops/archive/store/disk-store.ts'
import { measureStore } from '../ops/measure-store.ts'
import { watchMemory } from '../ops/memory-watch.ts'
import { createReplayQueue } from '../queue/replay-queue.ts'
import { createSubmissionQueue } from '../queue/submission-queue.ts'
import { checkRedis, connectRedis, type Durability } from '../redis/connect.ts'
import { readMemory, readServer } from '../redis/info.ts'
import { keysFor } from '../redis/keys.ts'
import { withScripts } from '../redis/scripts.ts'
import type { Start } from './run.ts'

/** What a crash of Redis may cost. */
const LOSSES: Record<Exclude<Durability, 'always'>, string> = {
  everysec: 'a crash of Redis may lose its last second',
  no: 'a crash of Redis may lose all since its last snapshot: set appendonly yes',
}

export type Store = Awaited<ReturnType<typeof openStore>>

/** Connects to Redis, refuses one that could lose what is accepted, and gives each part of the house its piece of it. */
export async function openStore({
  config,
  lifecycle,
  log,
  metrics,
  tracing = NO_TRACING,
}: Pick<Start, 'config' | 'lifecycle' | 'log' | 'metrics'> & Partial<Pick<Start, 'tracing'>>) {
  const { url, prefix } = config.redis
  const keys = keysFor(prefix)
  const redis = withScripts(await connectRedis(url, 'command', log))
  lifecycle.add({ name: 'redis', stop: async () => redis.disconnect() })
  const durability = await checkRedis(redis)
  if (durability !== 'always') log.warn({ durability }, LOSSES[durability])
  const { idempotencyMs } = config.accept
  const archiveStore = createDiskStore(config.archive.dir)
  const read = (name: string) => readStored(archiveStore, name)
  const stored = lifecycle.add(createStoredEvents({ redis, keys, readStored: read, log }))
  const reader = createFeedReader({ redis, keys, stored })
  const index = createEventIndex({ redis, keys, idempotencyMs })
  const outbox = createOutbox({ redis, keys })
  const arrivals = lifecycle.add(createArrivals({ redis, keys, log }))
  const arrivalReader = createArrivalReader({ redis, keys })
  const memoryWatch = watchMemory()
  const presence = createPresence({ redis, keys })
  const intake = createIntakeStore({ redis, keys })
  measureStore({ index, outbox, presence, intake, readMemory: () => readMemory(redis), memoryWatch, metrics })
  return {
    redis,
    keys,
    durability,
    arrivals,
    latency: createLatencyReader({ redis, keys, arrivals: arrivalReader }),
    proofs: createFeedProofs({ reader }),
    traceLinks: createTraceLinks({ redis, keys }),
    archives: createArchives({ redis, keys, reader, stored, log }),
    archiveStore,
    audience: createAudienceCount({ redis, keys }),
    audit: createAuditTrail({ redis, keys }),
    eventOverviews: createEventOverviews({ redis, keys }),
    intake,
    pollers: lifecycle.add(createPollers({ redis, keys, log })),
    presence,
    memoryWatch,
    readServer: () => readServer(redis),
    rebroadcast: createRebroadcast({ redis, keys }),
    revocations: createRevocationStore({ redis, keys, maxLifeMs: config.auth.maxLifeMs }),
    users: createUsers({ redis, keys }),
    acceptor: createAcceptor({ redis, keys, idempotencyMs, arrivals, metrics, noteActivity: index.noteActivity }),
    committer: createCommitter({ redis, keys, headWaitMs: config.commit.headWaitMs, arrivals, metrics }),
    index,
    drafts: createDraftReader({ redis, keys, stored }),
    settings: createSettingsWriter({ redis, keys }),
    held: createHeldSubmissions({ redis, keys, stored }),
    deadLetters: createDeadLetters({ redis, keys, stored }),
    strays: createStrays({ redis, keys }),
    outbox,
    reader,
    findGaps: (eventId: string, page: NumbersPage) =>
      auditFeed({ redis, keys, reader, stored, arrivals: arrivalReader }, eventId, page),
    recentUpdates: createRecentUpdates({ redis, keys }),
    replays: createReplays({ redis, keys, stored }),
    submissions: createSubmissionReader({ redis, keys, stored }),
    queue: lifecycle.add(createSubmissionQueue({ redis, prefix: keys.queuePrefix, telemetry: tracing.jobs, log })),
    replayQueue: lifecycle.add(createReplayQueue({ redis, prefix: keys.queuePrefix, log })),
  }
}

/** One subscriber connection, shared by all of this process. */
export async function openAnnouncements({ config, lifecycle, log }: Start, { keys }: Pick<Store, 'keys'>) {
  const subscriber = await connectRedis(config.redis.url, 'subscriber', log)
  return lifecycle.add(createAnnouncements({ subscriber, keys, log }))
}
