import { diffArrays } from 'diff'

/** A stretch of text that stands in both, or in one of them only. */
export interface Piece {
  readonly kind: 'same' | 'gone' | 'new'
  readonly text: string
}

/** Texts that differ more than this are not compared word by word: that would take long, and say little. */
const MOST_EDITS = 2_000
const LONGEST_MS = 50

/** Pure: what became of a text, word by word, by the rules of its language (UAX 29). */
export function wordDiff(before: string, after: string, language: string): readonly Piece[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }]
  const limits = { maxEditLength: MOST_EDITS, timeout: LONGEST_MS }
  const changes = diffArrays(wordsOf(before, language), wordsOf(after, language), limits)
  const whole = [
    { removed: true, added: false, value: [before] },
    { removed: false, added: true, value: [after] },
  ]
  return (changes ?? whole)
    .map(({ removed, added, value }) => ({
      kind: removed ? ('gone' as const) : added ? ('new' as const) : ('same' as const),
      text: value.join(''),
    }))
    .filter(({ text }) => text !== '')
}

/** White space, or a stretch of anything else: short, as the platform's segmenter is slow on long texts. */
const STRETCH = /\s+|\S{1,100}/gu
/** What is changed in `Moscow.Russian` and in `don't` is the mark between, not the word. */
const MARK = /([^\p{L}\p{N}\p{M}])/u
/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** The text in words, and what stands between them. */
function wordsOf(text: string, language: string): string[] {
  const words = new Intl.Segmenter(language, { granularity: 'word' })
  const segments = (part: string) => [...words.segment(part)].map(({ segment }) => segment)
  return (text.match(STRETCH) ?? [])
    .flatMap(stretch => stretch.split(MARK))
    .flatMap(part => (UNSPACED.test(part) ? segments(part) : [part]))
    .filter(part => part !== '')
}
