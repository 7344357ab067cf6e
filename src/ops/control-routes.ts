import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { AuditEntry, AuditTrail } from '../feed/audit-trail.ts'
import type { IntakeStore, IntakeWatch } from '../feed/intake.ts'
import type { Presence } from '../feed/presence.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { jsonBody } from '../foundation/http/json-body.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tokens } from '../foundation/tokens.ts'
import { IntakeRequest, QueueName, QueueRequest, type QueueState } from '../protocol/ops.ts'
import type { QueueDoor } from '../queue/queue-door.ts'
import { readOpsForAll } from './ops-request.ts'

export interface ControlRoutesNeeds {
  readonly tokens: Tokens
  readonly intake: Pick<IntakeStore, 'change'>
  readonly intakeNow: Pick<IntakeWatch, 'look'>
  readonly presence: Pick<Presence, 'askToDrain' | 'list'>
  readonly queueDoors: readonly QueueDoor[]
  readonly audit: Pick<AuditTrail, 'recordForAll'>
  readonly log: Logger
}

/** Pausing intake and queues, and draining processes. For ops whose token is for all events; each deed is audited before it is done. */
export function createControlRoutes(needs: ControlRoutesNeeds): Router {
  const routes = Router()
  const json = jsonBody()
  routes.put('/v1/ops/intake', json, putIntake(needs))
  routes.put('/v1/ops/queues/:name', json, putQueue(needs))
  routes.post('/v1/ops/processes/:processId/drain', postDrain(needs))
  return routes
}

/** PUT /v1/ops/intake {paused, reason}: every api process knows of it at once, and 2 s later if that was lost. */
function putIntake(needs: ControlRoutesNeeds): RequestHandler {
  const { tokens, intake, intakeNow } = needs
  return async (req, res) => {
    const { by, requestId } = await readOpsForAll(req, res, tokens)
    const request = accept(IntakeRequest, req.body)
    const now = new Date()
    const { paused, ...detail } = request
    await record(needs, { by, requestId, action: paused ? 'intake-paused' : 'intake-opened', detail }, now)
    const answer = await intake.change(request, by.name, now)
    await intakeNow.look() // so that the next request to this process finds it so
    res.json(answer)
  }
}

/** PUT /v1/ops/queues/:name {paused}: while it is paused no worker takes another job of it. */
function putQueue(needs: ControlRoutesNeeds): RequestHandler {
  const { tokens, queueDoors } = needs
  return async (req, res) => {
    const { by, requestId } = await readOpsForAll(req, res, tokens)
    const name = QueueName.safeParse(req.params['name']).data
    const door = queueDoors.find(each => each.name === name)
    if (door === undefined) {
      const names = queueDoors.map(each => each.name).join(' and ')
      throw new Refusal('not-found', `There is no such queue: there are ${names}.`)
    }
    const { paused } = accept(QueueRequest, req.body)
    const action = paused ? 'queue-paused' : 'queue-resumed'
    await record(needs, { by, requestId, action, detail: { queue: door.name } }, new Date())
    await door.setPaused(paused)
    const state: QueueState = { name: door.name, paused }
    res.json(state)
  }
}

/** POST /v1/ops/processes/:processId/drain: 202. It hears of it within 2 s, and ends as by SIGTERM. */
function postDrain(needs: ControlRoutesNeeds): RequestHandler {
  const { tokens, presence } = needs
  return async (req, res) => {
    const { by, requestId } = await readOpsForAll(req, res, tokens)
    const processId = accept(z.object({ id: z.uuid() }), { id: req.params['processId'] }).id
    const found = (await presence.list()).find(({ id }) => id === processId)
    if (found === undefined) throw noProcess(processId)
    const { kind, host, pid } = found
    await record(
      needs,
      { by, requestId, action: 'process-drained', detail: { processId, kind, host, pid } },
      new Date(),
    )
    if (!(await presence.askToDrain(processId))) throw noProcess(processId)
    res.status(202).json({ id: processId, state: 'draining' })
  }
}

async function record({ audit, log }: ControlRoutesNeeds, deed: Omit<AuditEntry, 'id' | 'at'>, now: Date) {
  await audit.recordForAll(deed, now)
  const { by, requestId, action, detail } = deed
  log.info({ requestId, sub: by.sub, action, ...detail }, 'ops did something to all of it')
}

function noProcess(processId: string): Refusal {
  return new Refusal('process-not-found', `No process ${processId} runs.`)
}
