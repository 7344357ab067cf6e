import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { Refusal } from '../errors.ts'
import type { Subject } from '../tokens.ts'

const KEY = /^[\x21-\x7e]{1,200}$/

/**
 * The Idempotency-Key given, or one made up, and then only this request is covered. Requests are told apart by their
 * bodies as accepted: what a sender leaves unsaid, and the order of the fields, make no difference.
 */
export function idempotencyScope(req: Request, { sub }: Pick<Subject, 'sub'>, accepted: unknown) {
  const given = req.get('idempotency-key')
  const key = given?.replace(/^"(.*)"$/, '$1')
  if (key !== undefined && !KEY.test(key)) {
    throw new Refusal('invalid-request', 'Idempotency-Key must be 1 to 200 printable ASCII characters without spaces.')
  }
  const body = `${req.method} ${req.path}\n${JSON.stringify(accepted)}`
  return { key: key ?? `made:${randomUUID()}`, sub, body }
}
