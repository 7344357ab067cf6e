import type { Queue } from 'bullmq'
import type { QueueCounts, QueueName } from '../protocol/ops.ts'

/** A queue as ops see it and steer it. */
export interface QueueDoor {
  readonly name: QueueName
  /** For a page that shows its jobs; nothing is added or changed through it. */
  readonly queue: Queue
  counts(): Promise<QueueCounts>
  /** While it is paused, no worker takes another job; those that are under way are finished. Lasts over restarts. */
  setPaused(paused: boolean): Promise<void>
}

export function queueDoor(name: QueueName, queue: Queue): QueueDoor {
  return {
    name,
    queue,
    async counts() {
      const [counts, paused] = await Promise.all([
        queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed'),
        queue.isPaused(),
      ])
      const { wait = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts
      return { name, waiting: wait + prioritized, active, delayed, failed, paused }
    },
    setPaused: paused => (paused ? queue.pause() : queue.resume()),
  }
}
