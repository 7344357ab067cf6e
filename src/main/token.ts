import { Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../foundation/config.ts'
import { createTokens, findSecret, ROLES, type Role } from '../foundation/tokens.ts'

interface Options {
  role: Role[]
  events?: string[]
  expires: string
  sub: string
  name?: string
}

const command = new Command('token')
  .description('Prints a bearer token, and nothing else. Needs neither Redis nor a running server.')
  .requiredOption('--role <roles>', `one or more of ${ROLES.join(', ')}, separated by commas`, readRoles)
  .option('--events <ids>', 'only for these events, separated by commas', text => text.split(','))
  .option('--expires <time>', 'how long it holds, such as 30m, 8h or 7d', readTime, '8h')
  .option('--sub <id>', 'whom it stands for', 'editor')
  .option('--name <name>', 'the name shown as author (default: the sub)')

try {
  await command.parseAsync()
  const { role, events, expires, sub, name } = command.opts<Options>()
  const tokens = createTokens(await findSecret(readConfig(process.env).auth))
  const claims = { sub, name: name ?? sub, roles: role, ...(events === undefined ? {} : { events }) }
  process.stdout.write(`${await tokens.sign(claims, expires)}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
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
