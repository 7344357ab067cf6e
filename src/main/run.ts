import { randomUUID } from 'node:crypto'
import { type Config, readConfig } from '../foundation/config.ts'
import { Lifecycle, type Part, stopOnSignals } from '../foundation/lifecycle.ts'
import { createLogger, type Logger } from '../foundation/logger.ts'
import { createMetrics, type Metrics } from '../foundation/metrics.ts'
import type { Tracing } from '../foundation/tracing.ts'
import { startTracing } from './start-tracing.ts'

/** What every process is started with. Parts that are added stop in reverse order. */
export interface Start {
  /** This process, as others see it: a UUID. */
  readonly id: string
  readonly config: Config
  readonly lifecycle: Lifecycle
  readonly log: Logger
  readonly metrics: Metrics
  readonly tracing: Tracing
  /** Ends this process as SIGTERM does, for the reason given. */
  readonly end: (reason: string) => void
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
  const end = stopOnSignals(lifecycle, log, GRACE_MS + config.gateway.drainMs)
  try {
    const id = randomUUID()
    const tracing = await startTracing({ id, name, config, lifecycle, log })
    await start({ id, config, lifecycle, log, metrics: createMetrics(), tracing, end })
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}
