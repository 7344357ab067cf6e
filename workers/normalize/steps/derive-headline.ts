import { segmenter } from '../segmenter.ts'
import { splitSentences } from '../sentences.ts'
import type { NormalizationStep } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'

const MAX_WORDS = 10
const MAX_CHARS = 120
/** Only the beginning is looked at: more would be cut off in any case, and the time it takes stays small. */
const LOOK_AT_CHARS = 2 * MAX_CHARS

/**
 * A headline for lists and feeds when the editor wrote none: the first sentence, or its first words. It comes from the
 * text, else from a caption, else from an alternative text. `headlineDerived` says that it is not the editor's.
 *
 *     'Talks have ended. Details follow.'               ->  'Talks have ended.'
 *     'Belarusian Foreign Minister Sergey Aleinik ...'  ->  the first ten words and an ellipsis
 *     '会谈结束。详情稍后。'                                ->  '会谈结束。'
 */
export const deriveHeadline: NormalizationStep = {
  name: 'derived-headline',
  apply(draft) {
    if (draft.headline !== undefined) return { draft, notes: [] }
    const headline = firstWords(wordsToStartFrom(draft), draft.inLanguage)
    if (headline === '') return { draft, notes: [] }
    return { draft: { ...draft, headline, headlineDerived: true }, notes: [{ before: '', after: headline }] }
  },
}

function wordsToStartFrom({ bodyText, media }: WorkingDraft): string {
  const texts = [bodyText, ...media.map(({ caption }) => caption), ...media.map(({ alt }) => alt)]
  return texts.find(text => text.trim() !== '') ?? ''
}

/** Pure: the first sentence of a text's first line, cut on a word, by the language's own rules (UAX 29). */
function firstWords(text: string, language: string): string {
  const line = text.trimStart().slice(0, LOOK_AT_CHARS).split('\n', 1)[0] ?? ''
  const sentence = splitSentences(line, language)[0] ?? ''
  const end = Math.min(endOfWord(sentence, MAX_WORDS, language), endOfGrapheme(sentence, MAX_CHARS, language))
  return end === sentence.length ? sentence : `${sentence.slice(0, end).trimEnd()}…`
}

/** Scripts that put spaces between words: there a word is told by its letters, in a tenth of the time. */
const WITH_SPACES = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{N}\p{P}\p{S}\p{Z}]*$/u
/** As UAX 29 has it: "don't", "U.S" and "3.5" are one word, "ten-year" is two. */
const SPACED_WORD = /[\p{L}\p{N}_]+(?:(?:(?<=\p{L})[.:·'’](?=\p{L})|(?<=\p{N})[.,;'’](?=\p{N}))[\p{L}\p{N}_]+)*/gu

/** Where the n-th word ends, when another one follows; else the text's length. */
function endOfWord(text: string, n: number, language: string): number {
  if (WITH_SPACES.test(text)) return endOfSpacedWord(text, n)
  let words = 0
  let end = 0
  for (const { index, segment, isWordLike } of segmenter(language, 'word').segment(text)) {
    if (isWordLike !== true) continue
    if (words === n) return end
    words++
    end = index + segment.length
  }
  return text.length
}

function endOfSpacedWord(text: string, n: number): number {
  let words = 0
  let end = 0
  for (const { 0: word, index } of text.matchAll(SPACED_WORD)) {
    if (words === n) return end
    words++
    end = index + word.length
  }
  return text.length
}

/** The last place at or before `most` that is on a word's edge, or at least between two characters as readers see them. */
function endOfGrapheme(text: string, most: number, language: string): number {
  if (text.length <= most) return text.length
  const head = text.slice(0, most)
  const space = head.lastIndexOf(' ')
  if (space > most / 2) return space
  let end = 0
  for (const { index } of segmenter(language, 'grapheme').segment(text)) {
    if (index > most) break
    end = index
  }
  return end
}
