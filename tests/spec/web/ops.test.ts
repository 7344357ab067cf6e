import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mergePatch } from '../../../src/foundation/merge-patch.ts'
import type { LatencySeries, LatencyStep } from '../../../src/protocol/ops.ts'
import type { Replay } from '../../../src/protocol/replay.ts'
import { draftPatch } from '../../../web/ops/dead-letters/draft-patch.ts'
import { outcomeWords, retryAll, retryChosen } from '../../../web/ops/dead-letters/retry-many.ts'
import { latencySentence, lonelyPlaces, reachLines, stageLines } from '../../../web/ops/latency/latency-lines.ts'
import { startPoll } from '../../../web/ops/parts/poll.ts'
import { problemWords } from '../../../web/ops/parts/problem-words.ts'
import { bytesWords, countWords, spanWords } from '../../../web/ops/parts/words.ts'
import { placeHref, readHash } from '../../../web/ops/place.ts'
import { readReplayPlace } from '../../../web/ops/replays/replay-place.ts'
import { progressWords, timeLeftMs } from '../../../web/ops/replays/replay-progress.ts'

describe('the address of the console', () => {
  it('[CONSOLE1] says what is shown, and never keeps a token', () => {
    expect(readHash('#token=a.b.c&event=talks')).toEqual({ token: 'a.b.c', place: { view: 'event', eventId: 'talks' } })
    for (const place of [{ view: 'now' }, { view: 'dead-letters' }, { view: 'trail' }] as const) {
      expect(readHash(placeHref(place))).toEqual({ place })
    }
    const place = { view: 'event', eventId: 'talks-2' } as const
    expect(readHash(placeHref(place))).toEqual({ place })
    expect(readHash('#view=nonsense')).toEqual({ place: { view: 'now' } })
  })
})

describe('what is asked again and again', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function polled(answer: (signal: AbortSignal) => Promise<string>) {
    const seen = { asked: 0, told: [] as string[], failed: 0, hidden: false }
    const poll = startPoll<string>({
      ask: signal => {
        seen.asked += 1
        return answer(signal)
      },
      tell: told => seen.told.push(told),
      fail: () => {
        seen.failed += 1
      },
      everyMs: 2_000,
      isHidden: () => seen.hidden,
      random: () => 1,
    })
    return { seen, poll }
  }

  it('[CONSOLE8] is asked one at a time, and as often as it is answered quickly', async () => {
    const { seen, poll } = polled(async () => 'a')
    await vi.advanceTimersByTimeAsync(6_100)
    expect(seen).toMatchObject({ asked: 4, told: ['a', 'a', 'a', 'a'] })
    poll.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen.asked).toBe(4)
  })

  it('[CONSOLE8] is asked more rarely when the answer takes long, and when there is none', async () => {
    const slow = polled(() => new Promise(resolve => setTimeout(() => resolve('a'), 1_000)))
    await vi.advanceTimersByTimeAsync(19_000)
    expect(slow.seen.asked).toBe(2)
    slow.poll.stop()

    const away = polled(() => Promise.reject(new Error('away')))
    await vi.advanceTimersByTimeAsync(10_000)
    const soon = away.seen.asked
    expect(soon).toBe(3)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(away.seen.asked - soon).toBeLessThanOrEqual(7)
    expect(away.seen.asked - soon).toBeGreaterThanOrEqual(3)
    away.poll.stop()
  })

  it('[CONSOLE8] is not asked while the page is hidden; an answer to a question that was given up is not told', async () => {
    let late: (words: string) => void = () => {}
    const { seen, poll } = polled(
      () =>
        new Promise(resolve => {
          late = resolve
        }),
    )
    const first = late
    seen.hidden = true
    poll.now()
    expect(seen.asked).toBe(1)
    seen.hidden = false
    poll.now()
    expect(seen.asked).toBe(2)
    first('old')
    late('new')
    await vi.advanceTimersByTimeAsync(0)
    expect(seen.told).toEqual(['new'])
    poll.stop()
  })
})

