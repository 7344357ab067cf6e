import { readFileSync } from 'node:fs'
import type { RedisConnection } from './nodes.ts'

/** What an entry does to the current state: two scripts share it. */
const KEEP_UPDATE = 'keep-update.lua'

/** Each .lua file says in its header what its KEYS and ARGV are and what it returns. */
const SCRIPTS = {
  dlAccept: { file: 'accept.lua', keys: 9 },
  dlAdoptImport: { file: 'adopt-import.lua', keys: 41 },
  dlAdvanceReplay: { file: 'advance-replay.lua', keys: 4 },
  dlChangeReplay: { file: 'change-replay.lua', keys: 2 },
  dlCommit: { file: 'commit.lua', keys: 19, after: KEEP_UPDATE },
  dlCopyEvent: { file: 'copy-event.lua', keys: 25 },
  dlDiscardShelved: { file: 'discard-shelved.lua', keys: 5 },
  dlDiscardStray: { file: 'discard-stray.lua', keys: 3 },
  dlFillDeadLetter: { file: 'fill-dead-letter.lua', keys: 1 },
  dlMendOutbox: { file: 'mend-outbox.lua', keys: 2 },
  dlMendTimes: { file: 'mend-times.lua', keys: 3 },
  dlMoveOut: { file: 'move-out.lua', keys: 20 },
  dlPutSettings: { file: 'put-settings.lua', keys: 2 },
  dlCountAudience: { file: 'count-audience.lua', keys: 4 },
  dlPutUser: { file: 'put-user.lua', keys: 2 },
  dlReadOverview: { file: 'read-overview.lua', keys: 11 },
  dlReadBefore: { file: 'read-before.lua', keys: 3 },
  dlReadLines: { file: 'read-lines.lua', keys: 3 },
  dlReadSnapshot: { file: 'read-snapshot.lua', keys: 6 },
  dlRevoke: { file: 'revoke.lua', keys: 5 },
  dlStageEntries: { file: 'stage-entries.lua', keys: 7, after: KEEP_UPDATE },
  dlStageFields: { file: 'stage-fields.lua', keys: 1 },
} as const satisfies Record<string, { file: string; keys: number; after?: string }>

type Script = (...keysAndArguments: (string | number)[]) => Promise<unknown>
export type Scripts = { readonly [name in keyof typeof SCRIPTS]: Script }
export type ScriptedRedis = RedisConnection & Scripts

/** The connection, with each script as a command (EVALSHA, loaded when Redis does not know it). */
export function withScripts<C extends RedisConnection>(redis: C): C & Scripts {
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const before = 'after' in script ? read(script.after) : ''
    redis.defineCommand(name, { numberOfKeys: script.keys, lua: `${before}${read(script.file)}` })
  }
  return redis as C & Scripts
}

function read(file: string): string {
  return readFileSync(new URL(`scripts/${file}`, import.meta.url), 'utf8')
}
