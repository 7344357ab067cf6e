import cors from 'cors'
import { type RequestHandler, Router } from 'express'

/** What pages of other sites may read, where they are let. */
const PUBLIC_READS = [
  '/v1/events',
  '/v1/events/:eventId',
  '/v1/events/:eventId/updates/:updateId',
  '/v1/events/:eventId/feed',
  '/v1/events/:eventId/entries',
  '/v1/events/:eventId/proof',
  '/v1/events/:eventId/stream',
] as const

/** What a page may send beside what it always may. No Authorization: what is private is never read by other sites. */
const SENT = ['If-None-Match', 'Last-Event-ID', 'X-Request-Id']
const SHOWN = ['ETag', 'Link', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']
const PREFLIGHT_KEPT_S = 600

/**
 * Adds GET routes that pages of other `sites` may read (CORS, as the Fetch standard has it): origins, or `*` for all.
 * Never with credentials, and never what a token is needed for.
 */
export function publicReads(routes: Router, sites: readonly string[]) {
  const show = sites.length === 0 ? [] : [allowSites(sites)]
  return (path: (typeof PUBLIC_READS)[number], handler: RequestHandler) => void routes.get(path, show, handler)
}

/** For before all routers: browsers ask first, and a router that knows an address answers OPTIONS by itself. */
export function publicReadPreflights(sites: readonly string[]): Router {
  const routes = Router()
  if (sites.length > 0) routes.options([...PUBLIC_READS], allowSites(sites))
  return routes
}

function allowSites(sites: readonly string[]): RequestHandler {
  const origin = sites.includes('*') ? '*' : [...sites]
  const answer = cors({
    ...{ origin, methods: ['GET', 'HEAD'], allowedHeaders: SENT, exposedHeaders: SHOWN, maxAge: PREFLIGHT_KEPT_S },
  })
  return (req, res, next) => {
    // An answer to somebody with a token is for no other site, and no cache may give it to one.
    res.vary('Authorization')
    if (req.get('authorization') === undefined) answer(req, res, next)
    else next()
  }
}
