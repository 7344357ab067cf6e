import { Command } from 'commander'
import { readConfig } from '../foundation/config.ts'
import { type TokenOptions, tokenLine, withTokenOptions } from './cli/token-command.ts'

const command = withTokenOptions(new Command('token'))

try {
  await command.parseAsync()
  process.stdout.write(await tokenLine(command.opts<TokenOptions>(), readConfig(process.env)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
