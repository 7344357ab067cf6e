export interface Bell {
  /** Whoever waits goes on. A ring before the wait counts. */
  ring(): void
  /** Until somebody rings, or the time (in ms) is over. */
  wait(ms: number): Promise<void>
}

/** No timer runs longer: a wait that is not over is begun again by whoever waits. */
const LONGEST_WAIT_MS = 60_000

export function createBell(): Bell {
  let rung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      rung = true
      wake?.()
    },
    async wait(ms) {
      if (!rung) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, Math.min(ms, LONGEST_WAIT_MS))
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      rung = false
      wake = undefined
    },
  }
}
