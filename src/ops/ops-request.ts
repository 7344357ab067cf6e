import type { Request, Response } from 'express'
import type { AuditEntry } from '../feed/audit-trail.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import { requestIdOf } from '../foundation/http/request-id.ts'
import { hasRole, reaches, type Tokens } from '../foundation/tokens.ts'
import { EventId } from '../protocol/update.ts'

export interface OpsRequest {
  readonly eventId: string
  readonly by: AuditEntry['by']
  readonly requestId: string
}

/** Reads a request to all of Dateline, of somebody in ops whose token is for all events. */
export async function readOpsForAll(req: Request, res: Response, tokens: Tokens) {
  const request = await readOpsAnywhere(req, res, tokens)
  if (request.subject.events !== undefined) throw new Refusal('not-allowed', 'This token is for some events only.')
  return request
}

/** As readOpsForAll, whatever events the token is for: the answer is to be of those only. */
export async function readOpsAnywhere(req: Request, res: Response, tokens: Tokens) {
  const subject = await someBearerOf(req, tokens)
  if (!hasRole(subject, 'ops')) throw new Refusal('not-allowed', 'This needs the role ops.')
  return { subject, by: { sub: subject.sub, name: subject.name }, requestId: requestIdOf(res) }
}

/** Reads a request to an event of somebody in ops. Throws the refusals of tokens, roles and ids. */
export async function readOps(req: Request, res: Response, tokens: Tokens): Promise<OpsRequest> {
  const subject = await someBearerOf(req, tokens)
  if (!hasRole(subject, 'ops')) throw new Refusal('not-allowed', 'This needs the role ops.')
  const eventId = accept(EventId, req.params['eventId'])
  if (!reaches(subject, eventId)) throw new Refusal('not-allowed', 'This token is for other events.')
  return { eventId, by: { sub: subject.sub, name: subject.name }, requestId: requestIdOf(res) }
}
