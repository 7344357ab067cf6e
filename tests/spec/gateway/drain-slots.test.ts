import { describe, expect, it } from 'vitest'
import { drainSlots } from '../../../src/gateway/drain-slots.ts'

describe('the times at which viewers of a gateway that goes are to leave', () => {
  it('[NET3] are even: no part of the time has more than two more of them than another', () => {
    for (const count of [1, 7, 1_000]) {
      const slots = drainSlots(count, 10_000)
      expect(slots).toHaveLength(count)
      const parts = Array.from({ length: 10 }, (_, i) => slots.filter(ms => Math.floor(ms / 1_000) === i).length)
      expect(parts.reduce((sum, part) => sum + part)).toBe(count)
      expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(2)
    }
  })

  it('[NET3] are at once where there is no time, and none where there is nobody', () => {
    expect(drainSlots(3, 0)).toEqual([0, 0, 0])
    expect(drainSlots(0, 1_000)).toEqual([])
  })
})
