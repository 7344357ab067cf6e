import { type Command, InvalidArgumentError } from 'commander'
import type { Config } from '../../foundation/config.ts'
import { createTokens, findSecret, ROLES, type Role } from '../../foundation/tokens.ts'

export interface TokenOptions {
  readonly role: readonly Role[]
  readonly events?: readonly string[]
  readonly expires: string
  readonly sub: string
  readonly name?: string
  readonly json?: true
}

/** The options of a command that prints a token; `npm run token` and `dateline token` share them. */
export function withTokenOptions(command: Command): Command {
  return command
    .description('Prints a bearer token, and nothing else. Needs neither Redis nor a running server.')
    .requiredOption('--role <roles>', `one or more of ${ROLES.join(', ')}, separated by commas`, readRoles)
    .option('--events <ids>', 'only for these events, separated by commas', text => text.split(','))
    .option('--expires <time>', 'how long it holds, such as 30m, 8h or 7d', readTime, '8h')
    .option('--sub <id>', 'whom it stands for', 'editor')
    .option('--name <name>', 'the name shown as author (default: the sub)')
    .option('--json', 'print it as JSON, with what it says')
}

/** The line that the command prints. */
export async function tokenLine({ json, ...options }: TokenOptions, config: Pick<Config, 'auth'>): Promise<string> {
  const { role, events, expires, sub, name } = options
  const tokens = createTokens(await findSecret(config.auth))
  const claims = { sub, name: name ?? sub, roles: role, ...(events === undefined ? {} : { events }) }
  const token = await tokens.sign(claims, expires)
  if (json !== true) return `${token}\n`
  const { expiresAt } = await tokens.verify(token)
  return `${JSON.stringify({ token, ...claims, expiresAt: new Date(expiresAt).toISOString() })}\n`
}

function readRoles(text: string): Role[] {
  return text.split(',').map(name => {
    const role = ROLES.find(known => known === name.trim())
    if (role === undefined) throw new InvalidArgumentError(`Choose from ${ROLES.join(', ')}.`)
    return role
  })
}

function readTime(text: string): string {
  if (!/^[1-9]\d{0,5}[smhd]$/.test(text)) throw new InvalidArgumentError('Such as 30m, 8h or 7d.')
  return text
}
