import type { Announcements } from '../src/feed/announcements.ts'
import { createTurn } from '../src/feed/turn.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import { openMetricsPort } from '../src/main/metrics-port.ts'
import { openAnnouncements, openStore, type Store } from '../src/main/open-store.ts'
import { runProcess, type Start } from '../src/main/run.ts'
import { tellPresence } from '../src/main/tell-presence.ts'
import { startScheduledBackups } from '../src/ops/backup/schedule-backups.ts'
import { createHealth } from '../src/ops/health.ts'
import { connectRedis } from '../src/redis/connect.ts'
import { createHeadWaits } from './head-waits.ts'
import { startReplayWorker } from './replay-worker.ts'
import { startSubmissionWorker } from './submission-worker.ts'
import { startSweeper } from './sweeper.ts'

/** The worker process: normalizes and commits. It serves HTTP on METRICS_PORT alone. */
export function run(parts: readonly Part[] = []): Promise<void> {
  return runProcess('worker', parts, async start => {
    const store = await openStore(start)
    start.lifecycle.add(await tellPresence(start, store.presence, 'worker'))
    await startWorker(start, store, await openAnnouncements(start, store))
    await openMetricsPort(start, createHealth({ ...store, writeProbe: store.keys.writeProbe, reasons: () => [] }))
    start.log.info('worker is ready')
  })
}

export async function startWorker(
  { config, lifecycle, log, metrics, tracing }: Start,
  store: Store,
  announcements: Announcements,
): Promise<void> {
  const { committer, keys } = store
  const redis = await connectRedis(config.redis.url, 'worker', log)
  lifecycle.add({ name: 'worker connection', stop: async () => redis.disconnect() })
  const headWaits = lifecycle.add(createHeadWaits({ committer, log }))
  const { concurrency } = config.worker
  const needs = { ...store, redis, queuePrefix: keys.queuePrefix, headWaits, concurrency, metrics, tracing, log }
  lifecycle.add(startSubmissionWorker(needs))
  lifecycle.add(startSweeper({ ...store, log }))
  const turn = createTurn({ redis: store.redis, key: keys.backingUp })
  lifecycle.add(startScheduledBackups({ ...store, ...config.backup, turn, metrics, log }))
  const { replays: replayConcurrency } = config.worker
  lifecycle.add(startReplayWorker({ ...needs, announcements, concurrency: replayConcurrency }))
}
