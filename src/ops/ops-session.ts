import { type CookieOptions, type Request, type RequestHandler, type Response, Router } from 'express'
import { Refusal } from '../foundation/errors.ts'
import { hasRole, type Tokens } from '../foundation/tokens.ts'
import { readOpsForAll } from './ops-request.ts'

/** Where the pages are that a session opens. */
export const QUEUES_PATH = '/ops/queues'
export const SESSION_SECONDS = 900

const COOKIE = 'dateline-queues'

export interface OpsSessionNeeds {
  readonly tokens: Tokens
  /** Of another secret than the bearer tokens: none of them is good in the other's place. */
  readonly sessionTokens: Tokens
}

/**
 * POST /v1/ops/session, with a bearer token: 204, and a cookie (RFC 6265) for pages that cannot send a header. It opens
 * what only reads; scripts cannot see it, and no other site can have it sent. DELETE ends it.
 */
export function createOpsSession({ tokens, sessionTokens }: OpsSessionNeeds): Router {
  const routes = Router()
  const post: RequestHandler = async (req, res) => {
    const { by, subject } = await readOpsForAll(req, res, tokens)
    const seconds = Math.ceil(Math.min(SESSION_SECONDS, (subject.expiresAt - Date.now()) / 1_000))
    // Under the id of the token: they are revoked together.
    const session = await sessionTokens.sign({ ...by, roles: ['ops'] }, `${seconds}s`, subject.tokenId)
    res.cookie(COOKIE, session, { ...cookieOptions(req), maxAge: seconds * 1_000 })
    noContent(res)
  }
  const end: RequestHandler = (req, res) => {
    res.clearCookie(COOKIE, cookieOptions(req))
    noContent(res)
  }
  routes.post('/v1/ops/session', post)
  routes.delete('/v1/ops/session', end)
  return routes
}

/** For in front of pages: lets in whoever has a session, and only to look. */
export function refuseWithoutSession({ sessionTokens }: Pick<OpsSessionNeeds, 'sessionTokens'>): RequestHandler {
  return async (req, _res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      throw new Refusal('method-not-allowed', 'Queues are only looked at here; steer them by /v1/ops/queues.')
    }
    const session = cookieOf(req)
    const subject = session === undefined ? undefined : await sessionTokens.verify(session).catch(noSession)
    if (!hasRole(subject, 'ops')) throw noSession()
    next()
  }
}

function noSession(): never {
  throw new Refusal('token-needed', 'Open this page from the ops console, at /ops.')
}

function cookieOf(req: Request): string | undefined {
  const pairs = (req.get('cookie') ?? '').split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}

function cookieOptions(req: Request): CookieOptions {
  const isTls = req.secure || req.get('x-forwarded-proto') === 'https'
  return { httpOnly: true, sameSite: 'strict', path: QUEUES_PATH, secure: isTls }
}

function noContent(res: Response): void {
  res.set('Cache-Control', 'no-store').status(204).end()
}
