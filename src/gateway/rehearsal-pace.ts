import { setTimeout as pause } from 'node:timers/promises'

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
