import { z } from 'zod'
import type { RevocationStore } from '../../feed/access/revocations.ts'
import { Refusal } from '../../foundation/errors.ts'
import { createTokens, findSecret } from '../../foundation/tokens.ts'
import { type Revocation, RevocationRequest } from '../../protocol/access.ts'
import { EXIT, UsageError } from '../command-line.ts'
import { terminalActor } from './terminal-actor.ts'
import { columns, oneLine } from './terminal-text.ts'
import type { TokenContext, TokenOptions } from './token-command.ts'
import { withStore } from './with-store.ts'

const PAGE = 500
const NO_REASON = 'No reason was given.'

/** `token --revoke`, `--revoke-all`, `--list-revoked`: resolves with the exit code. Throws UsageError and Refusals. */
export async function revokeTokens(options: TokenOptions, context: TokenContext): Promise<number> {
  const { revoke, revokeAll, reason = NO_REASON, json } = options
  const { stdout } = context
  const of = revoke === undefined ? { sub: revokeAll ?? '' } : { jti: await idOf(revoke, context) }
  const request = options.listRevoked === true ? undefined : readRequest({ ...of, reason })
  return await withStore(context, async ({ revocations }) => {
    if (request === undefined) {
      const all = await listAll(revocations)
      stdout.write(json === true ? `${JSON.stringify({ revocations: all }, undefined, 2)}\n` : listText(all))
    } else {
      const revoked = await revocations.revoke(request, terminalActor(), new Date())
      stdout.write(json === true ? `${JSON.stringify(revoked, undefined, 2)}\n` : `${revokedText(revoked)}\n`)
    }
    return EXIT.done
  })
}

/** Pure. */
export function revokedText({ jti, sub, at }: Revocation): string {
  if (sub === undefined) return oneLine(`Revoked: the token ${jti}.`)
  return oneLine(`Revoked: all tokens of ${sub} that were issued until ${at}.`)
}

/** Of a token its id, of anything else that itself. Throws the Refusal token-needed for one that does not hold anyway. */
async function idOf(text: string, { config }: TokenContext): Promise<string> {
  // So begins the JSON of a header in base64url.
  if (!/^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(text)) return text
  const tokens = createTokens(await findSecret(config.auth), config.auth)
  const subject = await tokens.verify(text).catch((cause: unknown) => {
    throw new Refusal('token-needed', 'It does not hold anyway: it is malformed, expired, or of another secret.', {
      cause,
    })
  })
  return subject.tokenId
}

function readRequest(given: object): RevocationRequest {
  const request = RevocationRequest.safeParse(given)
  if (!request.success) throw new UsageError(z.prettifyError(request.error))
  return request.data
}

async function listAll(revocations: Pick<RevocationStore, 'page'>): Promise<Revocation[]> {
  const all: Revocation[] = []
  for (;;) {
    const page = await revocations.page(all.length, PAGE, new Date())
    all.push(...page.revocations)
    if (!page.more || page.revocations.length === 0) return all
  }
}

function listText(all: readonly Revocation[]): string {
  if (all.length === 0) return 'Nothing was revoked.\n'
  return columns(
    all.map(({ at, jti, sub, by, reason }) => [
      ...[at, sub === undefined ? 'token' : 'all of', oneLine(jti ?? sub ?? ''), oneLine(by), oneLine(reason)],
    ]),
  )
}
