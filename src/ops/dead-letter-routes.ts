import { type Request, type RequestHandler, type Response, Router } from 'express'
import { eventClosed } from '../feed/accept-refusal.ts'
import { draftWithout } from '../feed/plan-anew.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { problemFor } from '../foundation/http/answer-problem.ts'
import { idempotencyScope } from '../foundation/http/idempotency-scope.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import type { Tokens } from '../foundation/tokens.ts'
import {
  DeadLetterDiscard,
  type DeadLetterPage,
  DeadLetterRetry,
  DeadLettersRetry,
  type RetriedMany,
} from '../protocol/ops.ts'
import { readOps } from './ops-request.ts'
import { notDead, type RetryNeeds, retryDeadLetter } from './retry-dead-letter.ts'

export interface DeadLetterRoutesNeeds extends RetryNeeds {
  readonly tokens: Tokens
}

export const MAX_DEAD_LETTERS_LIMIT = 100
const DEFAULT_DEAD_LETTERS_LIMIT = 50
/** Retried in one request. */
export const MAX_RETRIED = 100
const MAX_ACCEPT_NUMBER = 999_999_999

/** `/v1/events/:eventId/dead-letters`: look at what could not be published, edit, retry or discard it. For ops. */
export function createDeadLetterRoutes(needs: DeadLetterRoutesNeeds): Router {
  const routes = Router()
  const json = jsonBody()
  const path = '/v1/events/:eventId/dead-letters'
  routes.get(path, getDeadLetters(needs))
  routes.post(`${path}/retry`, json, postRetryMany(needs))
  routes.get(`${path}/:acceptNumber`, getDeadLetter(needs))
  routes.post(`${path}/:acceptNumber/retry`, json, postRetry(needs))
  routes.post(`${path}/:acceptNumber/discard`, json, postDiscard(needs))
  return routes
}

/** GET /v1/events/:eventId/dead-letters?after=&limit=: oldest first. */
function getDeadLetters({ tokens, drafts, deadLetters }: DeadLetterRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readOps(req, res, tokens)
    const limit = readDeadLettersLimit(req)
    const after = queryNumber(req.query['after'], 'after', { min: 0, max: MAX_ACCEPT_NUMBER, default: 0 })
    await refuseNoEvent({ drafts, deadLetters }, eventId)
    const { letters, complete } = await deadLetters.page(eventId, after, limit)
    const last = letters.at(-1)?.acceptNumber
    if (!complete && last !== undefined) {
      res.links({ next: `/v1/events/${eventId}/dead-letters?limit=${limit}&after=${last}` })
    }
    const page: DeadLetterPage = { deadLetters: letters }
    res.set('Cache-Control', 'no-store').json(page)
  }
}

export function readDeadLettersLimit(req: Request): number {
  const range = { min: 1, max: MAX_DEAD_LETTERS_LIMIT, default: DEFAULT_DEAD_LETTERS_LIMIT }
  return queryNumber(req.query['limit'], 'limit', range)
}

/** GET /v1/events/:eventId/dead-letters/:acceptNumber. */
function getDeadLetter(needs: DeadLetterRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, acceptNumber } = await readLetter(req, res, needs)
    const found = await needs.deadLetters.find(eventId, acceptNumber)
    if (found === undefined) throw await goneFrom(needs, eventId, acceptNumber)
    res.set('Cache-Control', 'no-store').json(found.told)
  }
}

/** POST .../:acceptNumber/retry {draft?}: 202 with the new accept number. */
function postRetry(needs: DeadLetterRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const letter = await readLetter(req, res, needs)
    const body = accept(DeadLetterRetry, req.body ?? {})
    const { replayed, ...retried } = await retryDeadLetter(needs, {
      ...{ ...letter, edit: body.draft, ifMatch: req.get('if-match') },
      idempotency: idempotencyScope(req, letter.by, body),
    })
    if (replayed) res.set('Idempotency-Replayed', 'true')
    const { submission = '' } = retried.links
    res.status(202).location(submission).set('Cache-Control', 'no-store').json(retried)
  }
}

