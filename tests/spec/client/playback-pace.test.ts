import { describe, expect, it } from 'vitest'
import { arrivedAt, playedOn, untilDue } from '../../../src/client/playback-pace.ts'

const BEGAN = Date.UTC(2026, 10, 24, 10)
const ENDLESS = Number.POSITIVE_INFINITY
const head = { feedMs: BEGAN, silentMs: 0 }

describe('the pace of a playback', () => {
  it.each([
    ['keeps the real interval at 1', 1, 60_000, ENDLESS, 60_000],
    ['makes a minute a second at 60', 60, 60_000, ENDLESS, 1_000],
    ['cuts a long silence', 1, 3_600_000, 8_000, 8_000],
    ['cuts no short one', 1, 3_000, 8_000, 3_000],
    ['knows no intervals at max', 'max', 60_000, ENDLESS, 0],
    ['waits for ever at step', 'step', 60_000, 8_000, ENDLESS],
    ['is due at once for what came at the same moment', 1, 0, 8_000, 0],
  ] as const)('[TRAVEL1] %s', (_title, speed, intervalMs, maxSilenceMs, due) => {
    expect(untilDue(head, BEGAN + intervalMs, speed, maxSilenceMs)).toBe(due)
  })

  it('[TRAVEL1] has no part of an interval twice when the speed changes or it was paused in the middle', () => {
    const half = playedOn(head, 30_000, 1)
    expect(untilDue(half, BEGAN + 60_000, 60, ENDLESS)).toBe(500)
    expect(untilDue(playedOn(half, 250, 60), BEGAN + 60_000, 1, ENDLESS)).toBe(15_000)
    expect(untilDue(half, BEGAN + 3_600_000, 1, 40_000)).toBe(10_000)
  })

  it('[TRAVEL1] begins a new interval with each entry, and its clock never goes back', () => {
    expect(arrivedAt({ feedMs: BEGAN + 50, silentMs: 50 }, BEGAN + 100)).toEqual({ feedMs: BEGAN + 100, silentMs: 0 })
    expect(arrivedAt(head, BEGAN - 1)).toEqual(head)
    expect(playedOn(head, -5, 60)).toEqual(head)
  })
})
