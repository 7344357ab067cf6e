import { createHash } from 'node:crypto'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { EventKeys, Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** Who has polled within this window of time, or the one before, looks on. Longer than any poll is waited for. */
export const POLLERS_WINDOW_MS = 30_000
const TELL_EVERY_MS = 1_000
/** What one process remembers of a window, so that nobody is told twice. Beyond that it costs Redis more, not memory. */
const MOST_KNOWN = 200_000

export interface PollersNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly log: Logger
}

export interface Pollers extends Part {
  /** Somebody polls an event; `who` is what tells one from another, such as an address. Costs no call to Redis. */
  saw(eventId: string, who: string): void
}

/**
 * How many follow an event by polling: they hold on to nothing, so they are told from one another only about, by
 * HyperLogLog (Flajolet et al., 2007; within 1 % in Redis). Each process tells of each poller once in a window.
 */
export function createPollers({ redis, keys, log }: PollersNeeds): Pollers {
  let window = windowOf(Date.now())
  let known = new Set<string>()
  let untold = new Map<string, string[]>()
  const timer = setInterval(() => void tell(), TELL_EVERY_MS)

  async function tell(): Promise<void> {
    const news = untold
    if (news.size === 0) return
    untold = new Map()
    const told = window
    await Promise.all([...news].map(([eventId, ids]) => tellOf(eventId, ids, told)))
  }

  /** A pipeline of its own: in a cluster another event may be on another node. */
  async function tellOf(eventId: string, ids: readonly string[], told: number): Promise<void> {
    const key = keys.event(eventId).pollers(told)
    const pipeline = redis.pipeline().pfadd(key, ...ids)
    pipeline.pexpire(key, 3 * POLLERS_WINDOW_MS)
    await pipeline.exec().catch((err: unknown) => log.debug({ err }, 'pollers were not counted'))
  }

  return {
    name: 'pollers',
    saw(eventId, who) {
      const now = windowOf(Date.now())
      if (now !== window || known.size >= MOST_KNOWN) {
        void tell()
        window = now
        known = new Set()
      }
      const id = createHash('sha1').update(`${eventId}\n${who}`).digest('base64')
      if (known.has(id)) return
      known.add(id)
      const ids = untold.get(eventId)
      if (ids === undefined) untold.set(eventId, [id])
      else ids.push(id)
    },
    async stop() {
      clearInterval(timer)
      await tell()
    },
  }
}

/** Of the window that `now` is in, and the one before. */
export function pollerKeys(event: Pick<EventKeys, 'pollers'>, nowMs: number): [string, string] {
  const window = windowOf(nowMs)
  return [event.pollers(window), event.pollers(window - 1)]
}

function windowOf(ms: number): number {
  return Math.floor(ms / POLLERS_WINDOW_MS)
}
