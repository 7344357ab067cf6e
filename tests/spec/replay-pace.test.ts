import { describe, expect, it } from 'vitest'
import type { RunningReplay } from '../../src/feed/replays.ts'
import { MAX_BATCH, MAX_LATE_MS, MAX_SPEED_BATCH, paceOf } from '../../workers/replay-pace.ts'

const SENT = 1_000_000

function aReplay(over: Partial<RunningReplay> = {}): RunningReplay {
  return {
    ...{ id: '0123456789abcdef', eventId: 'talks', room: 'replay:0123456789abcdef', state: 'running', lap: 1 },
    ...{ from: 1, to: 9, seq: 3, speed: 1, sentAt: SENT },
    ...over,
  }
}

/** Commit times of entry 3 and those after it: 10 s, then 1 s, then an hour apart. */
const times = [0, 10_000, 11_000, 3_611_000]

describe('the pace of a replay', () => {
  it.each([
    ['keeps the interval', aReplay(), 0, { do: 'wait', ms: 10_000 }],
    ['divides it by the speed', aReplay({ speed: 10 }), 0, { do: 'wait', ms: 1_000 }],
    ['stretches it', aReplay({ speed: 0.5 }), 0, { do: 'wait', ms: 20_000 }],
    ['cuts it at the longest silence', aReplay({ maxSilenceMs: 300 }), 0, { do: 'wait', ms: 300 }],
    ['waits for what is left of it', aReplay(), 9_500, { do: 'wait', ms: 500 }],
    ['sends what is due', aReplay(), 10_000, { do: 'send', seq: 4, dueAt: SENT + 10_000 }],
    [
      'sends all that is due, dated when the last was',
      aReplay({ speed: 4 }),
      2_800,
      { do: 'send', seq: 5, dueAt: SENT + 2_750 },
    ],
    ['keeps fractions of a millisecond', aReplay({ speed: 300 }), 34, { do: 'send', seq: 4, dueAt: SENT + 100 / 3 }],
    ['catches up with small delays', aReplay(), 11_000, { do: 'send', seq: 5, dueAt: SENT + 11_000 }],
    [
      'goes on from where it was after a longer one',
      aReplay(),
      10_001 + MAX_LATE_MS,
      { do: 'send', seq: 4, dueAt: SENT + 10_001 + MAX_LATE_MS },
    ],
    ['cuts a long silence only', aReplay({ maxSilenceMs: 5_000 }), 6_000, { do: 'send', seq: 5, dueAt: SENT + 6_000 }],
    ['sends nothing behind its end', aReplay({ to: 4 }), 10_300, { do: 'send', seq: 4, dueAt: SENT + 10_000 }],
    [
      'sends batches at full speed',
      aReplay({ speed: 'max', to: 9_000 }),
      7,
      { do: 'send', seq: 3 + MAX_SPEED_BATCH, dueAt: SENT + 7 },
    ],
    ['sends the rest at full speed', aReplay({ speed: 'max' }), 7, { do: 'send', seq: 9, dueAt: SENT + 7 }],
    ['rests while it is paused', aReplay({ state: 'paused' }), 99_999, { do: 'rest' }],
    ['rests between steps', aReplay({ speed: 'step' }), 99_999, { do: 'rest' }],
    ['has ended at its end', aReplay({ seq: 9 }), 0, { do: 'end' }],
  ])('[REPLAY1] %s', (_title, replay, after, pace) => {
    expect(paceOf(replay, times, SENT + after)).toEqual(pace)
  })

  it('[REPLAY1] asks the feed for an entry of which no time is known', () => {
    expect(paceOf(aReplay(), [], SENT)).toEqual({ do: 'send', seq: 4, dueAt: SENT })
  })

  it('[REPLAY1] sends at most a batch at once', () => {
    const many = Array.from({ length: 3 * MAX_BATCH }, () => 0)
    const pace = paceOf(aReplay({ to: 900 }), many, SENT)
    expect(pace).toEqual({ do: 'send', seq: 3 + MAX_BATCH, dueAt: SENT })
  })
})