describe('a refusal', () => {
  const problem = { type: '/problems/unavailable', title: 'Dateline is unavailable', status: 503, retry: true }
  it.each([
    [problem, 'Dateline is unavailable. Try it again in a moment.'],
    [
      { ...problem, status: 0 },
      'Dateline is unavailable. Look whether the server runs and whether this device is online.',
    ],
    [
      { type: '/problems/not-allowed', title: 'Not allowed', status: 403, retry: false, detail: 'It needs ops.' },
      'Not allowed. It needs ops. Sign in with a token that allows it.',
    ],
    [
      {
        ...{ type: '/problems/invalid-request', title: 'Not valid', status: 400, retry: false, detail: 'See errors.' },
        errors: [{ pointer: '#/draft/body', detail: 'Too long.' }],
      },
      'Not valid. draft/body: Too long.',
    ],
  ])('[CONSOLE8] is a sentence with what to do: %j', (refusal, words) => {
    expect(problemWords(refusal)).toBe(words)
  })
})

describe('a dead letter', () => {
  it.each([
    [{ body: 'a', isKeyEvent: true }, { body: 'b' }],
    [
      { body: 'a', source: { name: 'Wire', url: 'https://a.example' } },
      { body: 'a', source: { name: 'Wire' } },
    ],
    [{ tags: ['a'] }, { tags: ['a', 'b'], headline: 'New' }],
    [{}, { body: 'new' }],
  ])('[CONSOLE4] is mended by the merge patch that makes the one of the other: %j to %j', (before, after) => {
    expect(mergePatch(before, draftPatch(before, after))).toEqual(after)
  })

  it('[CONSOLE4] that is sent as it was has an empty patch', () => {
    const draft = { body: 'a', source: { name: 'Wire' }, tags: ['a'] }
    expect(draftPatch(draft, structuredClone(draft))).toEqual({})
  })

  const letter = (eventId: string, acceptNumber: number) => ({
    ...{ eventId, acceptNumber, action: 'publish', submittedBy: { sub: 'a', name: 'A' }, acceptedAt: '', endedAt: '' },
    ...{ state: 'dead', problem: { type: '', title: '', status: 422, retry: false }, step: '', attempts: 1, raw: {} },
  })

  it('[CONSOLE4] is retried with those of its event, a hundred at a time', async () => {
    const asked: [string, number][] = []
    const retryMany = async (eventId: string, which: unknown) => {
      const { acceptNumbers } = which as { acceptNumbers: readonly number[] }
      asked.push([eventId, acceptNumbers.length])
      return {
        results: acceptNumbers.map(acceptNumber => ({
          ...{ acceptNumber, state: 'accepted' as const, newAcceptNumber: acceptNumber + 1_000 },
        })),
        more: false,
      }
    }
    const letters = [...Array.from({ length: 150 }, (_, i) => letter('a', i + 1)), letter('b', 7)]
    const outcome = await retryChosen({ retryMany }, letters as Parameters<typeof retryChosen>[1])
    expect(asked).toEqual([
      ['a', 100],
      ['a', 50],
      ['b', 1],
    ])
    expect(outcomeWords(outcome)).toBe('151 submissions were accepted anew.')
  })

  it('[CONSOLE4] is retried with all of its event, page after page, and refusals are named', async () => {
    const afters: number[] = []
    const retryMany = async (_eventId: string, which: unknown) => {
      const { after } = which as { after: number }
      afters.push(after)
      if (after === 0)
        return { results: [{ acceptNumber: 5, state: 'accepted' as const, newAcceptNumber: 9 }], more: true }
      const problem = { type: '', title: 'The update was retracted', status: 409, retry: false }
      return { results: [{ acceptNumber: 8, problem }], more: false }
    }
    expect(outcomeWords(await retryAll({ retryMany }, 'a'))).toBe(
      '1 submission was accepted anew. 1 was refused. #8: The update was retracted',
    )
    expect(afters).toEqual([0, 5])
  })
})