/** POST .../retry {acceptNumbers} or {all: true, after?}: one after the other, each with its own answer. */
function postRetryMany(needs: DeadLetterRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const ops = await readOps(req, res, needs.tokens)
    const body = accept(DeadLettersRetry, req.body)
    await refuseNoEvent(needs, ops.eventId)
    const scope = idempotencyScope(req, ops.by, body)
    const { numbers, more } = await numbersOf(needs, ops.eventId, body)
    const results: RetriedMany['results'][number][] = []
    for (const acceptNumber of numbers) {
      const idempotency = { ...scope, key: `${scope.key}:${acceptNumber}` }
      try {
        const request = { ...ops, acceptNumber, edit: undefined, ifMatch: undefined, idempotency }
        const { acceptNumber: newAcceptNumber } = await retryDeadLetter(needs, request)
        results.push({ acceptNumber, state: 'accepted', newAcceptNumber })
      } catch (error) {
        // Anything else is of the whole request, which may be repeated: what was accepted is not accepted twice.
        if (!(error instanceof Refusal)) throw error
        results.push({ acceptNumber, problem: problemFor(error, ops.requestId) })
      }
    }
    const answer: RetriedMany = { results, more }
    res.set('Cache-Control', 'no-store').json(answer)
  }
}

async function numbersOf({ deadLetters }: DeadLetterRoutesNeeds, eventId: string, body: DeadLettersRetry) {
  if ('acceptNumbers' in body) return { numbers: [...new Set(body.acceptNumbers)], more: false }
  const { letters, complete } = await deadLetters.page(eventId, body.after ?? 0, MAX_RETRIED)
  return { numbers: letters.map(({ acceptNumber }) => acceptNumber), more: !complete }
}

/** POST .../:acceptNumber/discard {reason}: 200. It is kept whole, with who did it, when and why. */
function postDiscard(needs: DeadLetterRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, acceptNumber, by, requestId } = await readLetter(req, res, needs)
    const body = accept(DeadLetterDiscard, req.body)
    const found = (await needs.deadLetters.find(eventId, acceptNumber))?.shelved
    const about = found?.submission?.kind === 'event' ? undefined : found?.submission
    const desk = about === undefined ? undefined : await needs.drafts.update(eventId, about.updateId)
    const result = await needs.deadLetters.discard(
      eventId,
      {
        ...{ acceptNumber, found, by, requestId, reason: body.reason },
        idempotency: idempotencyScope(req, by, body),
        draftAfter: about === undefined || desk === undefined ? undefined : draftWithout(about.version, desk),
      },
      new Date(),
    )
    if (result === undefined) throw await goneFrom(needs, eventId, acceptNumber)
    if (result === 'replayed') res.set('Idempotency-Replayed', 'true')
    else needs.log.info({ requestId, eventId, acceptNumber, sub: by.sub }, 'dead letter was discarded')
    res.set('Cache-Control', 'no-store').json({ acceptNumber, state: 'discarded' })
  }
}

async function readLetter(req: Request, res: Response, { tokens, drafts, deadLetters }: DeadLetterRoutesNeeds) {
  const ops = await readOps(req, res, tokens)
  const range = { min: 1, max: MAX_ACCEPT_NUMBER, default: 0 }
  const acceptNumber = queryNumber(req.params['acceptNumber'], 'acceptNumber', range)
  await refuseNoEvent({ drafts, deadLetters }, ops.eventId)
  return { ...ops, acceptNumber }
}

async function refuseNoEvent(
  { drafts, deadLetters }: Pick<DeadLetterRoutesNeeds, 'drafts' | 'deadLetters'>,
  eventId: string,
): Promise<void> {
  if (await deadLetters.isStored(eventId)) throw eventClosed('stored')
  if ((await drafts.event(eventId)) === undefined) {
    throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  }
}

/** Why there is no dead letter of this number. */
async function goneFrom(
  { submissions }: DeadLetterRoutesNeeds,
  eventId: string,
  acceptNumber: number,
): Promise<Refusal> {
  const place = await submissions.find(eventId, acceptNumber)
  if (place === undefined) return new Refusal('submission-not-found', `There is no submission ${acceptNumber}.`)
  return notDead(acceptNumber, place)
}
