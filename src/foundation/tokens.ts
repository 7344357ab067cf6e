import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { Refusal } from './errors.ts'

export const ROLES = ['contributor', 'editor', 'ops'] as const
export type Role = (typeof ROLES)[number]

const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  roles: z.array(z.enum(ROLES)),
  events: z.array(z.string()).optional(),
  exp: z.number(),
})

/** Who a token speaks for. `expiresAt` is in ms since 1970. */
export interface Subject {
  readonly sub: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly events?: readonly string[]
  readonly expiresAt: number
}

export interface Tokens {
  /** Throws the Refusal token-needed when the token is forged, expired or malformed. */
  verify(token: string): Promise<Subject>
  sign(claims: Omit<Subject, 'expiresAt'>, expires: string): Promise<string>
}

/** So many tokens are remembered as verified; the one verified longest ago is forgotten first. */
const MAX_VERIFIED = 1_000

/** Bearer tokens: JWT (RFC 7519), HS256. A token is verified once, and then good until it expires. */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret)
  const verified = new Map<string, Subject>()

  function remember(token: string, subject: Subject): Subject {
    const [oldest] = verified.keys()
    if (verified.size >= MAX_VERIFIED && oldest !== undefined) verified.delete(oldest)
    verified.set(token, subject)
    return subject
  }

  return {
    async verify(token) {
      const known = verified.get(token)
      if (known !== undefined && Date.now() < known.expiresAt) return known
      verified.delete(token)
      try {
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'] })
        const { exp, events, ...claims } = Claims.parse(payload)
        return remember(token, { ...claims, ...(events === undefined ? {} : { events }), expiresAt: exp * 1_000 })
      } catch (cause) {
        throw new Refusal('token-needed', 'The bearer token is malformed, forged or expired.', { cause })
      }
    },
    sign({ sub, ...claims }, expires) {
      return new SignJWT({ ...claims, roles: [...claims.roles] })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(sub)
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(key)
    },
  }
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

export function hasRole(subject: Subject | undefined, ...roles: Role[]): boolean {
  return subject?.roles.some(role => roles.includes(role)) ?? false
}

/** Whether a token's `events` claim lets it reach this event. Without the claim it reaches all. */
export function reaches(subject: Subject, eventId: string): boolean {
  return subject.events === undefined || subject.events.includes(eventId)
}

/** Who may read: everybody a public event, and a token that reaches it a private one. */
export function mayRead(
  event: { id: string; visibility: 'public' | 'private' },
  subject: Subject | undefined,
): boolean {
  return event.visibility === 'public' || (subject !== undefined && reaches(subject, event.id))
}
