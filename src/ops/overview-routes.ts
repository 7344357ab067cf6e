import { type RequestHandler, Router } from 'express'
import type { AuditTrail } from '../feed/audit-trail.ts'
import type { ActivePlace } from '../feed/event-index.ts'
import { Refusal } from '../foundation/errors.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { readOpsAnywhere, readOpsForAll } from './ops-request.ts'
import { createOverview, type OverviewNeeds } from './overview.ts'

export interface OverviewRoutesNeeds extends OverviewNeeds {
  readonly tokens: Tokens
  readonly audit: Pick<AuditTrail, 'pageForAll'>
}

export const MAX_OVERVIEW_EVENTS = 200
const MAX_DEEDS = 500

const PLACE = /^(\d{1,15}):([a-z0-9][a-z0-9-]{0,63})$/
const AUDIT_ID = /^\d{1,15}-\d{1,10}$/

/** What runs, and what ops did to it. For ops. */
export function createOverviewRoutes(needs: OverviewRoutesNeeds): Router {
  const routes = Router()
  routes.get('/v1/ops/overview', getOverview(needs))
  routes.get('/v1/ops/audit', getAudit(needs))
  return routes
}

/** GET /v1/ops/overview?limit=&after=: with an RFC 8288 link to the next page of events. */
function getOverview({ tokens, ...needs }: OverviewRoutesNeeds): RequestHandler {
  const look = createOverview(needs)
  return async (req, res) => {
    const { subject } = await readOpsAnywhere(req, res, tokens)
    const range = { min: 1, max: MAX_OVERVIEW_EVENTS, default: MAX_OVERVIEW_EVENTS }
    const limit = queryNumber(req.query['limit'], 'limit', range)
    const { overview, next } = await look({ subject, limit, after: readPlace(req.query['after']) }, new Date())
    if (next !== undefined) res.links({ next: `/v1/ops/overview?limit=${limit}&after=${next.ms}:${next.id}` })
    res.set('Cache-Control', 'no-store').json(overview)
  }
}

function readPlace(value: unknown): ActivePlace | undefined {
  if (value === undefined) return undefined
  const [, ms, id] = PLACE.exec(String(value)) ?? []
  if (ms === undefined || id === undefined) throw refused('after', 'Must be the cursor of a link to the next page.')
  return { ms: Number(ms), id }
}

/** GET /v1/ops/audit?limit=&before=: what was done to intake, processes and queues, newest first. */
function getAudit({ tokens, audit }: OverviewRoutesNeeds): RequestHandler {
  return async (req, res) => {
    await readOpsForAll(req, res, tokens)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_DEEDS, default: 100 })
    const before = req.query['before']
    if (before !== undefined && !AUDIT_ID.test(String(before))) {
      throw refused('before', 'Must be the id of an entry of the trail.')
    }
    const page = await audit.pageForAll(limit, before === undefined ? undefined : String(before))
    res.set('Cache-Control', 'no-store').json(page)
  }
}

function refused(name: string, detail: string): Refusal {
  return new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer: `#/${name}`, detail }] } })
}
