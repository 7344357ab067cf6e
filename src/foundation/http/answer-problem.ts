import type { ErrorRequestHandler, RequestHandler } from 'express'
import { type Problem, type ProblemCode, problems } from '../../protocol/problems.ts'
import { Refusal, toProblem } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { requestIdOf } from './request-id.ts'

const RETRY_AFTER_S = 1

/**
 * Every error ends here, as RFC 9457 problem details; for a browser that asks for a page, as one. Only what is not a Refusal is logged as
 * ours to mend.
 */
export const answerProblem =
  (log: Logger, asPage?: (problem: Problem) => string): ErrorRequestHandler =>
  (error, req, res, _next) => {
    const requestId = requestIdOf(res)
    const problem = problemFor(error, requestId)
    if (problem.status === 500) log.error({ err: error, requestId, path: req.path }, 'request failed')
    else if (problem.status === 503) log.warn({ err: error, requestId, path: req.path }, 'request was refused for now')
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer realm="dateline"')
    const again = error instanceof Refusal ? error.retryAfterSeconds : undefined
    if (problem.retry) res.set('Retry-After', String(again ?? RETRY_AFTER_S))
    res.status(problem.status).type('application/problem+json').set('Cache-Control', 'no-store')
    if (req.accepts(['json', 'html']) === 'html' && asPage !== undefined) res.type('html').send(asPage(problem))
    else res.send(JSON.stringify(problem))
  }

/** The problem details of whatever was thrown while a request was answered. */
export function problemFor(error: unknown, requestId: string): Problem {
  return toProblem(toRefusal(error), requestId)
}

/** For what no route took: the path is known with other methods (`allow`), or not at all. */
export const refuseMethod =
  (...allow: string[]): RequestHandler =>
  (req, res) => {
    res.set('Allow', allow.join(', '))
    throw new Refusal('method-not-allowed', `${req.method} is not for this address; it takes ${allow.join(', ')}.`)
  }

export const refuseUnknown: RequestHandler = req => {
  throw new Refusal('not-found', `There is no ${req.path} here.`)
}

/** What Express, its body parser and ioredis throw, in our words. */
function toRefusal(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error
  const { status, type } = error as { status?: unknown; type?: unknown }
  if (type === 'entity.too.large') return new Refusal('too-large', 'The body may have 64 KB at most.', { cause: error })
  if (type === 'entity.parse.failed') {
    return new Refusal('invalid-request', `The body is not valid JSON: ${firstLine(error.message)}`, { cause: error })
  }
  if (status === 415) {
    const detail = 'Send JSON in UTF-8, as it is or compressed with gzip, deflate or br.'
    return new Refusal('unsupported-type', detail, { cause: error })
  }
  if (error instanceof URIError) {
    return new Refusal('invalid-request', 'The path is not UTF-8 in percent-encoding.', { cause: error })
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Refusal(codeOf(status), firstLine(error.message), { cause: error })
  }
  if (isOutage(error))
    return new Refusal('unavailable', 'The store does not answer. Repeat the request.', { cause: error })
  return error
}

function codeOf(status: number): ProblemCode {
  const known = (Object.keys(problems) as ProblemCode[]).find(code => problems[code].status === status)
  return known ?? 'invalid-request'
}

const OUTAGE = new RegExp(
  [
    '^(OOM|MISCONF|LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|BUSY)\\b',
    'Connection is closed|Command timed out|Socket closed|max retries per request',
    "Stream isn't writeable",
    "Cluster isn't ready|Too many Cluster redirections|Cluster is ended|Failed to refresh slots cache",
    'None of startup nodes is available|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE',
  ].join('|'),
  'i',
)

/** Whether Redis was away, full or busy loading: nothing is known of what became of the command. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A transaction that failed tells why in the errors of its commands (which may name itself again).
  const { previousErrors } = error as { previousErrors?: unknown }
  const inside = Array.isArray(previousErrors) ? previousErrors.filter(each => each instanceof Error) : []
  return [error, ...inside].some(({ message }) => OUTAGE.test(message))
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
