import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { IdempotencyScope } from '../feed/accept-submission.ts'
import { accept } from '../foundation/accept.ts'
import { Refusal } from '../foundation/errors.ts'
import { someBearerOf } from '../foundation/http/bearer.ts'
import { idempotencyScope } from '../foundation/http/idempotency-scope.ts'
import { preferredWait } from '../foundation/http/preferences.ts'
import { requestIdOf } from '../foundation/http/request-id.ts'
import { hasRole, type Role, reaches, type Subject, type Tokens } from '../foundation/tokens.ts'
import { EventId } from '../protocol/update.ts'

/** What every write has: who, where, what, with which key, and how long the editor would wait for its end. */
export interface WriteRequest<Body = unknown> {
  readonly eventId: string
  readonly subject: Subject
  readonly requestId: string
  readonly body: Body
  readonly scope: IdempotencyScope
  readonly ifMatch: string | undefined
  readonly waitMs: number
}

/** Reads a write to an event that is named in the path. Throws the refusals of tokens, roles, headers and body. */
export async function readWrite<S extends z.ZodType>(
  req: Request,
  res: Response,
  tokens: Tokens,
  schema: S,
  ...roles: Role[]
): Promise<WriteRequest<z.output<S>>> {
  const { subject, eventId } = await readAsker(req, tokens, ...roles)
  const body = accept(schema, req.body)
  return {
    eventId,
    subject,
    requestId: requestIdOf(res),
    body,
    scope: idempotencyScope(req, subject, body),
    ifMatch: req.get('if-match'),
    waitMs: preferredWait(req.get('prefer')) * 1_000,
  }
}

/** Who asks, in which role, and about which event of the path. Throws the refusals of tokens, roles and ids. */
export async function readAsker(
  req: Request,
  tokens: Tokens,
  ...roles: Role[]
): Promise<{ subject: Subject; eventId: string }> {
  const subject = await someBearerOf(req, tokens)
  if (!hasRole(subject, ...roles)) throw new Refusal('not-allowed', `This needs the role ${roles.join(' or ')}.`)
  const eventId = accept(EventId, req.params['eventId'])
  if (!reaches(subject, eventId)) throw new Refusal('not-allowed', 'This token is for other events.')
  return { subject, eventId }
}
