import type { Announcements } from './announcements.ts'
import type { SubmissionPlace, SubmissionReader } from './submission-reader.ts'

export interface EndingWatch {
  /** Where the submission stands once it has ended, or when `ms` are over. Undefined when there is none. */
  placeOf(acceptNumber: number, ms: number): Promise<SubmissionPlace | undefined>
  stop(): void
}

export interface EndingNeeds {
  readonly announcements: Announcements
  readonly submissions: SubmissionReader
}

/** Begins to notice which submissions of an event end. Begin before accepting, and no ending is missed. */
export async function watchEndings({ announcements, submissions }: EndingNeeds, eventId: string): Promise<EndingWatch> {
  const ended = new Set<number>()
  let mayHaveMissed = false
  let wake: (() => void) | undefined
  const leave = await announcements.listen(eventId, {
    ending(acceptNumber) {
      ended.add(acceptNumber)
      wake?.()
    },
    reconnected() {
      mayHaveMissed = true
      wake?.()
    },
  })

  /** Resolves at the next announcement, or after `ms`. */
  const something = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    stop: leave,
    async placeOf(acceptNumber, ms) {
      const deadline = Date.now() + ms
      for (;;) {
        const isOver = Date.now() >= deadline
        if (ended.has(acceptNumber) || mayHaveMissed || isOver) {
          mayHaveMissed = false
          const place = await submissions.find(eventId, acceptNumber)
          if (isOver || place === undefined || place.state !== 'accepted') return place
        }
        if (!ended.has(acceptNumber)) await something(deadline - Date.now())
      }
    },
  }
}
