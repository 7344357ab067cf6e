import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { AuditTrail } from '../feed/audit-trail.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import type { NumbersPage } from '../feed/gap-audit.ts'
import type { Rebroadcast } from '../feed/rebroadcast.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import type { GapAudit } from '../protocol/gaps.ts'
import { readOps } from './ops-request.ts'

export interface RepairRoutesNeeds {
  readonly tokens: Tokens
  readonly reader: FeedReader
  readonly rebroadcast: Rebroadcast
  readonly audit: AuditTrail
  findGaps(eventId: string, page: NumbersPage): Promise<GapAudit | undefined>
  readonly log: Logger
}

/** Entries that one rebroadcast may send again. */
export const MAX_REBROADCAST = 1_000

/** Accept numbers that one audit tells one by one. */
export const MAX_NUMBERS = 1_000
const MAX_NUMBER = 999_999_999

export const RebroadcastRequest = z.strictObject({ from: z.int().positive() })
const AUDIT_ID = /^\d{1,15}-\d{1,10}$/

/** Mending what viewers see, and who did it. For ops. */
export function createRepairRoutes(needs: RepairRoutesNeeds): Router {
  const routes = Router()
  routes.post('/v1/events/:eventId/rebroadcast', jsonBody(), postRebroadcast(needs))
  routes.get('/v1/events/:eventId/audit', getAudit(needs))
  routes.get('/v1/events/:eventId/gaps', getGaps(needs))
  return routes
}

/** POST /v1/events/:eventId/rebroadcast {from}: 202 with the range that every gateway sends its viewers again. */
function postRebroadcast({ tokens, reader, rebroadcast, audit, log }: RepairRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, by, requestId } = await readOps(req, res, tokens)
    const { from } = accept(RebroadcastRequest, req.body)
    const head = await reader.head(eventId)
    if (head === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    const fault = rangeFault(from, head.seq)
    if (fault !== undefined) {
      throw new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer: '#/from', detail: fault }] } })
    }
    const detail = { from, to: head.seq }
    await audit.record(eventId, { by, action: 'rebroadcast', requestId, detail }, new Date())
    await rebroadcast(eventId, from)
    log.info({ requestId, eventId, sub: by.sub, ...detail }, 'entries were sent again')
    res.status(202).json(detail)
  }
}

function rangeFault(from: number, last: number): string | undefined {
  if (from > last) return `The feed ends with entry ${last}.`
  if (last - from >= MAX_REBROADCAST)
    return `At most ${MAX_REBROADCAST} entries can be sent again: from ${last - MAX_REBROADCAST + 1}.`
  return undefined
}

/**
 * GET /v1/events/:eventId/gaps?limit=&before=: where every accept number went and when, and whether the feed is whole. Told
 * one by one are the newest `limit` of those before `before`, with an RFC 8288 link to the ones before them.
 */
function getGaps({ tokens, findGaps }: RepairRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readOps(req, res, tokens)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_NUMBERS, default: 100 })
    const { before } = req.query
    const page =
      before === undefined ? {} : { before: queryNumber(before, 'before', { min: 1, max: MAX_NUMBER, default: 1 }) }
    const found = await findGaps(eventId, { limit, ...page })
    if (found === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    const last = found.numbers.at(-1)?.acceptNumber ?? 1
    if (last > 1) res.links({ next: `/v1/events/${eventId}/gaps?limit=${limit}&before=${last}` })
    res.set('Cache-Control', 'no-store').json(found)
  }
}

/** GET /v1/events/:eventId/audit?limit=&before=: who did what, newest first. */
function getAudit({ tokens, audit }: RepairRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readOps(req, res, tokens)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: 500, default: 100 })
    const before = req.query['before']
    if (before !== undefined && !AUDIT_ID.test(String(before))) {
      const errors = [{ pointer: '#/before', detail: 'Must be the id of an entry of the trail.' }]
      throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
    }
    const page = await audit.page(eventId, limit, before === undefined ? undefined : String(before))
    res.set('Cache-Control', 'no-store').json(page)
  }
}
