import { type RequestHandler, Router } from 'express'
import type { RevocationWatch } from '../feed/access/revocation-watch.ts'
import type { RevocationStore } from '../feed/access/revocations.ts'
import { accept } from '../foundation/accept.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { type RevocationPage, RevocationRequest } from '../protocol/access.ts'
import { readOpsForAll } from './ops-request.ts'

export interface RevocationRoutesNeeds {
  readonly tokens: Tokens
  readonly revocations: Pick<RevocationStore, 'revoke' | 'page'>
  readonly revocationsNow: Pick<RevocationWatch, 'look'>
  readonly log: Logger
}

const PATH = '/v1/ops/revocations'
const MAX_REVOCATIONS_LIMIT = 500

/** Tokens that are to hold no more. For ops whose token is for all events; each is audited. */
export function createRevocationRoutes(needs: RevocationRoutesNeeds): Router {
  const routes = Router()
  routes.get(PATH, getRevocations(needs))
  routes.post(PATH, jsonBody(), postRevocation(needs))
  return routes
}

/**
 * POST /v1/ops/revocations {jti or sub, reason}: one token, or all that were issued to somebody until now. 201; here it is
 * in force then, every other process knows of it at once, and 2 s later if that was lost.
 */
function postRevocation({ tokens, revocations, revocationsNow, log }: RevocationRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { by, requestId } = await readOpsForAll(req, res, tokens)
    const request = accept(RevocationRequest, req.body)
    const revoked = await revocations.revoke(request, { by, requestId }, new Date())
    log.info({ requestId, sub: by.sub, revoked: request }, 'tokens were revoked')
    await revocationsNow.look()
    res.status(201).json(revoked)
  }
}

/** GET /v1/ops/revocations?limit=&offset=: newest first. */
function getRevocations({ tokens, revocations }: RevocationRoutesNeeds): RequestHandler {
  return async (req, res) => {
    await readOpsForAll(req, res, tokens)
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_REVOCATIONS_LIMIT, default: 100 })
    const offset = queryNumber(req.query['offset'], 'offset', { min: 0, max: 1_000_000, default: 0 })
    const { revocations: found, more } = await revocations.page(offset, limit, new Date())
    if (more) res.links({ next: `${PATH}?limit=${limit}&offset=${offset + limit}` })
    const page: RevocationPage = { revocations: found, complete: !more }
    res.set('Cache-Control', 'no-store').json(page)
  }
}
