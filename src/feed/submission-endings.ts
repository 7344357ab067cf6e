import type { Announcements } from './announcements.ts'

export interface EndingWatch {
  /**
   * Resolves true when the submission was told to have ended since the watch began, false after `ms`. A lost
   * announcement looks like a time-out: look where the submission stands afterwards.
   */
  ended(acceptNumber: number, ms: number): Promise<boolean>
  stop(): void
}

/** Begins to notice which submissions of an event end. Begin before accepting, and no ending is missed. */
export async function watchEndings(announcements: Announcements, eventId: string): Promise<EndingWatch> {
  const ended = new Set<number>()
  let wake: (() => void) | undefined
  const leave = await announcements.listen(eventId, {
    ending(acceptNumber) {
      ended.add(acceptNumber)
      wake?.()
    },
    reconnected: () => wake?.(),
  })
  return {
    stop: leave,
    async ended(acceptNumber, ms) {
      const deadline = Date.now() + ms
      while (!ended.has(acceptNumber)) {
        const left = deadline - Date.now()
        if (left <= 0) return false
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, left)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return true
    },
  }
}
