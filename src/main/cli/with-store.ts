import { Lifecycle } from '../../foundation/lifecycle.ts'
import { createLogger, type Logger } from '../../foundation/logger.ts'
import { createMetrics } from '../../foundation/metrics.ts'
import type { Store } from '../open-store.ts'
import type { CliContext } from './command.ts'

/** For a command that speaks to Redis itself: what is opened for it is closed behind it, also when it fails. */
export async function withStore<T>(
  context: Pick<CliContext, 'configWithRedis'>,
  work: (store: Store, log: Logger) => Promise<T>,
): Promise<T> {
  // Loaded only here: most commands and every completion do without it.
  const { openStore } = await import('../open-store.ts')
  const config = await context.configWithRedis()
  const log = createLogger('silent', 'dateline')
  const lifecycle = new Lifecycle(log)
  try {
    return await work(await openStore({ config, lifecycle, log, metrics: createMetrics() }), log)
  } finally {
    await lifecycle.stop()
  }
}
