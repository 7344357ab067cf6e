import type { Config } from '../foundation/config.ts'
import type { Lifecycle } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { NO_TRACING, type Tracing } from '../foundation/tracing.ts'

export interface TracingStart {
  readonly id: string
  readonly name: string
  readonly config: Config
  readonly lifecycle: Lifecycle
  readonly log: Logger
}

/** Tracing as the environment has it: off, nothing of it is even loaded. */
export async function startTracing({ id, name, config, lifecycle, log }: TracingStart): Promise<Tracing> {
  const { endpoint, share } = config.traces
  if (endpoint === undefined) return NO_TRACING
  const { startOtlpTracing } = await import('./otlp-tracing.ts')
  return lifecycle.add(startOtlpTracing({ endpoint, share, processName: name, processId: id, log }))
}
