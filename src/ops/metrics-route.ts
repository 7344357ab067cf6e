import { type RequestHandler, Router } from 'express'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import type { Metrics } from '../foundation/metrics.ts'
import { hasRole, type Tokens } from '../foundation/tokens.ts'

export interface MetricsRouteNeeds {
  readonly metrics: Pick<Metrics, 'scrape' | 'contentType'>
  /** Who may read: bearers of these tokens in the role ops, or everybody who reaches a port that is for nothing else. */
  readonly readers: Tokens | 'everybody'
}

/** GET /metrics, in the text format of Prometheus. */
export function createMetricsRoute({ metrics, readers }: MetricsRouteNeeds): Router {
  const routes = Router()
  const answer: RequestHandler = async (req, res) => {
    if (readers !== 'everybody') {
      const subject = await someBearerOf(req, readers)
      if (!hasRole(subject, 'ops')) throw new Refusal('not-allowed', 'This needs the role ops.')
    }
    res.set({ 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).send(await metrics.scrape())
  }
  routes.get('/metrics', answer)
  return routes
}
