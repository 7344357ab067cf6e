import type { Committer } from '../src/feed/commit-outcome.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { Logger } from '../src/foundation/logger.ts'

export interface HeadWaits extends Part {
  /** Walks the event's commits when the wait for a number that is not ready is over. One timer per event. */
  walkIn(eventId: string, ms: number): void
}

/** Who left something waiting comes back for it; if this process dies first, the sweeper does. */
export function createHeadWaits({ committer, log }: { committer: Committer; log: Logger }): HeadWaits {
  const timers = new Map<string, NodeJS.Timeout>()

  async function walk(eventId: string): Promise<void> {
    timers.delete(eventId)
    const { walkInMs } = await committer.walk(eventId, new Date())
    if (walkInMs !== undefined) walkIn(eventId, walkInMs)
  }

  function walkIn(eventId: string, ms: number): void {
    if (timers.has(eventId)) return
    const timer = setTimeout(() => {
      walk(eventId).catch((err: unknown) => log.warn({ err, eventId }, 'walk failed; the sweeper walks'))
    }, ms + 1)
    timers.set(eventId, timer)
  }

  return {
    name: 'head waits',
    walkIn,
    async stop() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
