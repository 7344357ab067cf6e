import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { LatencyReader } from '../feed/latency-series.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import { reaches, type Tokens } from '../foundation/tokens.ts'
import { EventId } from '../protocol/update.ts'
import { readOpsAnywhere } from './ops-request.ts'

export interface LatencyRouteNeeds {
  readonly tokens: Tokens
  readonly latency: LatencyReader
}

const Asked = z.strictObject({ eventId: EventId.optional() })

/** Half a day: a longer past is Prometheus' to keep. */
export const MAX_MINUTES = 720

/**
 * GET /v1/ops/latency?eventId=&minutes=: how long submissions took, minute by minute, of one event or of all that the token
 * is for. For ops.
 */
export function createLatencyRoute(needs: LatencyRouteNeeds): Router {
  const routes = Router()
  routes.get('/v1/ops/latency', getLatency(needs))
  return routes
}

function getLatency({ tokens, latency }: LatencyRouteNeeds): RequestHandler {
  return async (req, res) => {
    const { subject } = await readOpsAnywhere(req, res, tokens)
    const minutes = queryNumber(req.query['minutes'], 'minutes', { min: 1, max: MAX_MINUTES, default: 60 })
    const { eventId } = accept(Asked, { eventId: req.query['eventId'] })
    const eventIds = eventId === undefined ? subject.events : [eventId]
    if (eventIds?.some(id => !reaches(subject, id))) throw new Refusal('not-allowed', 'This token is for other events.')
    res.set('Cache-Control', 'no-store').json(await latency.read({ eventIds, minutes }, new Date()))
  }
}
