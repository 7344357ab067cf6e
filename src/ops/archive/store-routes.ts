import { type RequestHandler, Router } from 'express'
import type { FeedReader } from '../../feed/feed-reader.ts'
import { Refusal } from '../../foundation/errors.ts'
import type { Tokens } from '../../foundation/tokens.ts'
import { readOps } from '../ops-request.ts'
import { restoreEvent } from './restore-event.ts'
import { type StoreEventNeeds, storeEvent } from './store-event.ts'

export interface StoreRoutesNeeds extends StoreEventNeeds {
  readonly reader: Pick<FeedReader, 'head' | 'event'>
  readonly tokens: Tokens
}

/** `/v1/events/:eventId/stored`: into the archive store, and out of it. For ops. */
export function createStoreRoutes(needs: StoreRoutesNeeds): Router {
  const routes = Router()
  routes.put('/v1/events/:eventId/stored', putStored(needs))
  routes.delete('/v1/events/:eventId/stored', deleteStored(needs))
  return routes
}

/** PUT: 200 with what is in the store now, and whether it was there before. It may be repeated. */
function putStored(needs: StoreRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, by, requestId } = await readOps(req, res, needs.tokens)
    const stored = await storeEvent(needs, eventId, { by, requestId })
    res.set('Cache-Control', 'no-store').json({ eventId, ...stored })
  }
}

/** DELETE: 200 with the event, which is in Redis again. */
function deleteStored(needs: StoreRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, by, requestId } = await readOps(req, res, needs.tokens)
    await restoreEvent(needs, eventId, { by, requestId })
    const event = await needs.reader.event(eventId)
    if (event === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    res.set({ 'Cache-Control': 'no-store', ETag: `"${event.version}"` }).json(event)
  }
}
