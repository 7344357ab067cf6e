import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { AuditTrail } from '../feed/audit-trail.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import type { Replays } from '../feed/replays.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { type Replay, ReplayId, ReplayPatch, ReplayRequest } from '../protocol/replay.ts'
import type { ReplayQueue } from '../queue/replay-queue.ts'
import { readOps } from './ops-request.ts'
import { rangeOf } from './replay-range.ts'

export interface ReplayRoutesNeeds {
  readonly tokens: Tokens
  readonly replays: Replays
  readonly replayQueue: Pick<ReplayQueue, 'add'>
  readonly reader: FeedReader
  readonly audit: AuditTrail
  readonly log: Logger
}

/** Replays of one event that may stand at a time; ended ones make room for new ones. */
export const MAX_REPLAYS = 50

/** `/v1/events/:eventId/replays`: begin, look at, steer and end replays into rehearsal rooms. For ops. */
export function createReplayRoutes(needs: ReplayRoutesNeeds): Router {
  const routes = Router()
  const json = jsonBody()
  routes.post('/v1/events/:eventId/replays', json, postReplay(needs))
  routes.get('/v1/events/:eventId/replays', listReplays(needs))
  routes.get('/v1/events/:eventId/replays/:replayId', getReplay(needs))
  routes.patch('/v1/events/:eventId/replays/:replayId', json, patchReplay(needs))
  routes.delete('/v1/events/:eventId/replays/:replayId', deleteReplay(needs))
  return routes
}

function postReplay({ tokens, replays, replayQueue, reader, audit, log }: ReplayRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { by, eventId, requestId } = await readOps(req, res, tokens)
    const request = accept(ReplayRequest, req.body ?? {})
    const { from, to } = await rangeOf(reader, eventId, request)
    await makeRoom(replays, eventId)
    const { speed, maxSilenceMs } = request
    const range = { from, to, speed, ...(maxSilenceMs === undefined ? {} : { maxSilenceMs }) }
    const replay = await replays.create(eventId, range, new Date())
    await replayQueue.add({ eventId, replayId: replay.id, lap: replay.lap })
    await audit.record(
      eventId,
      { by, action: 'replay-began', requestId, detail: { replayId: replay.id, ...range } },
      new Date(),
    )
    log.info({ requestId, eventId, replayId: replay.id, sub: by.sub, ...range }, 'replay began')
    res.status(201).location(`/v1/events/${eventId}/replays/${replay.id}`).json(replay)
  }
}

function listReplays({ tokens, replays, reader }: ReplayRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId } = await readOps(req, res, tokens)
    if ((await reader.head(eventId)) === undefined)
      throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    res.set('Cache-Control', 'no-store').json({ replays: await replays.list(eventId) })
  }
}

function getReplay({ tokens, replays }: ReplayRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { eventId, replayId } = await readReplay(req, res, tokens)
    res.set('Cache-Control', 'no-store').json(await found(replays, eventId, replayId))
  }
}

function patchReplay({ tokens, replays, replayQueue, audit, log }: ReplayRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { by, eventId, replayId, requestId } = await readReplay(req, res, tokens)
    const patch = accept(ReplayPatch, req.body)
    const answer = await replays.change(eventId, replayId, patch, new Date())
    if (answer === 'not-found') throw noReplay(replayId)
    if (answer === 'out-of-range') {
      const errors = [{ pointer: '#/seq', detail: 'This seq is not in the range of the replay.' }]
      throw new Refusal('invalid-request', 'See errors.', { extra: { errors } })
    }
    if (patch.step === true) await stepOn(replays, eventId, replayId)
    const replay = await found(replays, eventId, replayId)
    await replayQueue.add({ eventId, replayId, lap: replay.lap })
    await audit.record(eventId, { by, action: 'replay-changed', requestId, detail: { replayId, ...patch } }, new Date())
    log.info({ requestId, eventId, replayId, sub: by.sub, ...patch }, 'replay was changed')
    res.json(replay)
  }
}

function deleteReplay({ tokens, replays, audit, log }: ReplayRoutesNeeds): RequestHandler {
  return async (req, res) => {
    const { by, eventId, replayId, requestId } = await readReplay(req, res, tokens)
    if (!(await replays.remove(eventId, replayId))) throw noReplay(replayId)
    await audit.record(eventId, { by, action: 'replay-ended', requestId, detail: { replayId } }, new Date())
    log.info({ requestId, eventId, replayId, sub: by.sub }, 'replay was ended')
    res.status(204).end()
  }
}

/** Sends one entry, whatever others do at the same time: two who step send two. */
async function stepOn(replays: Replays, eventId: string, replayId: string): Promise<void> {
  for (;;) {
    const replay = await found(replays, eventId, replayId)
    if (replay.state === 'ended') return
    if (await replays.advance(replay, replay.seq + 1, Date.now(), { step: true })) return
  }
}

/** Makes room for one more: of those that have ended, the oldest goes. */
async function makeRoom(replays: Replays, eventId: string): Promise<void> {
  const standing = await replays.list(eventId)
  if (standing.length < MAX_REPLAYS) return
  const oldest = standing.find(({ state }) => state === 'ended')
  if (oldest === undefined) {
    throw new Refusal('too-many', `An event may have ${MAX_REPLAYS} replays under way. End some of them first.`)
  }
  await replays.remove(eventId, oldest.id)
}

async function found(replays: Replays, eventId: string, replayId: string): Promise<Replay> {
  const replay = await replays.find(eventId, replayId)
  if (replay === undefined) throw noReplay(replayId)
  return replay
}

function noReplay(replayId: string): Refusal {
  return new Refusal('not-found', `There is no replay ${replayId} of this event.`)
}

async function readReplay(req: Request, res: Response, tokens: Tokens) {
  const ops = await readOps(req, res, tokens)
  return { ...ops, replayId: accept(ReplayId, req.params['replayId']) }
}
