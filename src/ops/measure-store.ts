import type { EventIndex } from '../feed/event-index.ts'
import type { IntakeStore } from '../feed/intake.ts'
import type { Outbox } from '../feed/outbox.ts'
import type { Presence } from '../feed/presence.ts'
import { isOutage } from '../foundation/http/answer-problem.ts'
import { type Metrics, secondsSince } from '../foundation/metrics.ts'
import type { MemoryUse, MemoryWatch } from './memory-watch.ts'

export interface MeasureStoreNeeds {
  readonly index: Pick<EventIndex, 'ids'>
  readonly outbox: Pick<Outbox, 'backlog'>
  readonly presence: Pick<Presence, 'list'>
  readonly intake: Pick<IntakeStore, 'read'>
  readMemory(): Promise<MemoryUse>
  readonly memoryWatch: MemoryWatch
  readonly metrics: Pick<Metrics, 'onScrape'> & StoreGauges
}

type StoreGauges = Pick<
  Metrics,
  | 'redisUp'
  | 'redisMemoryBytes'
  | 'redisMemoryLimitBytes'
  | 'redisMemoryFullSeconds'
  | 'outboxOldestSeconds'
  | 'outboxSize'
  | 'audience'
  | 'processes'
  | 'intakePaused'
>

/**
 * Looks at Redis with each scrape: every process does, so that it is noticed when there is no worker at all. While Redis is
 * away its gauges stay as they were last seen.
 */
export function measureStore(needs: MeasureStoreNeeds): void {
  const { index, outbox, presence, intake, readMemory, memoryWatch, metrics } = needs

  async function measure(): Promise<void> {
    const { usedBytes, limitBytes, secondsUntilFull } = memoryWatch(await readMemory())
    metrics.redisMemoryBytes.set(usedBytes)
    metrics.redisMemoryLimitBytes.set(limitBytes)
    metrics.redisMemoryFullSeconds.set(secondsUntilFull)
    const { size, oldestMs } = await outbox.backlog(await index.ids())
    metrics.outboxSize.set(size)
    metrics.outboxOldestSeconds.set(oldestMs === undefined ? 0 : secondsSince(oldestMs))
    const processes = await presence.list()
    metrics.processes.set(processes.length)
    metrics.audience.set(processes.reduce((sum, { viewers }) => sum + viewers, 0))
    metrics.intakePaused.set((await intake.read()).paused ? 1 : 0)
  }

  metrics.onScrape(async () => {
    try {
      await measure()
      metrics.redisUp.set(1)
    } catch (error) {
      if (!isOutage(error)) throw error
      metrics.redisUp.set(0)
    }
  })
}
