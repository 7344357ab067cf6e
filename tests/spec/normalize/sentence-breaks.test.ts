import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentenceBreaks } from '../../../workers/normalize/sentence-breaks.ts'

const languages = ['en', 'de', 'fr', 'es', 'it', 'ru', 'uk', 'ar', 'fa', 'he', 'sv', 'pl', 'tr', 'el', 'zh', 'ja', 'hi']

function breaksOfUnicode(line: string, language: string): number[] {
  const segments = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(line)
  return [...segments].map(({ index, segment }) => index + segment.length).filter(end => end < line.length)
}

describe('the breaks between sentences', () => {
  const sign = fc.constantFrom(...'aAbéÉжЖقא1٣ .. .!?؟۔,;:؛،-–—"\'()[]«»“”„‘’…%/&\u00a0\u202f€°§¿')
  const anything = fc.oneof({ weight: 30, arbitrary: sign }, fc.string({ unit: 'binary', maxLength: 2 }))

  it('[TEXT2] are where Unicode has them, whatever the script', () => {
    const line = fc
      .array(anything, { maxLength: 16 })
      .map(parts => parts.join('').replace(/[\r\n\u0085\u2028\u2029]/g, ''))
    fc.assert(
      fc.property(line, fc.constantFrom(...languages), (text, language) => {
        expect(sentenceBreaks(text, language, 1_000)).toEqual(breaksOfUnicode(text, language))
      }),
      { numRuns: 2_000 },
    )
  })

  it('[TEXT2] are not looked for any further than asked', () => {
    expect(sentenceBreaks('A. B! C? D.', 'en', 2)).toEqual([3, 6])
    expect(sentenceBreaks('会谈。结束。详情。稍后。', 'zh', 2)).toEqual([3, 6])
  })
})
