/** What tells one token from another. */
export interface TokenMarks {
  readonly sub: string
  /** Its `jti`; of a token without one, `sha256:` and a digest of what was signed. */
  readonly tokenId: string
  /** In ms since 1970; 0 where the token does not tell (`iat`). */
  readonly issuedAt: number
}

/** Which tokens were revoked, as this process knows it: asking costs nothing. */
export interface Revocations {
  isRevoked(token: TokenMarks): boolean
  /** Calls `changed` after more were revoked, until what it answers is called. */
  listen(changed: () => void): () => void
}

/** For whoever only signs, or verifies where no list is kept. */
export const NOTHING_REVOKED: Revocations = { isRevoked: () => false, listen: () => () => {} }
