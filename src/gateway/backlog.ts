/**
 * A viewer that is further behind is sent nothing more: when it has read what is on its way it begins anew, with a snapshot
 * (state, not history). Its memory is bounded, and the others notice nothing.
 */
export const MAX_BEHIND_BYTES = 1_048_576
export const MAX_BEHIND_MS = 10_000
/** The next time it is let go: its network does not carry this feed. */
export const MAX_RESTARTS = 3
const LOOK_AGAIN_MS = 200

export interface BacklogNeeds {
  /** What waits for the viewer on this side of the network, in bytes. */
  waitingBytes(): number
  /** Whether the connection still stands. */
  isOpen(): boolean
  /** Ends the connection: the viewer takes nothing. */
  letGo(): void
}

/** How far one viewer is behind. */
export interface Backlog {
  /** Whether so much waits, or has waited for so long, that more would only make it worse. */
  isTooFar(): boolean
  /** Calls `then` once the viewer has read what is on its way; lets it go when it does not, or had to be waited for too often. */
  whenRead(then: () => void): void
}

export function createBacklog({ waitingBytes, isOpen, letGo }: BacklogNeeds): Backlog {
  let waitsSince: number | undefined
  let restarts = 0
  return {
    isTooFar() {
      const waiting = waitingBytes()
      if (waiting === 0) {
        waitsSince = undefined
        return false
      }
      waitsSince ??= Date.now()
      return waiting > MAX_BEHIND_BYTES || Date.now() - waitsSince > MAX_BEHIND_MS
    },
    whenRead(then) {
      restarts += 1
      if (restarts > MAX_RESTARTS) return letGo()
      const since = Date.now()
      const timer = setInterval(() => {
        const isRead = waitingBytes() === 0
        if (!isRead && isOpen() && Date.now() - since < MAX_BEHIND_MS) return
        clearInterval(timer)
        if (!isRead) return letGo()
        waitsSince = undefined
        then()
      }, LOOK_AGAIN_MS)
    },
  }
}
