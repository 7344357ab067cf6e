import type { Request, RequestHandler, Response, Router } from 'express'
import type { Metrics } from '../metrics.ts'

const STATUSES = ['2xx', '3xx', '4xx', '5xx', 'aborted'] as const
/** What no route took: an address or a method that is not known. */
const UNKNOWN = { route: 'unknown', method: 'other' } as const

interface Labels {
  readonly route: string
  readonly method: string
}

/**
 * Counts and times requests by the pattern of the route that took them, never by their path: callers cannot make series.
 * `folders` are where files are served from. HEAD counts as GET.
 */
export function countRequests(
  { httpRequests, httpRequestSeconds }: Pick<Metrics, 'httpRequests' | 'httpRequestSeconds'>,
  routers: readonly Router[],
  folders: readonly string[] = [],
): RequestHandler {
  const known = new Map<string, Labels>()
  for (const labels of [...routers.flatMap(labelsOf), ...folders.map(route => ({ route, method: 'GET' })), UNKNOWN]) {
    known.set(nameOf(labels), labels)
    for (const status of STATUSES) httpRequests.inc({ ...labels, status }, 0)
    httpRequestSeconds.zero({ ...labels })
  }

  return (req, res, next) => {
    const began = performance.now()
    res.once('close', () => {
      const route = folders.includes(req.baseUrl) ? req.baseUrl : routeOf(req)
      const labels = known.get(nameOf({ route, method: methodOf(req) })) ?? UNKNOWN
      httpRequests.inc({ ...labels, status: statusOf(res) })
      httpRequestSeconds.observe({ ...labels }, (performance.now() - began) / 1_000)
    })
    next()
  }
}

function labelsOf({ stack }: Router): Labels[] {
  return stack.flatMap(({ route }) => {
    const methods = route?.stack.map(({ method }) => method.toUpperCase()) ?? []
    return methods.map(method => ({ route: route?.path ?? '', method }))
  })
}

/** The pattern of the route that answered. */
function routeOf(req: Request): string {
  return req.route === undefined ? '' : String(req.route.path)
}

function methodOf({ method }: Request): string {
  return method === 'HEAD' ? 'GET' : method
}

function statusOf(res: Response): (typeof STATUSES)[number] {
  if (!res.writableFinished) return 'aborted'
  return STATUSES[Math.floor(res.statusCode / 100) - 2] ?? '5xx'
}

function nameOf({ route, method }: Labels): string {
  return `${method} ${route}`
}
