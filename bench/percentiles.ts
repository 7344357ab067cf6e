export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** By nearest rank. Throws when there is nothing to rank. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
    if (value === undefined) throw new Error('nothing was measured')
    return value
  }
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** Of each percentile, the median over the rounds: one round that was disturbed from outside does not count. */
export function medianOf(rounds: readonly Percentiles[]): Percentiles {
  const median = (pick: (round: Percentiles) => number) => percentilesOf(rounds.map(pick)).p50
  return { p50: median(round => round.p50), p95: median(round => round.p95), p99: median(round => round.p99) }
}
