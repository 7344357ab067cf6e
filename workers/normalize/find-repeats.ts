import { textKey, wordsIn } from './text-key.ts'

export interface Repeat {
  /** Index of the line that says nothing new. */
  readonly line: number
  /** The line that says the same before it, or the lines that say it one by one. */
  readonly of: readonly number[]
  /** False for what people do say twice ("I do not recall."): it is only to be looked at. */
  readonly sure: boolean
}

/** A line of a text, with what else it must share with another to be the same (the addresses of its links). */
export interface ComparedLine {
  readonly text: string
  readonly links?: readonly string[]
}

/**
 * Lines that repeat an earlier one, and run-together paragraphs whose sentences stand in other lines one by one, adjacent
 * or not; white space and the way that quotation marks are set make no difference. Pure.
 *
 *     'Talks in Moscow begin', 'x', 'Talks in Moscow begin'   ->  the last line repeats the first
 *     'They met in Moscow.He left for Minsk later.',
 *     'They met in Moscow.', 'He left for Minsk later.'       ->  the first line repeats the other two
 */
export function findRepeats(lines: readonly ComparedLine[]): Repeat[] {
  const compared: Keyed[] = []
  lines.forEach(({ text, links = [] }, line) => {
    if (text.length >= MIN_KEY) compared.push({ line, text, links, key: textKey(text) })
  })
  if (compared.length < 2) return []
  const repeats = sameLines(compared)
  const repeated = new Set(repeats.filter(({ sure }) => sure).map(({ line }) => line))
  return [...repeats, ...runTogether(compared, repeated)].sort((a, b) => a.line - b.line)
}

interface Keyed extends Required<ComparedLine> {
  /** Its index among all lines. */
  readonly line: number
  readonly key: string
}

const MIN_TITLE_WORDS = 3
const MIN_SENTENCE_WORDS = 6
/** No line of three words is shorter. */
const MIN_KEY = 6
/** In scripts that put no space between words. */
const MIN_LETTERS = 12
const ENDS_SENTENCE = /[.!?…。！？؟।]["'”’»“)\]]*$/u
/** What somebody says may well be said twice. */
const SPOKEN = /^["'“”„«»‘’‚‹›–—-]/u
const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

function sameLines(lines: readonly Keyed[]): Repeat[] {
  const first = new Map<string, number>()
  return lines.flatMap(({ line, text, key, links }): Repeat[] => {
    if (key.length < MIN_KEY) return []
    const whole = links.length === 0 ? key : [key, ...links].join('\n')
    const before = first.get(whole)
    if (before === undefined) {
      first.set(whole, line)
      return []
    }
    const words = countWords(text)
    if (words < MIN_TITLE_WORDS) return []
    const least = ENDS_SENTENCE.test(text) ? MIN_SENTENCE_WORDS : MIN_TITLE_WORDS
    return [{ line, of: [before], sure: words >= least && !SPOKEN.test(text) }]
  })
}

/** Only words with letters: "2 1 0" may stand in a table twice. */
function countWords(text: string): number {
  const words = wordsIn(text).filter(word => /\p{L}/u.test(word))
  const letters = words.join('').length
  return WITHOUT_SPACES.test(text) && letters >= MIN_LETTERS ? MIN_SENTENCE_WORDS : words.length
}

/** A shorter paragraph is no paragraph, and a shorter line no sentence of one. */
const MIN_PARAGRAPH = 40
const MIN_PART = 10

function runTogether(lines: readonly Keyed[], repeated: ReadonlySet<number>): Repeat[] {
  const parts = lines.filter(({ line, key }) => key.length >= MIN_PART && !repeated.has(line))
  return lines.flatMap(({ line, key, links }): Repeat[] => {
    if (key.length < MIN_PARAGRAPH || links.length > 0 || repeated.has(line)) return []
    const of = partsOf(key, parts)
    return of === undefined ? [] : [{ line, of, sure: true }]
  })
}

/** The shorter lines that make up a paragraph, in their order; undefined when something of it stands nowhere else. */
function partsOf(paragraph: string, lines: readonly { key: string; line: number }[]): number[] | undefined {
  const of: number[] = []
  let at = 0
  for (const { key, line } of lines) {
    if (key.length >= paragraph.length || !paragraph.startsWith(key, at)) continue
    of.push(line)
    at += key.length
    if (at === paragraph.length) return of
  }
  return undefined
}
