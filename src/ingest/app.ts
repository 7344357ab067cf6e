import { Router } from 'express'
import { jsonBody } from '../foundation/http/json-body.ts'
import { type DraftRouteNeeds, getDraft } from './draft-route.ts'
import { type PostEventNeeds, patchEvent, postEvent } from './event-routes.ts'
import { decideHeld, getHeld, type HeldRoutesNeeds } from './held-routes.ts'
import { type ImportRouteNeeds, postImport } from './import-route.ts'
import { getSettings, type NormalizationRoutesNeeds, postPreview, putSettings } from './normalization-routes.ts'
import { type PausedIntakeNeeds, refuseWhilePaused } from './refuse-while-paused.ts'
import { getSubmission } from './submission-route.ts'
import { createSubmit, type SubmitNeeds } from './submit.ts'
import { deleteUpdate, patchUpdate, postUpdate } from './update-routes.ts'

export type IngestNeeds = SubmitNeeds &
  PostEventNeeds &
  NormalizationRoutesNeeds &
  DraftRouteNeeds &
  ImportRouteNeeds &
  PausedIntakeNeeds &
  Omit<HeldRoutesNeeds, 'submit'>

/** Editors' writes. Express 5 hands a rejected promise to the error route, so handlers simply throw. */
export function createIngest(needs: IngestNeeds): Router {
  const submit = createSubmit(needs)
  const json = jsonBody()
  const write = [refuseWhilePaused(needs), ...json]
  const routes = Router()
  // Before those with an event's id in its place, so that it is an address of its own.
  routes.post('/v1/events/import', json, postImport(needs))
  routes.post('/v1/events', write, postEvent(needs))
  routes.patch('/v1/events/:eventId', write, patchEvent({ ...needs, submit }))
  routes.post('/v1/events/:eventId/updates', write, postUpdate({ ...needs, submit }))
  routes.patch('/v1/events/:eventId/updates/:updateId', write, patchUpdate({ ...needs, submit }))
  routes.delete('/v1/events/:eventId/updates/:updateId', write, deleteUpdate({ ...needs, submit }))
  routes.get('/v1/events/:eventId/updates/:updateId/draft', getDraft(needs))
  routes.get('/v1/events/:eventId/normalization', getSettings(needs))
  routes.put('/v1/events/:eventId/normalization', write, putSettings(needs))
  routes.post('/v1/events/:eventId/normalize', json, postPreview(needs))
  routes.get('/v1/events/:eventId/held', getHeld(needs))
  routes.post('/v1/events/:eventId/held/:acceptNumber', write, decideHeld({ ...needs, submit }))
  routes.get('/v1/events/:eventId/submissions/:acceptNumber', getSubmission(needs))
  return routes
}
