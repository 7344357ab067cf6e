import { ProcessPresence } from '../protocol/ops.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** A process that has told nothing for this long is gone. */
export const PRESENCE_FORGET_MS = 15_000
/** So long a process may take to hear that it is to drain, before that is forgotten. */
const DRAIN_WAITS_MS = 30_000

export type Presence = ReturnType<typeof createPresence>

/** Which processes run. Each tells of itself every few seconds; all of it stands in one slot and ages out by itself. */
export function createPresence({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** Tells of a process, and answers whether ops want it to drain. */
    async tell(process: ProcessPresence): Promise<{ drain: boolean }> {
      const { id, seenAt } = process
      const [, , asked] = await run(
        redis
          .multi()
          .set(keys.process(id), JSON.stringify(process), 'PX', PRESENCE_FORGET_MS)
          .zadd(keys.processes, Date.parse(seenAt), id)
          .getdel(keys.drain(id)),
      )
      return { drain: asked !== null }
    },

    /** For one that ends cleanly. */
    async forget(processId: string): Promise<void> {
      await run(redis.multi().del(keys.process(processId), keys.drain(processId)).zrem(keys.processes, processId))
    },

    /** Those that run, the one that started last first. What cannot be read was told by another release: it is left out. */
    async list(): Promise<ProcessPresence[]> {
      const ids = await redis.zrange(keys.processes, '0', '-1')
      if (ids.length === 0) return []
      const texts = await redis.mget(ids.map(id => keys.process(id)))
      const gone = ids.filter((_, i) => typeof texts[i] !== 'string')
      if (gone.length > 0) await redis.zrem(keys.processes, ...gone)
      const found = texts.flatMap(text => (typeof text === 'string' ? readProcess(text) : []))
      return found.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    },

    /** Asks a process to drain; false when there is none of this id. */
    async askToDrain(processId: string): Promise<boolean> {
      if ((await redis.exists(keys.process(processId))) === 0) return false
      await redis.set(keys.drain(processId), '1', 'PX', DRAIN_WAITS_MS)
      return true
    },
  }
}

/** Of a transaction the answers, or the first error. */
async function run(commands: ReturnType<ScriptedRedis['multi']>): Promise<unknown[]> {
  const answers = (await commands.exec()) ?? []
  return answers.map(([error, answer]) => {
    if (error !== null) throw error
    return answer
  })
}

function readProcess(text: string): ProcessPresence[] {
  const parsed = ProcessPresence.safeParse(JSON.parse(text))
  return parsed.success ? [parsed.data] : []
}
