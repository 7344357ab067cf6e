import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { Intake, type IntakeRequest } from '../protocol/ops.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { Announcements } from './announcements.ts'

/** However a pause was announced, a process knows of it after this long at the latest. */
const LOOK_EVERY_MS = 1_500

export type IntakeStore = ReturnType<typeof createIntakeStore>

/** Whether editors' writes are taken, for all events. */
export function createIntakeStore({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    async read(): Promise<Intake> {
      const text = await redis.get(keys.intake)
      return text === null ? { paused: false } : Intake.parse(JSON.parse(text))
    },

    /** Pauses or opens it, and has every process look. `by` is a name. */
    async change(request: IntakeRequest, by: string, now: Date): Promise<Intake> {
      const next: Intake = request.paused ? { ...request, since: now.toISOString(), by } : request
      if (next.paused) await redis.set(keys.intake, JSON.stringify(next))
      else await redis.del(keys.intake)
      await redis.spublish(keys.intakeChanged, 'changed')
      return next
    },
  }
}

export interface IntakeWatch extends Part {
  /** As last seen. While Redis is away that stays. */
  readonly now: Intake
  /** Looks at once: for whoever has just changed it. */
  look(): Promise<void>
}

export interface IntakeWatchNeeds {
  readonly intake: Pick<IntakeStore, 'read'>
  readonly announcements: Pick<Announcements, 'listenToIntake'>
  readonly log: Logger
}

/**
 * Keeps in memory whether intake is paused: a write asks nothing of Redis for it. Changes are announced, and looked for
 * as well, because an announcement can be lost. It cannot be a key that accept.lua reads: that runs in the slot of one event.
 */
export async function watchIntake({ intake, announcements, log }: IntakeWatchNeeds): Promise<IntakeWatch> {
  let now: Intake = { paused: false }
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    now = await intake.read()
  }

  function lookAnyway(): Promise<void> {
    return look().catch((err: unknown) => log.warn({ err }, 'whether intake is paused could not be read'))
  }

  function lookAgainLater(): void {
    timer = setTimeout(() => {
      void lookAnyway().then(() => {
        if (!stopped) lookAgainLater()
      })
    }, LOOK_EVERY_MS)
  }

  const lookSoon = () => void lookAnyway()
  const leave = await announcements.listenToIntake({ changed: lookSoon, reconnected: lookSoon })
  await look()
  lookAgainLater()
  return {
    name: 'intake watch',
    get now() {
      return now
    },
    look,
    async stop() {
      stopped = true
      clearTimeout(timer)
      leave()
    },
  }
}
