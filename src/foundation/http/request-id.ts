import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

const REQUEST_ID = /^[\w.:-]{1,200}$/

/** Takes the caller's X-Request-Id, or makes one; answers it. It travels with a submission into the worker's log. */
export const giveRequestId: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id') ?? ''
  const requestId = REQUEST_ID.test(given) ? given : randomUUID()
  res.locals['requestId'] = requestId
  res.set('X-Request-Id', requestId)
  next()
}

/** Of the request that this answers. */
export function requestIdOf(res: Response): string {
  return String(res.locals['requestId'] ?? '')
}
