import { randomUUID } from 'node:crypto'
import type { EventIndex } from '../src/feed/event-index.ts'
import type { Outbox } from '../src/feed/outbox.ts'
import type { Strays } from '../src/feed/strays.ts'
import type { Part } from '../src/foundation/lifecycle.ts'
import type { SubmissionQueue } from '../src/queue/submission-queue.ts'
import { type SweepJobsNeeds, sweepJobs } from './sweep-jobs.ts'
import { type SweepOutboxNeeds, sweepOutbox } from './sweep-outbox.ts'
import { type SweepReplaysNeeds, sweepReplays } from './sweep-replays.ts'
import { type SweepStraysNeeds, sweepStrays } from './sweep-strays.ts'

export interface SweeperNeeds extends SweepOutboxNeeds, SweepJobsNeeds, SweepStraysNeeds, SweepReplaysNeeds {
  readonly index: Pick<EventIndex, 'ids'>
  readonly outbox: Outbox
  readonly strays: Strays
  readonly queue: Pick<SubmissionQueue, 'addAgain' | 'find' | 'takeAway' | 'broken' | 'remove'>
}

const INTERVAL_MS = 1_000
/** Each so manieth sweep looks for what is rare as well. */
const THOROUGH_EVERY = 5

/**
 * Finds what fell between two steps: jobs that were never added, lost or destroyed, commits that wait behind a worker that
 * died, submissions that nothing can be made of (they become dead letters), replays without a job. One worker process at
 * a time sweeps; all of them try.
 */
export function startSweeper(needs: SweeperNeeds): Part {
  const { index, outbox, log } = needs
  let suspects: ReadonlySet<string> = new Set()
  let sweeps = 0
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
    const isThorough = sweeps % THOROUGH_EVERY === 0
    sweeps += 1
    // Before the outboxes: what is left of a job may be all that is left of a submission.
    suspects = await sweepJobs(needs, suspects)
    if (isThorough) await sweepStrays(needs, now)
    for (const eventId of await index.ids()) {
      if (stopped) return
      if (isThorough) await sweepThoroughly(needs, eventId, now)
      await sweepOutbox(needs, eventId, now)
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

async function sweepThoroughly(needs: SweeperNeeds, eventId: string, now: Date): Promise<void> {
  const missing = await needs.outbox.mendTimes(eventId, now)
  if (missing.length > 0)
    needs.log.warn({ eventId, missing }, 'accept numbers that stood nowhere are looked after again')
  await sweepReplays(needs, eventId)
}
