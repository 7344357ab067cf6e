export interface Bell {
  ring(): void
  /** Until somebody rings, or so many ms are over; whether somebody rang. A ring before the wait counts. */
  wait(ms: number): Promise<boolean>
}

/** Wakes one who waits. */
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
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      const was = rung
      rung = false
      wake = undefined
      return was
    },
  }
}