describe('a replay', () => {
  const replay = (part: Partial<Replay>): Replay => ({
    ...{
      id: '0123456789abcdef',
      eventId: 'talks',
      room: '',
      state: 'running',
      from: 1,
      to: 11,
      seq: 6,
      speed: 10,
      lap: 1,
    },
    ...part,
  })
  const times = { sentMs: 0, endMs: 600_000 }

  it.each([
    [{}, times, 60_000, '6 of 11 sent, about 1 min left.'],
    [{ state: 'paused' }, times, 60_000, '6 of 11 sent, about 1 min left, paused.'],
    [{ maxSilenceMs: 2_000 }, times, 10_000, '6 of 11 sent, at most 10 s left.'],
    [{ speed: 'max' }, times, undefined, '6 of 11 sent.'],
    [{ speed: 'step' }, times, undefined, '6 of 11 sent, waiting for the next step.'],
    [{ state: 'ended', seq: 11 }, times, 0, '11 of 11 sent: it has ended.'],
    [{}, undefined, undefined, '6 of 11 sent.'],
  ] as const)('[CONSOLE5] tells how far it is and how long it takes: %j', (part, known, leftMs, words) => {
    expect(timeLeftMs(replay(part), known)).toBe(leftMs)
    expect(progressWords(replay(part), leftMs)).toBe(words)
  })

  it.each([
    ['', { ok: true, place: undefined }],
    [' 12 ', { ok: true, place: 12 }],
    ['2026-11-24 10:00', { ok: true, place: '2026-11-24T10:00:00.000Z' }],
    ['2026-11-24T10:00+03:00', { ok: true, place: '2026-11-24T07:00:00.000Z' }],
    ['0', { ok: false }],
    ['yesterday', { ok: false }],
    ['2026-13-40', { ok: false }],
  ])('[CONSOLE5] begins at an entry or a moment: %j', (typed, reading) => {
    expect(readReplayPlace(typed)).toMatchObject(reading)
  })
})

describe('the times from post to screen', () => {
  const nothing = { p50: null, p95: null, p99: null }
  const step = (minute: number, ms: number | null): LatencyStep => {
    const some = ms === null ? nothing : { p50: ms, p95: ms * 2, p99: ms * 4 }
    const at = `2026-11-24T10:0${minute}:00.000Z`
    return { at, count: ms === null ? 0 : 3, accept: some, normalize: some, commit: some, reach: some }
  }
  const series = (...steps: LatencyStep[]): LatencySeries => ({
    ...{ from: '', to: '', stepSeconds: 60, complete: true, series: steps },
  })

  it('[CONSOLE7] are lines with a hole where nothing was measured', () => {
    const { seconds, lines } = reachLines(series(step(0, 10), step(1, null), step(2, 20)))
    expect(seconds.map(at => at - (seconds[0] ?? 0))).toEqual([0, 60, 120])
    expect(lines.map(({ values }) => values)).toEqual([
      [10, null, 20],
      [20, null, 40],
      [40, null, 80],
    ])
    expect(stageLines(series(step(0, 10))).lines.map(({ values }) => values)).toEqual([[20], [20], [20], [20]])
  })

  it('[CONSOLE7] have a dot where a value stands between two holes', () => {
    expect(lonelyPlaces([1, null, 2, 3, null, 0, null, null, 4])).toEqual([0, 5, 8])
    expect(lonelyPlaces([])).toEqual([])
  })

  it('[CONSOLE7] are told in a sentence, of the last minute in which there were any', () => {
    expect(latencySentence(series(step(0, 10), step(1, 700), step(2, null)))).toBe(
      'In the latest minute with updates (3 updates), half were on screens within 700 ms, 95 of 100 within 1.4 s, 99 of 100 within 2.8 s.',
    )
    expect(latencySentence(series(step(0, null)))).toBe('Nothing was measured in this time.')
  })

  it('[CONSOLE7] and other numbers are told in units that people read', () => {
    expect([0, 999, 1_000, 59_700, 200_000, 7_500_000, 300_000_000].map(spanWords)).toEqual([
      ...['0 ms', '999 ms', '1.0 s', '1 min', '3 min 20 s', '2 h 5 min', '3 days'],
    ])
    expect([0, 1_023, 1_536, 812_000_000].map(bytesWords)).toEqual(['0 B', '1023 B', '1.5 KB', '774 MB'])
    expect([countWords(1, 'entry', 'entries'), countWords(1_200, 'viewer')]).toEqual(['1 entry', '1,200 viewers'])
  })
})
