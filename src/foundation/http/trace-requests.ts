import type { RequestHandler } from 'express'
import type { Tracing } from '../tracing.ts'
import { requestIdOf } from './request-id.ts'

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Each write is a span, from its start to the end of its answer; it goes on the trace of the caller's traceparent. */
export function traceWrites(tracing: Tracing): RequestHandler {
  return (req, res, next) => {
    if (!WRITES.includes(req.method)) return next()
    const end = tracing.request(req.get('traceparent'), next)
    res.once('close', () => {
      const route = req.route === undefined ? 'unknown' : String(req.route.path)
      const { method } = req
      end({
        name: `${method} ${route}`,
        attributes: {
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': res.statusCode,
          'dateline.request_id': requestIdOf(res),
        },
        isFailed: res.statusCode >= 500 || !res.writableFinished,
      })
    })
  }
}
