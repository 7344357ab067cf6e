/** What Redis used at one moment; `atMs` in ms since 1970. */
export interface MemorySample {
  readonly atMs: number
  readonly bytes: number
}

/** Growth is taken from so much of the past. */
export const FORECAST_WINDOW_MS = 3_600_000
/** Over less, an append-only file that is rewritten or a burst of updates looks like a trend. */
export const FORECAST_AFTER_MS = 300_000
/** Samples are so far apart at least, however often somebody looks. */
export const SAMPLE_EVERY_MS = 10_000

/** Pure: the samples with the newest, without those that are too old. */
export function withSample(samples: readonly MemorySample[], sample: MemorySample): readonly MemorySample[] {
  const kept = samples.filter(({ atMs }) => atMs >= sample.atMs - FORECAST_WINDOW_MS && atMs <= sample.atMs)
  const last = kept.at(-1)
  return last !== undefined && sample.atMs - last.atMs < SAMPLE_EVERY_MS ? kept : [...kept, sample]
}

/**
 * Pure: in how many seconds the memory is full, if it grows on along the straight line through the samples (least squares).
 * Infinity when it does not grow, has no limit (0), or too little was seen.
 */
export function secondsUntilFull(samples: readonly MemorySample[], limitBytes: number): number {
  const [first, last] = [samples[0], samples.at(-1)]
  if (limitBytes === 0 || first === undefined || last === undefined) return Number.POSITIVE_INFINITY
  if (last.bytes >= limitBytes) return 0
  if (last.atMs - first.atMs < FORECAST_AFTER_MS) return Number.POSITIVE_INFINITY
  const bytesPerMs = slopeOf(samples)
  return bytesPerMs > 0 ? (limitBytes - last.bytes) / bytesPerMs / 1_000 : Number.POSITIVE_INFINITY
}

function slopeOf(samples: readonly MemorySample[]): number {
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / samples.length
  const meanBytes = samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length
  const spread = samples.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0)
  return samples.reduce((sum, { atMs, bytes }) => sum + (atMs - meanAt) * (bytes - meanBytes), 0) / spread
}
