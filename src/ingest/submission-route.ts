import type { RequestHandler } from 'express'
import type { Announcements } from '../feed/announcements.ts'
import { watchEndings } from '../feed/submission-endings.ts'
import type { SubmissionReader } from '../feed/submission-reader.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import { MAX_WAIT_SECONDS, queryNumber } from '../foundation/http/preferences.ts'
import { hasRole, reaches, type Tokens } from '../foundation/tokens.ts'
import type { SubmissionStatus } from '../protocol/submission.ts'
import { EventId } from '../protocol/update.ts'

/** The largest that an address may name. */
export const MAX_ACCEPT_NUMBER = 999_999_999

export interface SubmissionRouteNeeds {
  readonly tokens: Tokens
  readonly announcements: Announcements
  readonly submissions: SubmissionReader
}

/** GET /v1/events/:eventId/submissions/:acceptNumber?wait=: where it stands; with `wait`, once it has ended. */
export function getSubmission({ tokens, announcements, submissions }: SubmissionRouteNeeds): RequestHandler {
  return async (req, res) => {
    const subject = await someBearerOf(req, tokens)
    const eventId = accept(EventId, req.params['eventId'])
    const range = { min: 1, max: MAX_ACCEPT_NUMBER, default: 0 }
    const acceptNumber = queryNumber(req.params['acceptNumber'], 'acceptNumber', range)
    const wait = queryNumber(req.query['wait'], 'wait', { min: 0, max: MAX_WAIT_SECONDS, default: 0 })
    const watch = wait > 0 ? await watchEndings({ announcements, submissions }, eventId) : undefined
    try {
      let place = await submissions.find(eventId, acceptNumber)
      const mayKnow = place?.sub === subject.sub || hasRole(subject, 'editor', 'ops')
      if (place === undefined || !mayKnow || !reaches(subject, eventId)) {
        throw new Refusal('submission-not-found', `There is no submission ${acceptNumber} that this token may see.`)
      }
      if (watch !== undefined && place.state === 'accepted') {
        place = (await watch.placeOf(acceptNumber, wait * 1_000)) ?? place
        await someBearerOf(req, tokens) // it may hold no more by now
      }
      const { sub: _, ...told } = place
      const status: SubmissionStatus = { acceptNumber, ...told }
      res.set('Cache-Control', 'no-store').json(status)
    } finally {
      watch?.stop()
    }
  }
}
