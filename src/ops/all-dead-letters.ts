import { type RequestHandler, Router } from 'express'
import type { DeadLetters } from '../feed/dead-letters.ts'
import type { EventIndex } from '../feed/event-index.ts'
import { type Strays, tellStray } from '../feed/strays.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import type { Logger } from '../foundation/logger.ts'
import { reaches, type Tokens } from '../foundation/tokens.ts'
import { type AllDeadLettersPage, DeadLetterDiscard } from '../protocol/ops.ts'
import { readDeadLettersLimit } from './dead-letter-routes.ts'
import { readOpsAnywhere, readOpsForAll } from './ops-request.ts'

export interface AllDeadLettersNeeds {
  readonly tokens: Tokens
  readonly index: Pick<EventIndex, 'ids'>
  readonly deadLetters: DeadLetters
  readonly strays: Strays
  readonly log: Logger
}

export const MAX_STRAYS = 100
/** So many events are asked at once how many they have. */
const EVENTS_AT_A_TIME = 200
const AFTER = /^([a-z0-9-]{1,64}):(\d{1,9})$/

/** The dead letters of all events, and what belongs to none. For ops. */
export function createAllDeadLettersRoutes(needs: AllDeadLettersNeeds): Router {
  const routes = Router()
  routes.get('/v1/ops/dead-letters', getAllDeadLetters(needs))
  routes.post('/v1/ops/strays/:id/discard', jsonBody(), postDiscardStray(needs))
  return routes
}

/** GET /v1/ops/dead-letters?after=&limit=: by event, in the order of their ids, oldest first. */
function getAllDeadLetters({ tokens, index, deadLetters, strays }: AllDeadLettersNeeds): RequestHandler {
  return async (req, res) => {
    const { subject } = await readOpsAnywhere(req, res, tokens)
    const limit = readDeadLettersLimit(req)
    const after = readAfter(req.query['after'])
    const ids = (await index.ids()).filter(id => reaches(subject, id) && id >= after.eventId).sort()
    const found: AllDeadLettersPage['deadLetters'][number][] = []
    let complete = true
    for await (const eventId of withDeadLetters(deadLetters, ids)) {
      if (found.length === limit) {
        complete = false
        break
      }
      const from = eventId === after.eventId ? after.acceptNumber : 0
      const page = await deadLetters.page(eventId, from, limit - found.length)
      found.push(...page.letters.map(letter => ({ eventId, ...letter })))
      complete = page.complete
      if (!complete) break
    }
    const last = found.at(-1)
    if (!complete && last !== undefined) {
      res.links({ next: `/v1/ops/dead-letters?limit=${limit}&after=${last.eventId}:${last.acceptNumber}` })
    }
    const isFirst = req.query['after'] === undefined && subject.events === undefined
    const answer: AllDeadLettersPage = {
      deadLetters: found,
      strays: isFirst ? (await strays.some(MAX_STRAYS)).map(tellStray) : [],
    }
    res.set('Cache-Control', 'no-store').json(answer)
  }
}

async function* withDeadLetters(deadLetters: DeadLetters, ids: readonly string[]): AsyncGenerator<string> {
  for (let first = 0; first < ids.length; first += EVENTS_AT_A_TIME) {
    const some = ids.slice(first, first + EVENTS_AT_A_TIME)
    const counts = await deadLetters.counts(some)
    yield* some.filter((_, i) => (counts[i] ?? 0) > 0)
  }
}

function readAfter(value: unknown): { eventId: string; acceptNumber: number } {
  if (value === undefined) return { eventId: '', acceptNumber: 0 }
  const [, eventId, acceptNumber] = AFTER.exec(String(value)) ?? []
  if (eventId !== undefined) return { eventId, acceptNumber: Number(acceptNumber) }
  const errors = [
    { pointer: '#/after', detail: 'Must be <event id>:<accept number>, as the link to the next page has it.' },
  ]
  throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
}

/** POST /v1/ops/strays/:id/discard {reason}: 200. It is kept whole, with who did it, when and why. */
function postDiscardStray({ tokens, strays, log }: AllDeadLettersNeeds): RequestHandler {
  return async (req, res) => {
    const { by, requestId } = await readOpsForAll(req, res, tokens)
    const { reason } = accept(DeadLetterDiscard, req.body)
    const id = String(req.params['id'])
    if (!(await strays.discard(id, { by, requestId }, reason, new Date()))) {
      throw new Refusal('not-found', 'There is no such stray.')
    }
    log.info({ requestId, id, sub: by.sub }, 'stray was discarded')
    res.set('Cache-Control', 'no-store').json({ id, state: 'discarded' })
  }
}
