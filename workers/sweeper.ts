import { randomUUID } from 'node:crypto'
import type { Committer } from '../src/feed/commit-outcome.ts'
import type { EventIndex } from '../src/feed/event-index.ts'
import type { Outbox } from '../src/feed/outbox.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { SubmissionQueue } from '../src/queue/submission-queue.ts'
import { dead } from './prepare-outcome.ts'

export interface SweeperNeeds {
  readonly index: Pick<EventIndex, 'ids'>
  readonly outbox: Outbox
  readonly queue: Pick<SubmissionQueue, 'addAgain'>
  readonly committer: Committer
  readonly log: Logger
}

/** A submission that stands in the outbox for longer is given to the workers again. */
export const OVERDUE_MS = 2_000
const INTERVAL_MS = 1_000
const MOST_PER_EVENT = 500

/**
 * Finds what fell between two steps: jobs that were never added, lost or destroyed, and commits that wait behind a worker
 * that died. One worker process at a time sweeps; all of them try.
 */
export function startSweeper(needs: SweeperNeeds): Part {
  const { index, outbox, log } = needs
  const me = randomUUID()
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let timer = setTimeout(sweep, INTERVAL_MS)

  function sweep(): void {
    running = sweepOnce(new Date())
      .catch((err: unknown) => log.warn({ err }, 'sweep failed'))
      .then(() => {
        if (!stopped) timer = setTimeout(sweep, INTERVAL_MS)
      })
  }

  async function sweepOnce(now: Date): Promise<void> {
    if (!(await outbox.takeSweep(me, INTERVAL_MS * 3))) return
    for (const eventId of await index.ids()) {
      if (stopped) return
      await sweepEvent(needs, eventId, now)
    }
  }

  return {
    name: 'sweeper',
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** One event's turn. Every step may be repeated, also by two sweepers at once. */
export async function sweepEvent(needs: Omit<SweeperNeeds, 'index'>, eventId: string, now: Date): Promise<void> {
  const { outbox, queue, committer, log } = needs
  const overdue = await outbox.overdue(eventId, now.getTime() - OVERDUE_MS, MOST_PER_EVENT)
  if (overdue.length === 0) return
  for (const { acceptNumber, record } of overdue) {
    if (record.readable) {
      await queue.addAgain({ acceptNumber, submission: record.submission })
      continue
    }
    const ref = { eventId, acceptNumber, submissionId: '', sub: '' }
    await committer.commit(ref, dead('outbox', 'The submission cannot be read.', 0, now), now)
    log.error({ eventId, acceptNumber }, 'outbox record cannot be read; it is kept as a dead letter')
  }
  const { walkInMs } = await committer.walk(eventId, now)
  log.warn({ eventId, overdue: overdue.length, walkInMs }, 'overdue submissions were handed out again')
}
