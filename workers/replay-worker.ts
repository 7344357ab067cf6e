import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Announcements } from '../src/feed/announcements.ts'
import type { FeedReader } from '../src/feed/feed-reader.ts'
import { committedAt, type Replays, type RunningReplay } from '../src/feed/replays.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { Metrics } from '../src/foundation/metrics.ts'
import { REPLAY_QUEUE, ReplayJob } from '../src/queue/replay-queue.ts'
import { MAX_BATCH, paceOf } from './replay-pace.ts'

export interface ReplayWorkerNeeds {
  readonly redis: Redis
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
/** A resting replay looks at itself this often, should a word of its change be lost. */
const REST_MS = 5_000
/** A worker that stops hands its replays over this soon. */
const HAND_OVER_MS = 100
/** Pause between two batches at full speed, so that live rooms on the same machine keep their pace. */
const BREATH_MS = 20

/** Sends replays' entries at their pace. A replay's place is in Redis: it is moved there before anybody is sent anything. */
export function startReplayWorker(needs: ReplayWorkerNeeds): Part {
  const { redis, queuePrefix, announcements, concurrency, metrics, log } = needs
  const stopping = new AbortController()

  async function process(job: Job, token?: string): Promise<void> {
    const parsed = ReplayJob.safeParse(job.data)
    if (!parsed.success) throw new UnrecoverableError(`job data cannot be read: ${parsed.error.message}`)
    const { eventId, replayId } = parsed.data
    const bell = createBell()
    const ring = () => bell.ring()
    const leave = await announcements.listenToReplay(eventId, replayId, { changed: ring, reconnected: ring })
    stopping.signal.addEventListener('abort', ring)
    metrics.replays.inc()
    try {
      await play(needs, parsed.data, bell, stopping.signal)
    } finally {
      metrics.replays.dec()
      stopping.signal.removeEventListener('abort', ring)
      leave()
    }
    if (stopping.signal.aborted) {
      await job.moveToDelayed(Date.now() + HAND_OVER_MS, token)
      throw new DelayedError()
    }
    log.info({ eventId, replayId, lap: parsed.data.lap }, 'lap of a replay ended')
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
      await worker.close()
    },
  }
}

type Bell = ReturnType<typeof createBell>

/** Until somebody rings, or the time is over. A ring before the wait counts. */
function createBell() {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(ms: number): Promise<void> {
      if (!rung) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
      wake = undefined
    },
  }
}

const LONGEST_TIMER_MS = 60_000

/** Plays a lap until the replay has ended, was sought or is gone, or this worker stops. */
async function play(
  needs: ReplayWorkerNeeds,
  { eventId, replayId, lap }: ReplayJob,
  bell: Bell,
  stopping: AbortSignal,
): Promise<void> {
  const { replays, reader } = needs
  while (!stopping.aborted) {
    const replay = await replays.findRunning(eventId, replayId)
    if (replay === undefined || replay.lap !== lap) return
    const pace = paceOf(replay, await timesAfter(reader, replay), Date.now())
    switch (pace.do) {
      case 'end':
        return
      case 'rest':
        await bell.wait(REST_MS)
        break
      case 'wait':
        await bell.wait(Math.min(pace.ms, LONGEST_TIMER_MS))
        break
      case 'send':
        await replays.advance(replay, pace.seq, pace.dueAt, { step: false })
        if (replay.speed === 'max') await bell.wait(BREATH_MS)
    }
  }
}

/** When the entry last sent and those after it were committed, for as many as one advance may send. */
async function timesAfter(
  reader: FeedReader,
  { eventId, from, to, seq, speed, state }: RunningReplay,
): Promise<number[]> {
  if (state !== 'running' || typeof speed !== 'number' || seq >= to) return []
  const first = Math.max(seq, from)
  const read = await reader.linesAfter(eventId, { seq: first - 1 }, Math.min(MAX_BATCH, to - first + 1))
  if (!read.found) return []
  const times = read.lines.map(committedAt)
  // Before the first entry there is no interval: it is due at once.
  return seq < from ? [times[0] ?? 0, ...times] : times
}
