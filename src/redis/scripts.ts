import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

/** Each .lua file says in its header what its KEYS and ARGV are and what it returns. */
const SCRIPTS = {
  dlAccept: { file: 'accept.lua', keys: 7 },
  dlAdvanceReplay: { file: 'advance-replay.lua', keys: 4 },
  dlChangeReplay: { file: 'change-replay.lua', keys: 2 },
  dlCommit: { file: 'commit.lua', keys: 19 },
  dlDiscardHeld: { file: 'discard-held.lua', keys: 4 },
  dlPutSettings: { file: 'put-settings.lua', keys: 2 },
  dlReadBefore: { file: 'read-before.lua', keys: 2 },
  dlReadLines: { file: 'read-lines.lua', keys: 3 },
  dlReadSnapshot: { file: 'read-snapshot.lua', keys: 6 },
} as const

type Script = (...keysAndArguments: (string | number)[]) => Promise<unknown>
export type Scripts = { readonly [name in keyof typeof SCRIPTS]: Script }
export type ScriptedRedis = Redis & Scripts

/** The connection, with each script as a command (EVALSHA, loaded when Redis does not know it). */
export function withScripts(redis: Redis): ScriptedRedis {
  for (const [name, { file, keys }] of Object.entries(SCRIPTS)) {
    const lua = readFileSync(new URL(`scripts/${file}`, import.meta.url), 'utf8')
    redis.defineCommand(name, { numberOfKeys: keys, lua })
  }
  return redis as ScriptedRedis
}
