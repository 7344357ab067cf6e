import { type Command, InvalidArgumentError, Option } from 'commander'
import { createTokens, findSecret, ROLES, type Role } from '../../foundation/tokens.ts'
import { EXIT, UsageError } from '../command-line.ts'
import type { CliContext } from './command.ts'

export interface TokenOptions {
  readonly role?: readonly Role[]
  readonly events?: readonly string[]
  readonly expires: string
  readonly sub: string
  readonly name?: string
  readonly json?: true
  /** A token, or its id. */
  readonly revoke?: string
  /** A sub. */
  readonly revokeAll?: string
  readonly listRevoked?: true
  readonly reason?: string
}

export type TokenContext = Pick<CliContext, 'config' | 'configWithRedis' | 'stdout'>

/** The options of a command that prints or revokes tokens; `npm run token` and `dateline token` share them. */
export function withTokenOptions(command: Command): Command {
  return command
    .description(
      'Prints a bearer token, and nothing else; for that it needs no Redis and no running server. Or revokes some.',
    )
    .option('--role <roles>', `one or more of ${ROLES.join(', ')}, separated by commas`, readRoles)
    .option('--events <ids>', 'only for these events, separated by commas', readList)
    .option('--expires <time>', 'how long it holds, such as 30m, 8h or 7d', readTime, '8h')
    .option('--sub <id>', 'whom it stands for', 'editor')
    .option('--name <name>', 'the name shown as author (default: the sub)')
    .addOption(
      alone('--revoke <token>', 'revoke this token, or the one with this id (jti)', 'revokeAll', 'listRevoked'),
    )
    .addOption(
      alone('--revoke-all <sub>', 'revoke all that were issued to somebody until now', 'revoke', 'listRevoked'),
    )
    .addOption(alone('--list-revoked', 'list what was revoked, newest first', 'revoke', 'revokeAll'))
    .option('--reason <text>', 'why, for the audit trail')
    .option('--json', 'print it as JSON, with what it says')
}

/** Resolves with the exit code. Throws UsageError, and the Refusal of a token that would hold for too long. */
export async function runToken(options: TokenOptions, context: TokenContext): Promise<number> {
  const { revoke, revokeAll, listRevoked, role } = options
  if (revoke !== undefined || revokeAll !== undefined || listRevoked === true) {
    // Loaded only here: who prints a token does without Redis.
    const { revokeTokens } = await import('./revoke-tokens.ts')
    return await revokeTokens(options, context)
  }
  if (role === undefined) {
    throw new UsageError('Give --role, or one of --revoke, --revoke-all and --list-revoked.')
  }
  context.stdout.write(await tokenLine({ ...options, role }, context))
  return EXIT.done
}

async function tokenLine(options: TokenOptions & { role: readonly Role[] }, { config }: TokenContext): Promise<string> {
  const { role, events, expires, sub, name } = options
  const tokens = createTokens(await findSecret(config.auth), config.auth)
  const claims = { sub, name: name ?? sub, roles: role, ...(events === undefined ? {} : { events }) }
  const token = await tokens.sign(claims, expires)
  if (options.json !== true) return `${token}\n`
  const { expiresAt, tokenId } = await tokens.verify(token)
  return `${JSON.stringify({ token, ...claims, jti: tokenId, expiresAt: new Date(expiresAt).toISOString() })}\n`
}

function alone(flags: string, description: string, ...others: string[]): Option {
  return new Option(flags, description).conflicts(['role', ...others])
}

export function readRoles(text: string): Role[] {
  return readList(text).map(name => {
    const role = ROLES.find(known => known === name.trim())
    if (role === undefined) throw new InvalidArgumentError(`Choose from ${ROLES.join(', ')}.`)
    return role
  })
}

function readList(text: string): string[] {
  return text.split(',')
}

export function readTime(text: string): string {
  if (!/^[1-9]\d{0,5}[smhd]$/.test(text)) throw new InvalidArgumentError('Such as 30m, 8h or 7d.')
  return text
}
