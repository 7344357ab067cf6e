const TRIES = 4

/**
 * How much of the processor's time it takes when it is warm: the least of a few tries, for the machine may be busy with
 * something else.
 */
export function cpuMs(run: () => void): number {
  run()
  const tries = Array.from({ length: TRIES }, () => {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000
  })
  return Math.min(...tries)
}
