import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SWITCHABLE_STEPS } from '../../../src/protocol/normalization.ts'
import { createLatest } from '../../../web/desk/latest.ts'
import { isSwitchable, SWITCHABLE, stepWords } from '../../../web/desk/step-words.ts'
import { typedWords } from '../../../web/desk/typed-words.ts'
import { wordDiff } from '../../../web/desk/word-diff.ts'

const inBrackets = (before: string, after: string, language = 'en') =>
  wordDiff(before, after, language)
    .map(({ kind, text }) => (kind === 'gone' ? `[-${text}-]` : kind === 'new' ? `[+${text}+]` : text))
    .join('')

describe('a word-level diff', () => {
  it.each([
    ['one sentence', 'They met.', 'They met.', 'They met.'],
    ['a word', 'They met in Minsk.', 'They met in Moscow.', 'They met in [-Minsk-][+Moscow+].'],
    ['a space between sentences', 'in Moscow.Russian', 'in Moscow. Russian', 'in Moscow.[+ +]Russian'],
    ['quotes', '"Yes"', '“Yes”', '[-"-][+“+]Yes[-"-][+”+]'],
    ['all of it', '', 'New.', '[+New.+]'],
    ['nothing at all', '', '', ''],
  ])('[DESK2] shows %s', (_what, before, after, shown) => {
    expect(inBrackets(before, after)).toBe(shown)
  })

  it.each([
    ['ru', 'Министр прибыл в Минск', 'Министр прибыл в Москву', 'Министр прибыл в [-Минск-][+Москву+]'],
    ['ar', 'وصل الوزير أمس', 'وصل الوزير اليوم', 'وصل الوزير [-أمس-][+اليوم+]'],
    ['zh', '会谈结束', '会谈开始', '会谈[-结束-][+开始+]'],
  ])('[DESK2] goes by the words of the language: %s', (language, before, after, shown) => {
    expect(inBrackets(before, after, language)).toBe(shown)
  })

  it('[DESK2] loses no character of either side, whatever the texts are', () => {
    const side = (pieces: ReturnType<typeof wordDiff>, without: string) =>
      pieces.flatMap(({ kind, text }) => (kind === without ? [] : [text])).join('')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const pieces = wordDiff(before, after, 'en')
        expect(side(pieces, 'new')).toBe(before)
        expect(side(pieces, 'gone')).toBe(after)
      }),
    )
  })

  it('[DESK2] of long texts that have nothing in common is the two texts, in time', () => {
    const words = (from: string) => Array.from({ length: 8_000 }, (_, i) => from + i.toString(36)).join(' ')
    const startedAt = performance.now()
    expect(wordDiff(words('a'), words('b'), 'en').length).toBeGreaterThan(1)
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})

describe('the words that were typed', () => {
  it.each([
    ['text', ' a  b \r\n\r\n c*d* ', 'a  b\nc*d*'],
    [
      'markdown',
      '# Talks\n\n**Both** met _today_, [here](https://a.b/c).\n- one\n> two',
      'Talks\nBoth met today, here.\none\ntwo',
    ],
    ['markdown', '2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
    ['html', '<h1>Talks</h1><p class="x">a &amp; <b>b</b><br>c</p>', 'Talks\na & b\nc'],
  ] as const)('[DESK2] stand without the marks of %s: %j', (bodyFormat, body, words) => {
    expect(typedWords({ body, bodyFormat })).toBe(words)
  })

  it('[DESK2] are found in time, whatever is typed', () => {
    for (const unit of ['<', '<p', '**', '_ ', '[a](', '&#1', '<!--', '`', '# ']) {
      for (const bodyFormat of ['html', 'markdown', 'text'] as const) {
        const startedAt = performance.now()
        typedWords({ body: unit.repeat(32_768 / unit.length), bodyFormat })
        expect(performance.now() - startedAt, `${bodyFormat} ${unit}`).toBeLessThan(200)
      }
    }
  })
})

describe('the steps in words', () => {
  it('[DESK3] have a name each, and one that is not known its own', () => {
    expect(SWITCHABLE.toSorted()).toEqual(SWITCHABLE_STEPS.toSorted())
    for (const step of SWITCHABLE) expect(stepWords(step)).toMatch(/^[A-Z]/)
    expect([stepWords('html'), stepWords('to-come'), isSwitchable('html')]).toEqual(['Safe HTML', 'to-come', false])
  })
})

describe('what is asked while somebody types', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  const EVERY_MS = 300
  function setUp() {
    const asked: { wish: string; at: number; signal: AbortSignal; answer(): Promise<void>; refuse(): Promise<void> }[] =
      []
    const told: string[] = []
    const startedAt = performance.now()
    const latest = createLatest<string, string>({
      ask: (wish, signal) =>
        new Promise((resolve, reject) => {
          const settle = (act: () => void) => async () => {
            act()
            await vi.advanceTimersByTimeAsync(0)
          }
          asked.push({
            ...{ wish, at: performance.now() - startedAt, signal },
            answer: settle(() => resolve(wish.toUpperCase())),
            refuse: settle(() => reject(new Error('no'))),
          })
        }),
      tell: (wish, answer) => told.push(`${wish}: ${answer}`),
      fail: wish => told.push(`${wish}: nothing`),
      everyMs: EVERY_MS,
      patienceMs: 3_000,
    })
    return { latest, asked, told }
  }

  it('[DESK4] is asked at once, then at most every 300 ms, and always for the latest', async () => {
    const { latest, asked, told } = setUp()
    for (const wish of ['a', 'ab', 'abc']) {
      latest.want(wish)
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(asked.map(({ wish }) => wish)).toEqual(['a'])
    await asked[0]?.answer()
    await vi.advanceTimersByTimeAsync(EVERY_MS)
    await asked[1]?.answer()
    expect(asked.map(({ wish, at }) => [wish, at])).toEqual([
      ['a', 0],
      ['abc', EVERY_MS],
    ])
    expect(told).toEqual(['a: A', 'abc: ABC'])
  })

  it('[DESK4] is one question at a time, until an answer takes too long', async () => {
    const { latest, asked, told } = setUp()
    latest.want('a')
    await vi.advanceTimersByTimeAsync(1_000)
    latest.want('ab')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked.map(({ wish, signal }) => [wish, signal.aborted])).toEqual([
      ['a', true],
      ['ab', false],
    ])
    await asked[0]?.answer()
    await asked[1]?.answer()
    expect(told).toEqual(['ab: AB'])
  })

  it('[DESK4] says nothing of a question without an answer while a newer one waits', async () => {
    const { latest, asked, told } = setUp()
    latest.want('a')
    await vi.advanceTimersByTimeAsync(0)
    latest.want('ab')
    await asked[0]?.refuse()
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(EVERY_MS)
    await asked[1]?.refuse()
    expect(told).toEqual(['ab: nothing'])
  })

  it('[DESK4] ends when it is stopped', async () => {
    const { latest, asked, told } = setUp()
    latest.want('a')
    await vi.advanceTimersByTimeAsync(0)
    latest.want('ab')
    latest.stop()
    await asked[0]?.answer()
    await vi.advanceTimersByTimeAsync(10_000)
    expect([asked.length, asked[0]?.signal.aborted, told]).toEqual([1, true, []])
  })
})
