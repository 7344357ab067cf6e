import type { Router } from 'express'
import type { Tokens } from '../foundation/tokens.ts'
import { createMetricsRoute } from '../ops/metrics-route.ts'
import { createHttpApp } from './http-app.ts'
import { listen } from './listen.ts'
import type { Start } from './run.ts'

/** /metrics on the port of everything else, for the role ops; nothing where it has a port of its own. */
export function metricsOnMainPort({ config, metrics }: Start, tokens: Tokens): Router[] {
  return config.metrics.port === undefined ? [createMetricsRoute({ metrics, readers: tokens })] : []
}

/** Serves /metrics, and `others`, on METRICS_PORT without tokens; without it, nothing. */
export async function openMetricsPort(start: Start, ...others: readonly Router[]): Promise<void> {
  const { config, lifecycle, log, metrics } = start
  const { port } = config.metrics
  if (port === undefined) return
  const app = createHttpApp(start, [createMetricsRoute({ metrics, readers: 'everybody' }), ...others])
  const { url } = lifecycle.add(await listen({ host: config.http.host, port, variable: 'METRICS_PORT' }, app))
  log.info({ url: `${url}/metrics` }, 'metrics are served')
}
