import { type RevocationWatch, watchRevocations } from '../feed/access/revocation-watch.ts'
import type { Announcements } from '../feed/announcements.ts'
import { createTokens, findSecret, type Tokens } from '../foundation/tokens.ts'
import type { Store } from './open-store.ts'
import type { Start } from './run.ts'

/** Who may do what in this process: all doors share it. */
export interface OpenTokens {
  readonly tokens: Tokens
  /** Of sessions in a browser: their secret is another one, and revoked they are with the token that began them. */
  readonly sessionTokens: Tokens
  readonly revocationsNow: Pick<RevocationWatch, 'look'>
}

/** Reads which tokens were revoked before anybody is let in, and keeps up with it. */
export async function openTokens(
  { config, lifecycle, log }: Start,
  { revocations: store }: Pick<Store, 'revocations'>,
  announcements: Announcements,
): Promise<OpenTokens> {
  const { maxLifeMs } = config.auth
  const secret = await findSecret(config.auth)
  const revocations = lifecycle.add(await watchRevocations({ revocations: store, announcements, maxLifeMs, log }))
  return {
    tokens: createTokens(secret, { revocations, maxLifeMs }),
    sessionTokens: createTokens(`ops-session ${secret}`, { revocations, maxLifeMs }),
    revocationsNow: revocations,
  }
}
