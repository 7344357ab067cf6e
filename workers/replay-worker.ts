import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Announcements } from '../src/feed/announcements.ts'
import type { FeedReader } from '../src/feed/feed-reader.ts'
import type { Replays, RunningReplay } from '../src/feed/replays.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { Metrics } from '../src/foundation/metrics.ts'
import { createTurns } from '../src/foundation/turns.ts'
import { REPLAY_QUEUE, ReplayJob } from '../src/queue/replay-queue.ts'
import type { RedisConnection } from '../src/redis/nodes.ts'
import { createBell } from './bell.ts'
import { closeWorker } from './close-worker.ts'
import { playReplay } from './play-replay.ts'

export interface ReplayWorkerNeeds {
  readonly redis: RedisConnection
  readonly queuePrefix: string
  readonly replays: Replays
  readonly reader: FeedReader
  readonly announcements: Announcements
  /** Replays at a time in this process. */
  readonly concurrency: number
  readonly metrics: Pick<Metrics, 'replays'>
  readonly log: Logger
}

/** Another worker goes on with a killed worker's replay within LOCK_MS + STALLED_CHECK_MS. */
const LOCK_MS = 4_000
const STALLED_CHECK_MS = 2_000
const MAX_STALLS = 1_000
/** A worker that stops hands its replays over this soon. */
const HAND_OVER_MS = 100
/** All replays at full speed together leave most of the time to what is live on the same machine. */
const FULL_SPEED = { restShare: 1, minRestMs: 6 }

/** Sends replays' entries at their pace. */
export function startReplayWorker(needs: ReplayWorkerNeeds): Part {
  const { redis, queuePrefix, replays, reader, announcements, concurrency, metrics, log } = needs
  const stopping = new AbortController()
  const turns = createTurns(FULL_SPEED)

  async function process(job: Job, token?: string): Promise<void> {
    const parsed = ReplayJob.safeParse(job.data)
    if (!parsed.success) throw new UnrecoverableError(`job data cannot be read: ${parsed.error.message}`)
    const { eventId, replayId, lap } = parsed.data
    const bell = createBell()
    const leave = await announcements.listenToReplay(eventId, replayId, { changed: bell.ring, reconnected: bell.ring })
    stopping.signal.addEventListener('abort', bell.ring)
    metrics.replays.inc()
    try {
      const played = await playReplay({ replays, reader, turns, bell, stopping: stopping.signal }, parsed.data)
      if (stopping.signal.aborted) await putAside(job, HAND_OVER_MS, token)
      if (played.state === 'idle') await putAside(job, played.lookAgainMs, token, played.seen)
    } finally {
      metrics.replays.dec()
      stopping.signal.removeEventListener('abort', bell.ring)
      leave()
    }
    log.info({ eventId, replayId, lap }, 'lap of a replay ended')
  }

  /** Gives the job back for so long. One that was changed in the meantime is taken up at once. */
  async function putAside(job: Job, ms: number, token?: string, seen?: RunningReplay): Promise<never> {
    await job.moveToDelayed(Date.now() + ms, token)
    if (seen !== undefined && !isSame(seen, await replays.findRunning(seen.eventId, seen.id))) {
      // Whoever changed it may have been first.
      await job.promote().catch((err: unknown) => log.debug({ err, jobId: job.id }, 'replay was taken up already'))
    }
    throw new DelayedError()
  }

  const worker = new Worker(REPLAY_QUEUE, process, {
    connection: redis,
    prefix: queuePrefix,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLS,
    skipVersionCheck: true,
  })
  worker.on('error', err => log.warn({ err }, 'replay worker has trouble with Redis'))
  worker.on('failed', (job, err) => log.warn({ err, jobId: job?.id }, 'replay was interrupted and goes on'))

  return {
    name: 'replay worker',
    async stop() {
      stopping.abort()
      await closeWorker(worker, log)
    },
  }
}

function isSame(seen: RunningReplay, now: RunningReplay | undefined): boolean {
  return JSON.stringify(seen) === JSON.stringify(now)
}
