import { createStoredEvents } from '../../src/feed/archive/stored-events.ts'
import { createDeadLetters, type DeadLetters } from '../../src/feed/dead-letters.ts'
import { createEventIndex } from '../../src/feed/event-index.ts'
import { createOutbox } from '../../src/feed/outbox.ts'
import { createRecentUpdates } from '../../src/feed/recent-updates.ts'
import { createReplays, type Replays } from '../../src/feed/replays.ts'
import { createStrays, type Strays } from '../../src/feed/strays.ts'
import { createTraceLinks } from '../../src/feed/trace-links.ts'
import { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { NO_TRACING } from '../../src/foundation/tracing.ts'
import type { Submission } from '../../src/protocol/submission.ts'
import { createReplayQueue, type ReplayQueue } from '../../src/queue/replay-queue.ts'
import { createSubmissionQueue, type SubmissionQueue } from '../../src/queue/submission-queue.ts'
import { connectRedis } from '../../src/redis/connect.ts'
import { createHeadWaits } from '../../workers/head-waits.ts'
import { startSubmissionWorker } from '../../workers/submission-worker.ts'
import { startSweeper } from '../../workers/sweeper.ts'
import { acceptRequest, anEvent, eventSubmission } from './build.ts'
import { test as base } from './redis.ts'

export interface WorkerFixture {
  queue: SubmissionQueue
  replayQueue: ReplayQueue
  replays: Replays
  strays: Strays
  deadLetters: DeadLetters
  /** Starts a worker process's parts; they stop after the test. */
  startWorker: (options?: { sweeps: boolean }) => Promise<void>
  /** Accepts a submission without giving it to the queue. */
  accept: (submission: Submission) => Promise<number>
}

/** With the event `talks`, and the parts of a worker process. */
export const test = base.extend<WorkerFixture>({
  queue: async ({ redis, keys, log }, use) => {
    const queue = createSubmissionQueue({ redis, prefix: keys.queuePrefix, log })
    await use(queue)
    await queue.stop()
  },
  replayQueue: async ({ redis, keys, log }, use) => {
    const queue = createReplayQueue({ redis, prefix: keys.queuePrefix, log })
    await use(queue)
    await queue.stop()
  },
  replays: async ({ redis, keys, log }, use) => {
    const readStored = () => Promise.reject(new Error('no event is in the archive store here'))
    const stored = createStoredEvents({ redis, keys, readStored, log })
    await use(createReplays({ redis, keys, stored }))
    await stored.stop()
  },
  strays: async ({ redis, keys }, use) => use(createStrays({ redis, keys })),
  deadLetters: async ({ redis, keys }, use) => use(createDeadLetters({ redis, keys })),
  startWorker: async (
    { redis, keys, queue, replayQueue, replays, strays, deadLetters, arrivals, acceptor, committer, metrics, log },
    use,
  ) => {
    const lifecycle = new Lifecycle(log)
    await use(async ({ sweeps } = { sweeps: true }) => {
      const connection = await connectRedis(process.env['REDIS_URL'] ?? '', 'worker', log)
      lifecycle.add({ name: 'connection', stop: async () => connection.disconnect() })
      const headWaits = lifecycle.add(createHeadWaits({ committer, log }))
      const recentUpdates = createRecentUpdates({ redis, keys })
      const outbox = createOutbox({ redis, keys })
      const shared = { committer, acceptor, queue, outbox, strays, deadLetters, log }
      const needs = {
        ...shared,
        ...{ redis: connection, queuePrefix: keys.queuePrefix, headWaits, metrics, recentUpdates, arrivals },
        ...{ tracing: NO_TRACING, traceLinks: createTraceLinks({ redis, keys }) },
      }
      lifecycle.add(startSubmissionWorker({ ...needs, concurrency: 10 }))
      if (!sweeps) return
      const index = createEventIndex({ redis, keys, idempotencyMs: 60_000 })
      lifecycle.add(startSweeper({ ...shared, index, replays, replayQueue }))
    })
    await lifecycle.stop()
  },
  accept: async ({ redis, keys, acceptor, committer }, use) => {
    const created = eventSubmission(anEvent('talks', new Date()), new Date())
    await redis.zadd(keys.index, Date.now(), 'talks')
    await acceptor.accept(acceptRequest(created), new Date())
    const ref = { eventId: 'talks', acceptNumber: 1, submissionId: created.submissionId, sub: 'anna' }
    await committer.commit(ref, { kind: 'event', event: created.event }, new Date())
    await use(async submission => {
      const answer = await acceptor.accept(acceptRequest(submission), new Date())
      if (answer.result !== 'accepted') throw new Error(answer.result)
      return answer.acceptNumber
    })
  },
})
