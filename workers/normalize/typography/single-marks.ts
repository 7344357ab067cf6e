import type { Edit } from '../body/text-of-blocks.ts'
import type { DoubleMarks } from './double-marks.ts'
import type { Marks } from './marks-by-language.ts'
import { sidesOf } from './sides-of-marks.ts'

const APOSTROPHE = '’'
const LETTER = /[\p{L}\p{M}]/u
const HEBREW = /(?=\p{sc=Hebrew})[\p{L}\p{M}]/u
/** Words that begin with an apostrophe, and decades. */
const ELIDED = /^(?:\d0s|\d\ds|tis|twas|em|til|cause|bout|round|cos|n|ne|nen|nem|ner)(?![\p{L}\p{N}])/iu
const YEAR = /^\d\d(?![\p{L}\p{N}])/u
/** One of these further on may be the end of a quotation that begins with a number. */
const SINGLE = /['‘’‚‛]/
/** A quotation in single marks is not longer. */
const MAX_QUOTED = 1_000

/**
 * Straight single marks: apostrophes and, in pairs, quotations. One that may be either stays as it is, and so do feet and
 * minutes.
 */
export function setSingleMarks(text: string, marks: Marks, { levels }: Pick<DoubleMarks, 'levels'>): Edit[] {
  const edits: Edit[] = []
  const set = (at: number, mark: string) => edits.push({ start: at, end: at + 1, text: mark })
  /** Marks that may begin a quotation, innermost last, each with the double marks around it. */
  const opened: { at: number; level: number }[] = []
  let level = 0
  let nextLevel = 0
  for (let at = text.indexOf("'"); at >= 0; at = text.indexOf("'", at + 1)) {
    for (let change = levels[nextLevel]; change !== undefined && change[0] < at; change = levels[++nextLevel]) {
      level += change[1]
      while (level < (opened.at(-1)?.level ?? level)) opened.pop()
    }
    const before = text[at - 1] ?? ' '
    const after = text[at + 1] ?? ' '
    if (HEBREW.test(before)) {
      set(at, '׳')
      continue
    }
    if (isApostrophe(text, at, before, after)) {
      set(at, APOSTROPHE)
      continue
    }
    const { opens, closes } = sidesOf(text, at)
    const begin = opened.at(-1)
    if (closes && begin !== undefined && begin.level === level && at - begin.at > 1) {
      opened.pop()
      if (at - begin.at > MAX_QUOTED || !(marks.singlesQuote || level > 0)) continue
      set(begin.at, marks.inner[0])
      set(at, marks.inner[1])
    } else if (closes && LETTER.test(before)) set(at, APOSTROPHE)
    else if (opens) opened.push({ at, level })
  }
  return edits.sort((a, b) => a.start - b.start)
}

function isApostrophe(text: string, at: number, before: string, after: string): boolean {
  if (LETTER.test(before) || /\d/.test(before)) return LETTER.test(after)
  const rest = text.slice(at + 1, at + 9)
  if (ELIDED.test(rest)) return true
  // 'n' between two words: its second mark is no end of a quotation.
  if (/^'n$/i.test(text.slice(Math.max(0, at - 2), at)) && /\s/.test(after)) return true
  return YEAR.test(rest) && !SINGLE.test(text.slice(at + 1, at + 200))
}
