import type { Worker } from 'bullmq'
import type { Logger } from '../src/foundation/logger.ts'

/** A worker that Redis refuses rests this long before it asks again. */
const REST_MS = 1_000

/**
 * BullMQ asks again at once when Redis answers with an error (its disk is full, it may not write): a worker would spin
 * and fill the log for as long as that lasts. So it rests after each error, and tells of one per rest.
 * Returns what ends the rests, for when the worker stops.
 */
export function restAfterErrors(worker: Pick<Worker, 'on' | 'pause' | 'resume'>, log: Logger): () => void {
  let rest: NodeJS.Timeout | undefined
  worker.on('error', err => {
    if (err instanceof SyntaxError) {
      // One job's record is no JSON: that is no reason to keep the others waiting. The sweeper takes it away.
      log.warn({ err }, 'a job record cannot be read; the sweeper takes it away')
      return
    }
    if (rest !== undefined) return
    log.warn({ err, restMs: REST_MS }, 'submission worker has trouble with Redis and rests')
    rest = setTimeout(() => {
      rest = undefined
      worker.resume()
    }, REST_MS)
    worker.pause(true).catch((error: unknown) => log.warn({ err: error }, 'submission worker could not rest'))
  })
  return () => clearTimeout(rest)
}
