import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds on the machine's monotonic clock: the same in every process here, and never set back. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/**
 * Calls `act` with `first`, `first + 1` ... , `perSecond` times a second, not quite evenly: in step with the timers of Redis
 * (every 100 ms) each call would meet them, or none.
 */
export async function pace(
  { first, count, perSecond }: { first: number; count: number; perSecond: number },
  act: (number: number) => void,
): Promise<void> {
  const intervalMs = 1_000 / perSecond
  const start = clockMs()
  for (let i = 0; i < count; i++) {
    const due = start + (i + Math.random() / 2) * intervalMs
    await sleep(Math.max(0, due - clockMs()))
    act(first + i)
  }
}
