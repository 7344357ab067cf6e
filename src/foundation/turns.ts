import { setTimeout as pause } from 'node:timers/promises'

export interface Turns {
  /** Runs the task when it is its turn; gives what it gives. */
  take<T>(task: () => Promise<T>): Promise<T>
}

/**
 * Tasks that run one after the other, with a rest after each: `restShare` times as long as it took, and at least `minRestMs`.
 * However many there are, together they take a bounded share of this process's time, and of that of the Redis they ask.
 */
export function createTurns({ restShare, minRestMs }: { restShare: number; minRestMs: number }): Turns {
  let last: Promise<unknown> = Promise.resolve()

  async function rest(tookMs: number): Promise<void> {
    await pause(Math.max(minRestMs, tookMs * restShare))
  }

  return {
    take(task) {
      const turn = last.then(async () => {
        const began = performance.now()
        const settled = await Promise.allSettled([task()])
        return { outcome: settled[0], tookMs: performance.now() - began }
      })
      last = turn.then(({ tookMs }) => rest(tookMs))
      return turn.then(({ outcome }) => {
        if (outcome.status === 'rejected') throw outcome.reason
        return outcome.value
      })
    },
  }
}
