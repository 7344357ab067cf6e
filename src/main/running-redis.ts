import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findRunning } from '../../scripts/redis.mjs'
import { type Config, readConfig } from '../foundation/config.ts'

/** Without REDIS_URL, the Redis that `npm start` runs is used while it runs, and never stopped. */
export async function configWithRunningRedis(env: NodeJS.ProcessEnv): Promise<Config> {
  const config = readConfig(env)
  const dir = join(config.auth.dataDir, 'redis')
  if ((env['REDIS_URL'] ?? '') !== '' || !existsSync(dir)) return config
  const running = await findRunning({ dir })
  return running === undefined ? config : readConfig({ ...env, REDIS_URL: running.url })
}
