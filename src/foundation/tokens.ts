import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { Refusal } from './errors.ts'
import { NOTHING_REVOKED, type Revocations, type TokenMarks } from './revoked.ts'

export const ROLES = ['contributor', 'editor', 'ops'] as const
export type Role = (typeof ROLES)[number]

const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(ROLES)),
  events: z.array(z.string()).optional(),
  /** One that is of no use as an id counts as none. */
  jti: z.string().min(1).max(200).optional().catch(undefined),
  iat: z.number().optional(),
  exp: z.number(),
})

/** What a token says of whoever has it. */
export interface TokenClaims {
  readonly sub: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly events?: readonly string[]
}

/** Who a token speaks for. `expiresAt` is in ms since 1970. */
export interface Subject extends TokenClaims, TokenMarks {
  readonly expiresAt: number
}

export interface Tokens {
  /** Throws the Refusal token-needed when the token is forged, expired, revoked or malformed. */
  verify(token: string): Promise<Subject>
  /**
   * `expires` is a time from now, such as `8h`. It gets an id (`jti`) of its own unless one is given. Throws the Refusal
   * invalid-request when it would hold for longer than tokens may.
   */
  sign(claims: TokenClaims, expires: string, tokenId?: string): Promise<string>
  /** Whether a token that was verified holds still: it has not run out, and was not revoked. Costs nothing. */
  holds(subject: Subject): boolean
  /** Calls `lost` once, when it holds no more; in the moment in which that is known here. What it answers ends the watch. */
  watch(subject: Subject, lost: () => void): () => void
  /** Calls `changed` after more tokens were revoked, until what it answers is called. */
  whenRevoked(changed: () => void): () => void
}

export interface TokensOptions {
  readonly revocations?: Revocations
  /** No token may hold for longer: so long a revocation is kept. */
  readonly maxLifeMs?: number
}

/** So many tokens are remembered as verified; the one verified longest ago is forgotten first. */
const MAX_VERIFIED = 1_000
const MAX_LIFE_MS = 366 * 86_400_000
/** So far ahead may be the clock that a token was issued by. */
const MAX_AHEAD_MS = 60_000
/** What a timer can wait. */
const MAX_TIMER_MS = 2_147_483_647

/**
 * Bearer tokens: JWT (RFC 7519), HS256. A token is verified once, and then good until it expires or is revoked. Ours tell
 * when they were issued to the millisecond, so that one issued right after a revocation is not part of it.
 */
export function createTokens(secret: string, options: TokensOptions = {}): Tokens {
  const { revocations = NOTHING_REVOKED, maxLifeMs = MAX_LIFE_MS } = options
  const key = new TextEncoder().encode(secret)
  const verified = new Map<string, Subject>()

  function remember(token: string, subject: Subject): Subject {
    const [oldest] = verified.keys()
    if (verified.size >= MAX_VERIFIED && oldest !== undefined) verified.delete(oldest)
    verified.set(token, subject)
    return subject
  }

  async function read(token: string): Promise<Subject> {
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'] })
      const subject = subjectOf(token, Claims.parse(payload))
      if (subject.issuedAt > Date.now() + MAX_AHEAD_MS) throw new Error('iat is in the future')
      return subject
    } catch (cause) {
      throw new Refusal('token-needed', 'The bearer token is malformed, forged or expired.', { cause })
    }
  }

  function holds(subject: Subject): boolean {
    return Date.now() < subject.expiresAt && !revocations.isRevoked(subject)
  }

  return {
    async verify(token) {
      const known = verified.get(token)
      if (known !== undefined && Date.now() >= known.expiresAt) verified.delete(token)
      const subject = verified.get(token) ?? remember(token, await read(token))
      if (revocations.isRevoked(subject)) throw new Refusal('token-needed', 'The bearer token was revoked.')
      if (lifeOf(subject) > maxLifeMs) throw new Refusal('token-needed', `The bearer token ${tooLong(maxLifeMs)}`)
      return subject
    },
    async sign({ sub, name, roles, events }, expires, tokenId = randomUUID()) {
      const token = await new SignJWT({
        name,
        roles: [...roles],
        ...(events === undefined ? {} : { events: [...events] }),
      })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(sub)
        .setJti(tokenId)
        .setIssuedAt(Date.now() / 1_000)
        .setExpirationTime(expires)
        .sign(key)
      if (lifeOf(subjectOf(token, Claims.parse(decodeJwt(token)))) > maxLifeMs) {
        throw new Refusal('invalid-request', `This token ${tooLong(maxLifeMs)}`)
      }
      return token
    },
    holds,
    watch(subject, lost) {
      let timer: NodeJS.Timeout | undefined
      function look(): void {
        clearTimeout(timer)
        if (holds(subject)) {
          timer = setTimeout(look, Math.min(Math.max(1, subject.expiresAt - Date.now()), MAX_TIMER_MS))
        } else {
          end()
          lost()
        }
      }
      const leave = revocations.listen(look)
      function end(): void {
        clearTimeout(timer)
        leave()
      }
      look()
      return end
    },
    whenRevoked: changed => revocations.listen(changed),
  }
}

function subjectOf(token: string, { exp, iat, jti, events, ...claims }: z.output<typeof Claims>): Subject {
  return {
    ...claims,
    ...(events === undefined ? {} : { events }),
    tokenId: jti ?? digestOf(token),
    issuedAt: iat === undefined ? 0 : Math.round(iat * 1_000),
    expiresAt: exp * 1_000,
  }
}

/** The id of a token without one: of what was signed, for the signature itself can be written in several ways. */
function digestOf(token: string): string {
  return `sha256:${createHash('sha256')
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest('hex')}`
}

/** For how long it holds, in ms; where it does not tell since when, from now on. */
function lifeOf({ issuedAt, expiresAt }: Subject): number {
  const now = Date.now()
  return expiresAt - Math.min(issuedAt === 0 ? now : issuedAt, now)
}

function tooLong(maxLifeMs: number): string {
  return `holds for longer than the ${maxLifeMs / 86_400_000} days that tokens may (TOKEN_MAX_DAYS).`
}

/** The secret given, or in development the one that is created once under DATA_DIR. */
export async function findSecret(auth: { secret: string | undefined; dataDir: string }): Promise<string> {
  if (auth.secret !== undefined) return auth.secret
  const file = join(auth.dataDir, 'jwt-secret')
  await mkdir(auth.dataDir, { recursive: true })
  await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  return (await readFile(file, 'utf8')).trim()
}

export function hasRole(subject: TokenClaims | undefined, ...roles: Role[]): boolean {
  return subject?.roles.some(role => roles.includes(role)) ?? false
}

/** Whether a token's `events` claim lets it reach this event. Without the claim it reaches all. */
export function reaches(subject: TokenClaims, eventId: string): boolean {
  return subject.events === undefined || subject.events.includes(eventId)
}

/** Who may read: everybody a public event, and a token that reaches it a private one. */
export function mayRead(
  event: { id: string; visibility: 'public' | 'private' },
  subject: TokenClaims | undefined,
): boolean {
  return event.visibility === 'public' || (subject !== undefined && reaches(subject, event.id))
}
