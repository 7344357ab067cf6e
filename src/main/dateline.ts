// First of all: it only holds for what is loaded after it.
import './small-heap.ts'

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findRunning } from '../../scripts/redis.mjs'
import { type Config, readConfig, StartError } from '../foundation/config.ts'
import { runDateline } from './cli/command.ts'

// The first Ctrl-C ends what is being done and tells how far it came; a second one ends at once.
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

try {
  process.exitCode = await runDateline(process.argv.slice(2), {
    config: readConfig(process.env),
    configWithRedis: () => withRunningRedis(process.env),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isColoured: process.stdout.isTTY === true && process.stdout.hasColors(),
    signal: interrupted.signal,
  })
} catch (error) {
  if (!(error instanceof Error && error.name === StartError.name)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

/** Without REDIS_URL, the Redis that `npm start` runs is used while it runs, and never stopped. */
async function withRunningRedis(env: NodeJS.ProcessEnv): Promise<Config> {
  const config = readConfig(env)
  const dir = join(config.auth.dataDir, 'redis')
  if ((env['REDIS_URL'] ?? '') !== '' || !existsSync(dir)) return config
  const running = await findRunning({ dir })
  return running === undefined ? config : readConfig({ ...env, REDIS_URL: running.url })
}
