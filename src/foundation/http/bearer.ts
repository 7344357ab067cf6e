import type { Request } from 'express'
import { Refusal } from '../errors.ts'
import type { Subject, Tokens } from '../tokens.ts'

/**
 * Who sends a request, by its bearer token (RFC 6750); undefined without one.
 * Throws the Refusal token-needed when there is one that does not hold.
 */
export async function bearerOf(req: Request, tokens: Tokens): Promise<Subject | undefined> {
  const header = req.get('authorization')
  if (header === undefined) return undefined
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  if (token === undefined) throw new Refusal('token-needed', 'Send the header Authorization: Bearer <token>.')
  return tokens.verify(token)
}

/** As bearerOf, for routes that need somebody. */
export async function someBearerOf(req: Request, tokens: Tokens): Promise<Subject> {
  const subject = await bearerOf(req, tokens)
  if (subject === undefined) throw new Refusal('token-needed', 'Send the header Authorization: Bearer <token>.')
  return subject
}
