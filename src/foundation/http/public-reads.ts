import cors from 'cors'
import type { RequestHandler, Router } from 'express'

/** What a page may send beside what it always may. No Authorization: what is private is never read by other sites. */
const SENT = ['If-None-Match', 'Last-Event-ID', 'X-Request-Id']
const SHOWN = ['ETag', 'Link', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']
const PREFLIGHT_KEPT_S = 600

/**
 * Adds GET routes that pages of other `sites` may read (CORS, as the Fetch standard has it): origins, or `*` for all.
 * Never with credentials, and never what a token is needed for.
 */
export function publicReads(routes: Router, sites: readonly string[]): (path: string, handler: RequestHandler) => void {
  if (sites.length === 0) return (path, handler) => void routes.get(path, handler)
  const show = allowSites(sites)
  return (path, handler) => {
    routes.options(path, show)
    routes.get(path, show, handler)
  }
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
