/** What a reader can choose from: from the minute of the first update to the last entry. Times in ms since 1970. */
export interface Scrubber {
  readonly minMs: number
  readonly maxMs: number
  readonly stepMs: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

/** Coverage that was longer is scrubbed by the minute, shorter by ten seconds, and what was very short by the second. */
const BY_MINUTES_FROM_MS = 30 * MINUTE_MS
const BY_TEN_SECONDS_FROM_MS = 5 * MINUTE_MS

/** Pure: steps that suit how long the coverage was. The end is never behind the last entry. */
export function scrubberOf(createdMs: number, firstMs: number, lastMs: number): Scrubber {
  const lengthMs = lastMs - firstMs
  const stepMs =
    lengthMs >= BY_MINUTES_FROM_MS ? MINUTE_MS : lengthMs >= BY_TEN_SECONDS_FROM_MS ? 10 * SECOND_MS : SECOND_MS
  // The event is not there before it was created.
  const minMs = Math.max(createdMs, Math.floor(firstMs / stepMs) * stepMs)
  const steps = Math.max(1, Math.ceil((lastMs - minMs) / stepMs))
  return { minMs, maxMs: minMs + steps * stepMs, stepMs }
}

/** Pure: a moment that the scrubber has. */
export function withinScrubber({ minMs, maxMs }: Scrubber, ms: number): number {
  return Math.min(maxMs, Math.max(minMs, ms))
}
