import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMs } from '../../../src/client/back-off.ts'
import { judgeFailure, REPEAT_FOR_MS, retryAfterMs } from '../../../src/client/repeats.ts'
import { problems } from '../../../src/protocol/problems.ts'

const problem = (code: keyof typeof problems) => ({ type: `/problems/${code}`, ...problems[code] })
const failed = { attempt: 1, elapsedMs: 0, problem: problem('unavailable'), retryAfterMs: 0, random: 0.5 }

describe('back-off', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [6, 15_000],
    [5_000, 15_000],
  ])('[SDK18] waits after failure %i half of %i ms at a random number of a half', (attempt, most) => {
    expect(backOffMs({ baseMs: 500, capMs: 15_000 }, attempt, 0.5)).toBe(most / 2)
  })

  it('[SDK18] spreads over the whole wait and never passes its cap', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), random, (attempt, at) => {
        const ms = backOffMs({ baseMs: 1_000, capMs: 30_000 }, attempt, at)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThan(30_000)
      }),
    )
    expect(backOffMs({ baseMs: 1_000, capMs: 30_000 }, 9, 0)).toBe(0)
  })
})

describe('a write that failed', () => {
  it('[SDK19] is repeated while its problem says that a repeat may help', () => {
    expect(judgeFailure(failed)).toEqual({ do: 'repeat', inMs: 250 })
    expect(judgeFailure({ ...failed, problem: problem('invalid-request') })).toEqual({ do: 'give up' })
  })

  it('[SDK19] is not repeated before Retry-After is over', () => {
    expect(judgeFailure({ ...failed, retryAfterMs: 2_000 })).toEqual({ do: 'repeat', inMs: 2_250 })
  })

  it('[SDK19] is given up before its Idempotency-Key may have been forgotten', () => {
    expect(judgeFailure({ ...failed, elapsedMs: REPEAT_FOR_MS - 250 })).toEqual({ do: 'repeat', inMs: 250 })
    expect(judgeFailure({ ...failed, elapsedMs: REPEAT_FOR_MS })).toEqual({ do: 'give up' })
  })

  it.each([
    [null, 0],
    ['3', 3_000],
    ['Tue, 24 Nov 2026 10:00:05 GMT', 5_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
    ['soon', 0],
    ['-4', 0],
  ])('[SDK19] reads Retry-After: %s', (header, expected) => {
    expect(retryAfterMs(header, Date.UTC(2026, 10, 24, 10))).toBe(expected)
  })
})
