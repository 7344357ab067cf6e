import type { Edit } from '../body/text-of-blocks.ts'
import type { Marks } from './marks-by-language.ts'
import { followsPrefix, sidesOf } from './sides-of-marks.ts'

export interface DoubleMarks {
  readonly edits: readonly Edit[]
  /** At how many places of the text one is inside of how many quotations: [place, change], in order. */
  readonly levels: readonly (readonly [at: number, change: 1 | -1])[]
}

/**
 * Straight double marks as the language sets them. When one of them could be neither the beginning nor the end of a
 * quotation, or one is left over, all stay: nobody knows then what belongs together.
 */
export function setDoubleMarks(text: string, marks: Marks): DoubleMarks {
  if (!/["']/.test(text)) return { edits: [], levels: [] }
  const edits: Edit[] = []
  const abbreviations: Edit[] = []
  const levels: [number, 1 | -1][] = []
  const open: { outer: boolean }[] = []
  let balanced = true
  let existing = 0
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]
    if (mark === marks.outer[0] && mark !== marks.outer[1]) {
      existing++
      levels.push([at, 1])
    } else if (mark === marks.outer[1] && existing > 0) {
      existing--
      levels.push([at, -1])
    }
    if (mark !== '"' || isInch(text, at, open.length > 0)) continue
    if (isGershayim(text, at)) {
      abbreviations.push({ start: at, end: at + 1, text: '״' })
      continue
    }
    const { closes, ...sides } = sidesOf(text, at)
    const opens = sides.opens || (!closes && followsPrefix(text, at))
    const closing = closes && (!opens || open.length > 0)
    const quotation = closing ? open.pop() : { outer: (open.length + existing) % 2 === 0 }
    if ((!opens && !closes) || quotation === undefined) {
      balanced = false
      break
    }
    if (!closing) open.push(quotation)
    const pair = quotation.outer ? marks.outer : marks.inner
    edits.push({ start: at, end: at + 1, text: pair[closing ? 1 : 0] })
    levels.push([at, closing ? -1 : 1])
  }
  if (balanced && open.length === 0)
    return { edits: [...edits, ...abbreviations].sort((a, b) => a.start - b.start), levels }
  return { edits: gershayimIn(text), levels: [] }
}

/** 5'10" is a height, and 27" a width, unless a quotation ends there. */
function isInch(text: string, at: number, inQuotation: boolean): boolean {
  const before = text.slice(Math.max(0, at - 6), at)
  if (/\d['′] ?\d{1,2}$/.test(before)) return true
  return /\d$/.test(before) && !inQuotation && !/[\p{L}\p{N}]/u.test(text[at + 1] ?? '')
}

const HEBREW = /(?=\p{sc=Hebrew})[\p{L}\p{M}]/u

/** The mark before the last letter of a Hebrew abbreviation. */
function isGershayim(text: string, at: number): boolean {
  const [before = '', last = '', after = ''] = [text[at - 1], text[at + 1], text[at + 2]]
  return HEBREW.test(before) && HEBREW.test(last) && !/[\p{L}\p{M}"״]/u.test(after)
}

function gershayimIn(text: string): Edit[] {
  return [...text.matchAll(/"/g)].flatMap(({ index }) =>
    isGershayim(text, index) ? [{ start: index, end: index + 1, text: '״' }] : [],
  )
}
