export interface BackOff {
  /** The first wait is at most this long, each later one at most twice the one before. */
  readonly baseMs: number
  readonly capMs: number
}

/**
 * Pure: how long to wait before try number `attempt` + 1. Full jitter, so that many who lost the same server do not come
 * back together.
 *
 * @param attempt failures so far, 1 or more
 * @param random from 0 up to, not including, 1
 */
export function backOffMs({ baseMs, capMs }: BackOff, attempt: number, random: number): number {
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** (attempt - 1)))
}
