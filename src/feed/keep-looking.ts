import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { AnnouncementListener } from './announcements.ts'

/** However a change was announced, a process knows of it after this long at the latest. */
const LOOK_EVERY_MS = 1_500

export interface Looking extends Part {
  /** Looks at once: for whoever has just changed it. Rejects while Redis is away. */
  look(): Promise<void>
}

export interface LookingNeeds {
  readonly name: string
  /** Reads what is kept in memory. */
  lookNow(): Promise<void>
  /** Listens for announced changes; resolves with what ends that. */
  listen(listener: AnnouncementListener): Promise<() => void>
  readonly log: Logger
}

/**
 * Keeps something of Redis in memory, so that a request asks nothing of Redis for it: looks at once, whenever a change is
 * announced, and every while, because an announcement can be lost. One look follows the other, so that no earlier answer
 * takes the place of a later one. Resolves when it was looked at for the first time.
 */
export async function keepLooking({ name, lookNow, listen, log }: LookingNeeds): Promise<Looking> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()

  function look(): Promise<void> {
    const turn = looking.then(lookNow)
    looking = turn.catch(() => undefined) // whoever asked is told
    return turn
  }

  function lookAnyway(): Promise<void> {
    return look().catch((err: unknown) => log.warn({ err, name }, 'what is kept in memory could not be read'))
  }

  function lookAgainLater(): void {
    timer = setTimeout(() => {
      void lookAnyway().then(() => {
        if (!stopped) lookAgainLater()
      })
    }, LOOK_EVERY_MS)
  }

  const lookSoon = () => void lookAnyway()
  const leave = await listen({ changed: lookSoon, reconnected: lookSoon })
  await look()
  lookAgainLater()
  return {
    name,
    look,
    async stop() {
      stopped = true
      clearTimeout(timer)
      leave()
    },
  }
}
