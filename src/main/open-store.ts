import { createAcceptor } from '../feed/accept-submission.ts'
import { createAnnouncements } from '../feed/announcements.ts'
import { createArchives } from '../feed/archive/archives.ts'
import { createAuditTrail } from '../feed/audit-trail.ts'
import { createCommitter } from '../feed/commit-outcome.ts'
import { createDraftReader } from '../feed/draft-reader.ts'
import { createEventIndex } from '../feed/event-index.ts'
import { auditFeed } from '../feed/gap-audit.ts'
import { createHeldSubmissions } from '../feed/held-submissions.ts'
import { createSettingsWriter } from '../feed/normalization-settings.ts'
import { createOutbox } from '../feed/outbox.ts'
import { createRebroadcast } from '../feed/rebroadcast.ts'
import { createRecentUpdates } from '../feed/recent-updates.ts'
import { createFeedReader } from '../feed/redis-feed-reader.ts'
import { createReplays } from '../feed/replays.ts'
import { createSubmissionReader } from '../feed/submission-reader.ts'
import { measureStore } from '../ops/measure-store.ts'
import { createReplayQueue } from '../queue/replay-queue.ts'
import { createSubmissionQueue } from '../queue/submission-queue.ts'
import { checkRedis, connectRedis, type Durability } from '../redis/connect.ts'
import { readMemory } from '../redis/info.ts'
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
export async function openStore({ config, lifecycle, log, metrics }: Start) {
  const { url, prefix } = config.redis
  const keys = keysFor(prefix)
  const redis = withScripts(await connectRedis(url, 'command', log))
  lifecycle.add({ name: 'redis', stop: async () => redis.disconnect() })
  const durability = await checkRedis(redis)
  if (durability !== 'always') log.warn({ durability }, LOSSES[durability])
  const { idempotencyMs } = config.accept
  const reader = createFeedReader({ redis, keys })
  const index = createEventIndex({ redis, keys, idempotencyMs })
  const outbox = createOutbox({ redis, keys })
  measureStore({ index, outbox, readMemory: () => readMemory(redis), metrics })
  return {
    redis,
    keys,
    durability,
    archives: createArchives({ redis, keys, reader, log }),
    audit: createAuditTrail({ redis, keys }),
    rebroadcast: createRebroadcast({ redis, keys }),
    acceptor: createAcceptor({ redis, keys, idempotencyMs, metrics }),
    committer: createCommitter({ redis, keys, headWaitMs: config.commit.headWaitMs, metrics }),
    index,
    drafts: createDraftReader({ redis, keys }),
    settings: createSettingsWriter({ redis, keys }),
    held: createHeldSubmissions({ redis, keys }),
    outbox,
    reader,
    findGaps: (eventId: string) => auditFeed({ redis, keys, reader }, eventId),
    recentUpdates: createRecentUpdates({ redis, keys }),
    replays: createReplays({ redis, keys }),
    submissions: createSubmissionReader({ redis, keys }),
    queue: lifecycle.add(createSubmissionQueue({ redis, prefix: keys.queuePrefix, log })),
    replayQueue: lifecycle.add(createReplayQueue({ redis, prefix: keys.queuePrefix, log })),
  }
}

/** One subscriber connection, shared by all of this process. */
export async function openAnnouncements({ config, lifecycle, log }: Start, { keys }: Pick<Store, 'keys'>) {
  const subscriber = await connectRedis(config.redis.url, 'subscriber', log)
  return lifecycle.add(createAnnouncements({ subscriber, keys, log }))
}
