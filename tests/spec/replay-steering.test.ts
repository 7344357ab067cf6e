import { describe, expect, it } from 'vitest'
import { clockText, timeLeftMs, wishOf } from '../../src/main/cli/replay-steering.ts'
import type { Replay } from '../../src/protocol/replay.ts'

function aReplay(over: Partial<Replay> = {}): Replay {
  return {
    ...{ id: '0123456789abcdef', eventId: 'talks', room: 'replay:0123456789abcdef', state: 'running', lap: 1 },
    ...{ from: 3, to: 40, seq: 20, speed: 60, ...over },
  }
}

describe('a key', () => {
  it.each([
    ['space', aReplay(), { state: 'paused' }],
    ['space', aReplay({ state: 'paused' }), { state: 'running' }],
    ['left', aReplay(), { seq: 10 }],
    ['left', aReplay({ seq: 5 }), { seq: 3 }],
    ['right', aReplay(), { seq: 30 }],
    ['right', aReplay({ seq: 35 }), { seq: 40 }],
    ['up', aReplay(), { speed: 120 }],
    ['up', aReplay({ speed: 800 }), { speed: 'max' }],
    ['up', aReplay({ speed: 'step' }), { speed: 1 }],
    ['down', aReplay(), { speed: 30 }],
    ['down', aReplay({ speed: 0.1 }), { speed: 0.1 }],
    ['down', aReplay({ speed: 'max' }), { speed: 1_000 }],
    ['s', aReplay(), { step: true }],
  ])('[CLI15] %s changes a replay as it stands', (name, replay, patch) => {
    expect(wishOf({ name }, replay)).toEqual({ do: 'change', patch })
  })

  it('[CLI15] ends it, leaves it running, or means nothing', () => {
    expect(wishOf({ name: 'q' }, aReplay())).toEqual({ do: 'end' })
    expect(wishOf({ name: 'c', ctrl: true }, aReplay())).toEqual({ do: 'leave' })
    expect(wishOf({ name: 'x' }, aReplay())).toBeUndefined()
    expect(wishOf({ name: 'q', ctrl: true }, aReplay())).toBeUndefined()
  })
})

describe('the time that a replay still takes', () => {
  /** Entries 3 to 6: ten seconds, one second, an hour apart. */
  const times = [0, 10_000, 11_000, 3_611_000]

  it.each([
    ['is the rest of its intervals', aReplay({ seq: 3, to: 6, speed: 1 }), 0, 3_611_000],
    ['is the same before its first entry', aReplay({ seq: 2, to: 6, speed: 1 }), 0, 3_611_000],
    ['is divided by the speed', aReplay({ seq: 4, to: 6, speed: 10 }), 0, 360_100],
    ['has silences cut', aReplay({ seq: 4, to: 6, speed: 10, maxSilenceMs: 5_000 }), 0, 5_100],
    ['grows less while it waits', aReplay({ seq: 3, to: 5, speed: 1 }), 4_000, 7_000],
    ['never grows less than what comes later', aReplay({ seq: 3, to: 5, speed: 1 }), 99_000, 1_000],
    ['is none at full speed', aReplay({ seq: 3, to: 6, speed: 'max' }), 0, 0],
    ['is none at its end', aReplay({ seq: 6, to: 6 }), 0, 0],
    ['is not known while it is paused', aReplay({ seq: 3, to: 6, state: 'paused' }), 0, undefined],
    ['is not known between steps', aReplay({ seq: 3, to: 6, speed: 'step' }), 0, undefined],
  ])('[CLI14] %s', (_title, replay, sinceLastMs, expected) => {
    expect(timeLeftMs(replay, times, sinceLastMs)).toBe(expected)
  })

  it.each([
    [0, '0:00'],
    [59_001, '1:00'],
    [245_000, '4:05'],
    [3_723_000, '1:02:03'],
  ])('[CLI14] of %d ms is told as %s', (ms, text) => {
    expect(clockText(ms)).toBe(text)
  })
})
