import { type RequestHandler, Router } from 'express'
import type { AudienceCount } from '../feed/audience-count.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import { hasRole, reaches, type Tokens } from '../foundation/tokens.ts'
import type { EventAudience } from '../protocol/ops.ts'
import { EventId } from '../protocol/update.ts'

export interface AudienceRouteNeeds {
  readonly tokens: Tokens
  readonly audience: Pick<AudienceCount, 'now' | 'totals'>
  readonly reader: Pick<FeedReader, 'head'>
}

/** GET /v1/events/:eventId/audience: how many look on now and how, and how it was. For the newsroom. */
export function createAudienceRoute({ tokens, audience, reader }: AudienceRouteNeeds): Router {
  const routes = Router()
  const answer: RequestHandler = async (req, res) => {
    const subject = await someBearerOf(req, tokens)
    if (!hasRole(subject, 'contributor', 'editor', 'ops')) {
      throw new Refusal('not-allowed', 'This needs the role contributor, editor or ops.')
    }
    const eventId = accept(EventId, req.params['eventId'])
    if (!reaches(subject, eventId)) throw new Refusal('not-allowed', 'This token is for other events.')
    if ((await reader.head(eventId)) === undefined) {
      throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    }
    const [{ sockets, streams, pollers }, { peak, peakAt, joins }] = await Promise.all([
      audience.now(eventId),
      audience.totals(eventId),
    ])
    const viewers = sockets + streams + pollers
    const told: EventAudience = { eventId, viewers, sockets, streams, pollers, peak, peakAt: peakAt ?? null, joins }
    res.set('Cache-Control', 'no-store').json(told)
  }
  routes.get('/v1/events/:eventId/audience', answer)
  return routes
}
