import { setTimeout as pause, setImmediate as turnOfTheLoop } from 'node:timers/promises'

/** With more than this on its way to one of its viewers, a rehearsal waits before it sends the next page. */
const MAX_WAITING_BYTES = 262_144
/** One who reads nothing holds the others up for no longer than this, a page. Soon it is too far behind, and no viewer any more. */
const HOLD_UP_MS = 100
const LOOK_AGAIN_MS = 2

/**
 * A rehearsal at full speed goes as fast as its viewers read. (A live room waits for nobody: there, who is slow begins
 * anew.)
 */
export async function letViewersRead(audience: { readonly mostWaitingBytes: number }): Promise<void> {
  const deadline = performance.now() + HOLD_UP_MS
  while (audience.mostWaitingBytes > MAX_WAITING_BYTES && performance.now() < deadline) await pause(LOOK_AGAIN_MS)
}

/** After a page, all rehearsals of a gateway rest as long as it took, and at least so long. */
const REST_SHARE = 1
const LEAST_REST_MS = 1

export interface PageTurns {
  /** Resolves when it is this one's turn to take a page. */
  next(): Promise<void>
}

/**
 * Rehearsals at full speed take their pages one after the other, with rests between: however many there are, the live rooms
 * of the same gateway have half of its time.
 */
export function createPageTurns(): PageTurns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    next() {
      const turn = last
      last = turn.then(async () => {
        const began = performance.now()
        await turnOfTheLoop() // whoever's turn it is takes a page that is there before this
        await pause(Math.max(LEAST_REST_MS, (performance.now() - began) * REST_SHARE))
      })
      return turn.then(() => undefined)
    },
  }
}
