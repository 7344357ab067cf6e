import express, { type RequestHandler, Router } from 'express'
import { Refusal } from '../foundation/errors.ts'
import { type DraftRouteNeeds, getDraft } from './draft-route.ts'
import { type PostEventNeeds, patchEvent, postEvent } from './event-routes.ts'
import { decideHeld, getHeld, type HeldRoutesNeeds } from './held-routes.ts'
import { getSettings, type NormalizationRoutesNeeds, postPreview, putSettings } from './normalization-routes.ts'
import { getSubmission } from './submission-route.ts'
import { createSubmit, type SubmitNeeds } from './submit.ts'
import { deleteUpdate, patchUpdate, postUpdate } from './update-routes.ts'

export type IngestNeeds = SubmitNeeds &
  PostEventNeeds &
  NormalizationRoutesNeeds &
  DraftRouteNeeds &
  Omit<HeldRoutesNeeds, 'submit'>

/** Largest request body. */
export const MAX_BODY = '64kb'

/** Editors' writes. Express 5 hands a rejected promise to the error route, so handlers simply throw. */
export function createIngest(needs: IngestNeeds): Router {
  const submit = createSubmit(needs)
  const json = [refuseOtherTypes, express.json({ limit: MAX_BODY, type: JSON_TYPES })]
  const routes = Router()
  routes.post('/v1/events', json, postEvent(needs))
  routes.patch('/v1/events/:eventId', json, patchEvent({ ...needs, submit }))
  routes.post('/v1/events/:eventId/updates', json, postUpdate({ ...needs, submit }))
  routes.patch('/v1/events/:eventId/updates/:updateId', json, patchUpdate({ ...needs, submit }))
  routes.delete('/v1/events/:eventId/updates/:updateId', json, deleteUpdate({ ...needs, submit }))
  routes.get('/v1/events/:eventId/updates/:updateId/draft', getDraft(needs))
  routes.get('/v1/events/:eventId/normalization', getSettings(needs))
  routes.put('/v1/events/:eventId/normalization', json, putSettings(needs))
  routes.post('/v1/events/:eventId/normalize', json, postPreview(needs))
  routes.get('/v1/events/:eventId/held', getHeld(needs))
  routes.post('/v1/events/:eventId/held/:acceptNumber', json, decideHeld({ ...needs, submit }))
  routes.get('/v1/events/:eventId/submissions/:acceptNumber', getSubmission(needs))
  return routes
}

const JSON_TYPES = ['application/json', 'application/merge-patch+json']

const refuseOtherTypes: RequestHandler = (req, _res, next) => {
  // `is` answers null when there is no body at all, but takes an empty one for a body.
  const isEmpty = req.get('content-length') === '0'
  if (!isEmpty && req.is(JSON_TYPES) === false) throw new Refusal('unsupported-type', 'Send application/json.')
  next()
}
