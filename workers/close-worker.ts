import type { Worker } from 'bullmq'
import type { Logger } from '../src/foundation/logger.ts'

/** What is under way may finish for so long; a part has a little more to stop. */
const GRACE_MS = 3_000

/**
 * Closes a worker, and cuts its connections when that does not end: BullMQ waits for the end of the connection that waits
 * for jobs, of which a cluster whose nodes were replaced does not always tell. A job that was cut off is another's after a
 * while, and whatever it does is done once all the same.
 */
export async function closeWorker(worker: Pick<Worker, 'close' | 'disconnect'>, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), GRACE_MS)
  })
  const ended = await Promise.race([worker.close(), late])
  clearTimeout(timer)
  if (ended !== 'late') return
  log.warn({ graceMs: GRACE_MS }, 'worker did not close and is cut off')
  // Not waited for: it is the end of these connections that is not told.
  worker.disconnect().catch((err: unknown) => log.debug({ err }, 'worker was cut off already'))
}
