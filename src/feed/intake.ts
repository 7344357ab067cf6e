import type { Logger } from '../foundation/logger.ts'
import { Intake, type IntakeRequest } from '../protocol/ops.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { Announcements } from './announcements.ts'
import { keepLooking, type Looking } from './keep-looking.ts'

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

export interface IntakeWatch extends Looking {
  /** As last seen. While Redis is away that stays. */
  readonly now: Intake
}

export interface IntakeWatchNeeds {
  readonly intake: Pick<IntakeStore, 'read'>
  readonly announcements: Pick<Announcements, 'listenToIntake'>
  readonly log: Logger
}

/**
 * Keeps in memory whether intake is paused. It cannot be a key that accept.lua reads: that runs in the slot of one event.
 */
export async function watchIntake({ intake, announcements, log }: IntakeWatchNeeds): Promise<IntakeWatch> {
  let now: Intake = { paused: false }
  const looking = await keepLooking({
    name: 'intake watch',
    async lookNow() {
      now = await intake.read()
    },
    listen: listener => announcements.listenToIntake(listener),
    log,
  })
  return {
    ...looking,
    get now() {
      return now
    },
  }
}
