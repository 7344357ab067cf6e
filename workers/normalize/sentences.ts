import { isAbbreviation } from './abbreviations.ts'
import { MASK, maskAddresses } from './body/masked-text.ts'
import { sentenceBreaks } from './sentence-breaks.ts'

export interface Sentence {
  /** Without the white space around it. */
  readonly text: string
  /** Where it stands in the text: from `start` up to, but not with, `end` (UTF-16 units). */
  readonly start: number
  readonly end: number
}

/** Far more than an honest line of 64 KB has. What follows is one sentence, so that the time stays bounded. */
const MAX_PIECES = 2_000

/** The sentences of a text, by the rules of its language (UAX 29). A line end always ends one, an abbreviation none. */
export function splitSentences(text: string, language: string): string[] {
  return sentencesOf(text, language).map(sentence => sentence.text)
}

/**
 * The same, with where each stands.
 *
 *     'Dr. J. Smith left the U.S. on 5 May. He was late.'  ->  'Dr. J. ... 5 May.', 'He was late.'
 *     '"Really?" he said.'                                  ->  one
 *     '会谈结束。详情稍后。'                                     ->  '会谈结束。', '详情稍后。'
 *     'See https://a.example/b?id=3 now. More.'             ->  'See https://a.example/b?id=3 now.', 'More.'
 */
export function sentencesOf(text: string, language: string): Sentence[] {
  const sentences: Sentence[] = []
  let lineStart = 0
  let pieces = 0
  for (const line of text.split('\n')) {
    pieces += addSentencesOf(line, lineStart, language, MAX_PIECES - pieces, sentences)
    lineStart += line.length + 1
  }
  return sentences
}

/** What can end a sentence, when more follows. */
const END_INSIDE = /[.!?…。｡．！？।॥؟۔։።܀](?=.)/u

/** Answers how many pieces the segmenter was asked for, at least one for each line that it was given. */
function addSentencesOf(line: string, offset: number, language: string, most: number, sentences: Sentence[]): number {
  let start = 0
  let pieces = 0
  if (most > 0 && END_INSIDE.test(line)) {
    pieces++
    const calm = withoutAddresses(line)
    for (const end of sentenceBreaks(calm, language, most)) {
      pieces++
      if (goesOn(calm, start, end, language)) continue
      add(sentences, line, start, end, offset)
      start = end
    }
  }
  add(sentences, line, start, line.length, offset)
  return pieces
}

/** The `?` of an address ends no sentence. As long as the line, so that places stay the same. */
function withoutAddresses(line: string): string {
  const masked = maskAddresses(line)
  return masked === line ? line : masked.replaceAll(MASK, 'x')
}

function add(sentences: Sentence[], line: string, start: number, end: number, offset: number): void {
  const untrimmed = line.slice(start, end)
  const text = untrimmed.trim()
  if (text === '') return
  const from = offset + start + untrimmed.indexOf(text)
  sentences.push({ text, start: from, end: from + text.length })
}

/** What is looked at on each side of an end: no abbreviation is longer. */
const MAX_LOOK = 24
const LAST_WORD = /(?:^|[\s([{«“"'’-])([\p{L}\p{M}.]{1,16})\.[ \u202f]*$/u
const INITIALS = /^\p{L}(?:\.\p{L})+$/u
const QUOTED_QUESTION = /[?!]["”’»“'][ \u202f]*$/u
/** A day or a rank, "am 3. Mai", in languages that write it so. */
const ORDINAL = /(?:^|[^\d.,])\d{1,2}\.[ \u202f]*$/
const WITH_ORDINALS = /^(?:de|da|nb|nn|no|fi|is|cs|sk|hu|sl|hr|sr|bs|et|lv|tr)(?:-|$)/
/** They begin a new sentence even after "U.S." */
const BEGINNING =
  /^(?:The|An?|He|She|It|They|We|I|In|On|At|But|And|This|That|There|Der|Die|Das|Er|Sie|Es|Wir|Le|La|Les|Il|Elle|El|Los|Las|В|На|Он|Она|Они|Это|Но)\s/u

/** Whether what the segmenter took for an end is inside of a sentence: an abbreviation, initials, a quoted question. */
function goesOn(line: string, start: number, end: number, language: string): boolean {
  const before = line.slice(Math.max(start, end - MAX_LOOK), end)
  const after = line.slice(end, end + MAX_LOOK)
  if (QUOTED_QUESTION.test(before)) return /^\p{Ll}/u.test(after)
  if (WITH_ORDINALS.test(language) && ORDINAL.test(before)) return true
  const word = LAST_WORD.exec(before)?.[1]
  if (word === undefined) return false
  if (/^nos?$/i.test(word)) return /^\p{N}/u.test(after)
  if (isAbbreviation(word) || /^\p{Lu}$/u.test(word)) return true
  if (/^\p{L}$/u.test(word)) return /^\p{L}\./u.test(after)
  if (!INITIALS.test(word)) return false
  // "at 5 p.m. Talks ..." is over; "e.g. Moscow" is not.
  if (/^[ap]\.m$/.test(word)) return !/^\p{Lu}/u.test(after)
  return !BEGINNING.test(after)
}
