import { describe, expect, it } from 'vitest'
import {
  FORECAST_AFTER_MS,
  FORECAST_WINDOW_MS,
  type MemorySample,
  secondsUntilFull,
  withSample,
} from '../../src/ops/memory-forecast.ts'

const GIB = 1_073_741_824
const EVERY_MS = 15_000

/** What somebody sees who looks every 15 s, for so long. */
function seen(forMs: number, bytesAt: (ms: number) => number): readonly MemorySample[] {
  let samples: readonly MemorySample[] = []
  for (let atMs = 0; atMs <= forMs; atMs += EVERY_MS) samples = withSample(samples, { atMs, bytes: bytesAt(atMs) })
  return samples
}

describe('the forecast of when the memory of Redis is full', () => {
  it('[METRIC9] goes on along the growth of the last hour', () => {
    // 1 MB a minute, of which 1 GiB - 60 MB are left.
    const samples = seen(FORECAST_WINDOW_MS, ms => ms / 0.06)
    expect(secondsUntilFull(samples, GIB)).toBeCloseTo(((GIB - 60_000_000) / 1_000_000) * 60, 3)
  })

  it('[METRIC9] is not misled by what comes and goes on top of it', () => {
    const level = seen(FORECAST_WINDOW_MS, ms => 1_000_000 + ((ms / EVERY_MS) % 2) * 500_000)
    expect(secondsUntilFull(level, GIB)).toBeGreaterThan(86_400)
  })

  it.each([
    ['it does not grow', () => 500_000_000, GIB],
    ['it shrinks', (ms: number) => 500_000_000 - ms, GIB],
    ['it has no limit', (ms: number) => ms * 1_000, 0],
  ])('[METRIC9] is infinite when %s', (_why, bytesAt, limit) => {
    expect(secondsUntilFull(seen(FORECAST_WINDOW_MS, bytesAt), limit)).toBe(Number.POSITIVE_INFINITY)
  })

  it('[METRIC9] is infinite until enough was seen, and 0 when it is full', () => {
    const growing = (ms: number) => ms * 1_000
    expect(secondsUntilFull([], GIB)).toBe(Number.POSITIVE_INFINITY)
    expect(secondsUntilFull(seen(FORECAST_AFTER_MS - EVERY_MS, growing), GIB)).toBe(Number.POSITIVE_INFINITY)
    expect(secondsUntilFull(seen(FORECAST_AFTER_MS, growing), GIB)).toBeLessThan(3_600)
    expect(secondsUntilFull([{ atMs: 0, bytes: GIB }], GIB)).toBe(0)
  })

  it('[METRIC9] forgets what is older than an hour, and keeps few samples however often somebody looks', () => {
    let samples = seen(3 * FORECAST_WINDOW_MS, ms => ms)
    expect(samples[0]?.atMs).toBe(2 * FORECAST_WINDOW_MS)
    const before = samples.length
    const last = samples.at(-1)?.atMs ?? 0
    for (let ms = 1; ms <= 9; ms++) samples = withSample(samples, { atMs: last + ms, bytes: 0 })
    expect(samples.length).toBeLessThanOrEqual(before)
  })
})
