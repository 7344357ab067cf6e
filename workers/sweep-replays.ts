import type { Replays } from '../src/feed/replays.ts'
import type { Logger } from '../src/foundation/logger.ts'
import type { ReplayQueue } from '../src/queue/replay-queue.ts'

export interface SweepReplaysNeeds {
  readonly replays: Pick<Replays, 'list'>
  readonly replayQueue: Pick<ReplayQueue, 'addIfLost'>
  readonly log: Logger
}

/** A running replay whose job vanished stands still for ever: it is given to the workers again. */
export async function sweepReplays({ replays, replayQueue, log }: SweepReplaysNeeds, eventId: string): Promise<void> {
  for (const { id: replayId, state, seq, to, lap } of await replays.list(eventId)) {
    if (state !== 'running' || seq >= to) continue
    if (await replayQueue.addIfLost({ eventId, replayId, lap })) {
      log.warn({ eventId, replayId, lap }, 'replay had no job, and was given to the workers again')
    }
  }
}
