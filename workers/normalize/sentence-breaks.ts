import { segmenter } from './segmenter.ts'

/**
 * Where a sentence ends and another begins in a line, by the rules of Unicode (UAX 29, SB6 to SB11), in order; its end is
 * none. At most so many are looked for.
 *
 * Most lines are in scripts for which a few rules are enough, and get the same answer without Intl.Segmenter: each of its
 * uses leaves memory behind that only a full garbage collection frees.
 */
export function sentenceBreaks(line: string, language: string, most: number): number[] {
  return SIMPLE.test(line) && !/^el(?:-|$)/i.test(language) ? simpleBreaks(line, most) : allBreaks(line, language, most)
}

/** Letters of Latin, Cyrillic, Hebrew and Arabic without marks, digits, and the signs that the rules below know. */
const SIMPLE =
  /^[ -~\u00a0-\u00a9\u00ab\u00ac\u00ae-\u00b9\u00bb-\u01bf\u01cd-\u01f0\u01f4-\u024f\u0400-\u0481\u048a-\u052f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u060c\u061b\u061f\u0660-\u0669\u0671-\u06d3\u06d5\u06f0-\u06f9\u2010-\u2023\u2026\u202f\u2030\u2039\u203a\u20ac]*$/

/** The end of a sentence, with what closes behind it and the space after that. */
const END = /([.!?؟۔])["'()[\]{}«»‘’‚‛“”„‟‹›]*[ \u00a0\u202f]*/g

function simpleBreaks(line: string, most: number): number[] {
  const breaks: number[] = []
  END.lastIndex = 0
  for (let match = END.exec(line); match !== null; match = END.exec(line)) {
    const [all, mark = ''] = match
    const place = match.index + all.length
    if (place >= line.length || breaks.length >= most) break
    if (!goesOn(line, mark, match.index, place)) breaks.push(place)
    // What closes may be behind one end and before the next: "?" (!)
    END.lastIndex = match.index + 1
  }
  return breaks
}

/** Marks behind which a sentence goes on (SContinue), and those that end one. */
const CONTINUES = /[,:;،–—.!?؟۔-]/
/** What comes before the next letter or end; a small letter there means that a full stop ended nothing. */
const NEXT_IS_SMALL = /[^\p{L}.!?؟۔]*(?=\p{Ll})/uy

function goesOn(line: string, mark: string, at: number, place: number): boolean {
  const next = line[place] ?? ''
  if (CONTINUES.test(next)) return true
  if (mark !== '.') return false
  if (place === at + 1) {
    if (/\p{Nd}/u.test(next)) return true
    if (/[\p{Lu}\p{Ll}]/u.test(line[at - 1] ?? '') && /\p{Lu}/u.test(next)) return true
  }
  NEXT_IS_SMALL.lastIndex = place
  return NEXT_IS_SMALL.test(line)
}

function allBreaks(line: string, language: string, most: number): number[] {
  const breaks: number[] = []
  for (const { index, segment } of segmenter(language, 'sentence').segment(line)) {
    const end = index + segment.length
    if (breaks.length >= most || end === line.length) break
    breaks.push(end)
  }
  return breaks
}
