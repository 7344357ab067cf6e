/** Who a bearer token says it is. It is read for display only: the server alone decides whether it is genuine. */
export interface TokenOwner {
  readonly sub: string
  readonly name: string
  readonly roles: readonly string[]
  /** ms since 1970. */
  readonly expiresAtMs: number
}

export type TokenReading =
  | { readonly fine: true; readonly owner: TokenOwner }
  | { readonly fine: false; readonly fault: string }

/** Pure: what stands in a JWT (RFC 7519), or in a sentence why it is of no use. */
export function readToken(token: string, nowMs: number): TokenReading {
  const claims = claimsOf(token.trim())
  if (claims === undefined)
    return unfit('This is not a token. A token is three parts of letters and digits, with dots between.')
  const { sub, name, roles, exp } = claims
  if (typeof sub !== 'string' || typeof exp !== 'number')
    return unfit('This token names nobody, or has no end. Ask for another one.')
  if (exp * 1_000 <= nowMs) return unfit('This token has expired. Ask for another one; what you typed is kept.')
  return {
    fine: true,
    owner: {
      sub,
      name: typeof name === 'string' ? name : sub,
      roles: Array.isArray(roles) ? roles.filter(role => typeof role === 'string') : [],
      expiresAtMs: exp * 1_000,
    },
  }
}

function unfit(fault: string): TokenReading {
  return { fine: false, fault }
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token)?.[1]
  if (payload === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
  } catch {
    // Not base64url or not JSON: no token. The caller says so.
    return undefined
  }
}

/** What the address bar may carry after the #: a token to take over, and the event that is open. */
export interface DeskHash {
  readonly token?: string
  readonly event?: string
}

export function readHash(hash: string): DeskHash {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const token = values.get('token')
  const event = values.get('event')
  return { ...(token === null ? {} : { token }), ...(event === null ? {} : { event }) }
}

/** The hash that stays in the address bar: never with a token. */
export function formatHash(event: string | undefined): string {
  return event === undefined ? '' : `#event=${encodeURIComponent(event)}`
}
