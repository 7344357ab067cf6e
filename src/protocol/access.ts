import { z } from 'zod'
import { Line, Text } from './text.ts'
import { Instant } from './time.ts'
import { EventId } from './update.ts'

/** `sub` of a token: whom it stands for. */
export const Sub = Line(200)
/** `jti` of a token, or what stands for it where it has none. */
export const TokenId = Line(200)

/** Why somebody did it, for the audit trail. */
export const Reason = Line(500)

/** Body of `POST /v1/ops/revocations`: one token, or all that were issued to somebody until now. */
export const RevocationRequest = z.union([
  z.strictObject({ jti: TokenId, reason: Reason }),
  z.strictObject({ sub: Sub, reason: Reason }),
])
export type RevocationRequest = z.infer<typeof RevocationRequest>

/** The 201 to it. With `sub`, all tokens of somebody that were issued until `at`. `by` is a name. */
export const Revocation = z
  .object({ jti: TokenId.optional(), sub: Sub.optional(), at: Instant, by: Text(200), reason: Text(500) })
  .refine(({ jti, sub }) => (jti === undefined) !== (sub === undefined), 'Must have one of jti and sub.')
export type Revocation = z.infer<typeof Revocation>

/** `GET /v1/ops/revocations?limit=&offset=`: newest first, with an RFC 8288 link to the next page. */
export interface RevocationPage {
  readonly revocations: readonly Revocation[]
  readonly complete: boolean
}

/** Longest token that is taken on a socket, in characters. */
export const MAX_TOKEN_LENGTH = 4_096
/** So many ids, of the usual length, fit into a token. */
export const MAX_USER_EVENTS = 50

/** Somebody of a newsroom that has no identity provider. Who is blocked is given no token. */
export const User = z.object({
  sub: Sub,
  name: Line(200),
  roles: z.array(z.enum(['contributor', 'editor', 'ops'])).min(1),
  /** Only these; without it all. */
  events: z.array(EventId).min(1).max(MAX_USER_EVENTS).optional(),
  state: z.enum(['active', 'blocked']),
  createdAt: Instant,
  changedAt: Instant,
})
export type User = z.infer<typeof User>
