import { Command } from 'commander'
import { readConfig } from '../foundation/config.ts'
import { runToken, type TokenOptions, withTokenOptions } from './cli/token-command.ts'
import { configWithRunningRedis } from './running-redis.ts'

const command = withTokenOptions(new Command('token'))

try {
  await command.parseAsync()
  const configWithRedis = () => configWithRunningRedis(process.env)
  const context = { config: readConfig(process.env), configWithRedis, stdout: process.stdout }
  process.exitCode = await runToken(command.opts<TokenOptions>(), context)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
