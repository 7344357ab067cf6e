import { type Config, readConfig } from '../foundation/config.ts'
import { Lifecycle, type Part, stopOnSignals } from '../foundation/lifecycle.ts'
import { createLogger, type Logger } from '../foundation/logger.ts'
import { createMetrics, type Metrics } from '../foundation/metrics.ts'

/** What every process is started with. Parts that are added stop in reverse order. */
export interface Start {
  readonly config: Config
  readonly lifecycle: Lifecycle
  readonly log: Logger
  readonly metrics: Metrics
}

/** All parts have this long to stop, beside the time in which viewers are drained. */
const GRACE_MS = 8_000

/**
 * Runs one process: reads the environment, starts its parts, and stops them in order on SIGTERM and SIGINT.
 * `parts` were started before and are stopped last. Rejects, with everything stopped, when a part does not start.
 */
export async function runProcess(
  name: string,
  parts: readonly Part[],
  start: (context: Start) => Promise<void>,
): Promise<void> {
  const config = readConfig(process.env)
  const log = createLogger(config.log.level, name)
  const lifecycle = new Lifecycle(log)
  for (const part of parts) lifecycle.add(part)
  stopOnSignals(lifecycle, log, GRACE_MS + config.gateway.drainMs)
  try {
    await start({ config, lifecycle, log, metrics: createMetrics() })
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}
