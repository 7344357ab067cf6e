import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { AcceptedUpdate, readAccepted } from '../feed/accepted-drafts.ts'
import type { DraftReader } from '../feed/draft-reader.ts'
import type { Held, HeldSubmissions } from '../feed/held-submissions.ts'
import { draftWithout, updateAnew } from '../feed/plan-anew.ts'
import type { SubmissionPlace, SubmissionReader } from '../feed/submission-reader.ts'
import { Refusal } from '../foundation/errors.ts'
import { matchedVersion, versionMismatch } from '../foundation/http/if-match.ts'
import type { TakeRequest } from '../foundation/http/limit-requests.ts'
import { queryNumber } from '../foundation/http/preferences.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { type Discarded, HeldDecision } from '../protocol/held.ts'
import { MAX_ACCEPT_NUMBER } from './submission-route.ts'
import type { Submit } from './submit.ts'
import { readAsker, readWrite, type WriteRequest } from './write-request.ts'

export interface HeldRoutesNeeds {
  readonly tokens: Tokens
  readonly drafts: DraftReader
  readonly held: HeldSubmissions
  readonly submissions: SubmissionReader
  readonly submit: Submit
  readonly takePost: TakeRequest
  readonly log: Logger
}

export const MAX_HELD_LIMIT = 100
const DEFAULT_HELD_LIMIT = 50

/** GET /v1/events/:eventId/held?after=&limit=: what waits for an editor, oldest first. */
export function getHeld({ tokens, drafts, held }: Pick<HeldRoutesNeeds, 'tokens' | 'drafts' | 'held'>): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readAsker(req, tokens, 'editor')
    const limit = queryNumber(req.query['limit'], 'limit', { min: 1, max: MAX_HELD_LIMIT, default: DEFAULT_HELD_LIMIT })
    const after = queryNumber(req.query['after'], 'after', { min: 0, max: MAX_ACCEPT_NUMBER, default: 0 })
    await refuseNoEvent(drafts, eventId)
    res.set('Cache-Control', 'no-store').json(await held.page(eventId, after, limit))
  }
}

/** One decision under way. `found` is undefined when it is not held any more: then only a repeat is answered. */
interface Deciding {
  readonly write: WriteRequest
  readonly acceptNumber: number
  readonly place: SubmissionPlace
  readonly found: Held | undefined
}

/** POST /v1/events/:eventId/held/:acceptNumber: release it, or discard it with a reason. Of two editors one is first. */
export function decideHeld(needs: HeldRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const write = await readWrite(req, res, needs.tokens, HeldDecision, 'editor')
    const range = { min: 1, max: MAX_ACCEPT_NUMBER, default: 0 }
    const acceptNumber = queryNumber(req.params['acceptNumber'], 'acceptNumber', range)
    const { eventId, body } = write
    await refuseNoEvent(needs.drafts, eventId)
    const found = await needs.held.find(eventId, acceptNumber)
    const place = await needs.submissions.find(eventId, acceptNumber)
    if (place === undefined) throw new Refusal('submission-not-found', `There is no submission ${acceptNumber}.`)
    const deciding = { write, acceptNumber, place, found }
    if (body.action === 'release') await release(needs, deciding, res)
    else await discard(needs, deciding, body.reason, res)
  }
}

/**
 * Accepts it anew: a new accept number, the same update, and blocked terms hold it no more. What was accepted of the
 * update after it would be lost under it, so that must be named: by If-Match, with its version or `*`.
 */
async function release(needs: HeldRoutesNeeds, { write, acceptNumber, place, found }: Deciding, res: Response) {
  const plan = ([json]: readonly (string | null)[], now: Date) => {
    if (found === undefined) throw notHeld(acceptNumber, place)
    const standing = readAccepted(AcceptedUpdate, json)
    const versionNow = standing?.version ?? 0
    if (standing?.retracted) throw new Refusal('update-retracted', 'The update was retracted meanwhile.')
    const { submissionId } = found.submission
    const seen = write.ifMatch === undefined ? found.submission.version : matchedVersion(write.ifMatch, versionNow)
    if (seen !== versionNow) throw versionMismatch(versionNow)
    const { requestId, subject } = write
    const released = { ...found.submission, acceptedAt: now.toISOString(), requestId, released: true as const }
    const request = updateAnew(released, standing, randomUUID())
    const { updateId, version } = request.submission
    const takesOff = { shelf: 'held', acceptNumber, submissionId, by: subject } as const
    return { request: { ...request, takesOff }, reply: { updateId, version } }
  }
  try {
    await needs.submit(write, res, [found?.submission.updateId ?? 'event'], plan, 200)
  } catch (error) {
    // Another editor came first in between: that says more than what it led to.
    const mayBeLate = error instanceof Refusal && ['version-mismatch', 'not-held'].includes(error.code)
    const placeNow = mayBeLate ? await needs.submissions.find(write.eventId, acceptNumber) : undefined
    throw placeNow === undefined || placeNow.state === 'held' ? error : notHeld(acceptNumber, placeNow)
  }
}

/** Takes it off the list. It is kept whole with who did it, when and why. */
async function discard(needs: HeldRoutesNeeds, deciding: Deciding, reason: string, res: Response) {
  const { write, acceptNumber, place, found } = deciding
  const { eventId, scope, subject, requestId } = write
  const updateId = place.updateId ?? ''
  await needs.takePost(subject.sub, res)
  const now = new Date()
  const desk = found === undefined ? undefined : await needs.drafts.update(eventId, updateId)
  const result = await needs.held.discard(
    eventId,
    {
      ...{ acceptNumber, found, idempotency: scope, by: subject, requestId, reason },
      draftAfter: found === undefined || desk === undefined ? undefined : draftWithout(found.submission.version, desk),
    },
    now,
  )
  if (result === undefined) throw notHeld(acceptNumber, (await needs.submissions.find(eventId, acceptNumber)) ?? place)
  if (result === 'replayed') res.set('Idempotency-Replayed', 'true')
  else needs.log.info({ requestId, eventId, acceptNumber, updateId, sub: subject.sub }, 'held submission discarded')
  const answer: Discarded = { acceptNumber, updateId, state: 'discarded' }
  res.set('Cache-Control', 'no-store').json(answer)
}

function notHeld(acceptNumber: number, { state, releasedAs }: SubmissionPlace): Refusal {
  const as = releasedAs === undefined ? '' : `, as ${releasedAs}`
  return new Refusal('not-held', `Submission ${acceptNumber} is not held: it is ${state}${as}.`, {
    extra: { state, ...(releasedAs === undefined ? {} : { releasedAs }) },
  })
}

async function refuseNoEvent(drafts: DraftReader, eventId: string): Promise<void> {
  if ((await drafts.event(eventId)) === undefined) {
    throw new Refusal('event-not-found', `There is no event ${eventId}.`)
  }
}
