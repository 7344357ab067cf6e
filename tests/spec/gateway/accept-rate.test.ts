import { describe, expect, it } from 'vitest'
import { AcceptRate, LONGEST_SLOT_MS } from '../../../src/gateway/accept-rate.ts'

/** Answers how many of `count` that come at once are let in, and when the others are to come back. */
function storm(rate: AcceptRate, count: number, now: number): { letIn: number; slots: number[] } {
  const answers = Array.from({ length: count }, () => rate.admit(now))
  return { letIn: answers.filter(ms => ms === 0).length, slots: answers.filter(ms => ms > 0) }
}

describe('what a gateway lets in', () => {
  it('[LIMIT6] is twice its rate at once, and each of the others is given a slot behind the one before', () => {
    const { letIn, slots } = storm(new AcceptRate(100, 0), 500, 0)
    expect(letIn).toBe(200)
    expect(slots).toEqual(Array.from({ length: 300 }, (_, n) => (n + 1) * 10))
  })

  it('[LIMIT6] is everybody who comes back at the slot that was given', () => {
    const rate = new AcceptRate(100, 0)
    const { slots } = storm(rate, 500, 0)
    expect(slots.filter(ms => rate.admit(ms) > 0)).toEqual([])
  })

  it('[LIMIT6] comes back with time, and who comes too early is given a later slot', () => {
    const rate = new AcceptRate(100, 0)
    storm(rate, 210, 0)
    expect(rate.admit(5)).toBe(105) // behind the ten that were told
    expect(storm(rate, 10, 105).letIn).toBe(10)
    expect(storm(rate, 300, 60_000).letIn).toBe(200)
  })

  it('[LIMIT6] sends nobody away for longer than is worth waiting, whoever knocks', () => {
    const { slots } = storm(new AcceptRate(10, 0), 100_000, 0)
    expect(Math.max(...slots)).toBe(LONGEST_SLOT_MS)
  })
})
