import type { Edit } from '../body/text-of-blocks.ts'
import type { Marks } from './marks-by-language.ts'

const SPACED = /(?<= )--?(?= )/g
const TIGHT = /(?<=[\p{L}\p{M}\p{N}"”’')])--(?=[\p{L}\p{N}"“‘'(])/gu
const YEARS = /(?<![\p{L}\p{N}.,/-])(1\d{3}|20\d{2})-(1\d{3}|20\d{2})(?![\p{L}\p{N}/-]|[.,]\d)/gu
const TIMES = /(?<![\p{L}\p{N}:-])\d{1,2}:\d{2}-\d{1,2}:\d{2}(?![\p{L}\p{N}:-])/gu
const PERCENT = /(?<![\p{L}\p{N}.,-])(\d{1,2})-(\d{1,3})(?=[ \u202f]?%)/gu

/**
 * Dashes between words, and between the two ends of a range. What may be a list, a dialogue, a minus, a score or a
 * telephone number stays as it is.
 */
export function setDashes(text: string, marks: Marks): Edit[] {
  if (!text.includes('-')) return []
  const edits: Edit[] = []
  for (const { 0: typed, index } of text.matchAll(SPACED)) {
    if (!standsBetweenWords(text, index, index + typed.length)) continue
    edits.push({ start: index, end: index + typed.length, text: typed === '-' ? marks.dash : marks.longDash })
  }
  if (marks.tightDash !== undefined) {
    for (const { index } of text.matchAll(TIGHT)) edits.push({ start: index, end: index + 2, text: marks.tightDash })
  }
  if (marks.ranges) edits.push(...ranges(text))
  return edits.sort((a, b) => a.start - b.start)
}

const NO_WORD = /[\s=+*/<>|–—-]/
const DIGIT = /\p{N}/u

function standsBetweenWords(text: string, start: number, end: number): boolean {
  const before = text[start - 2] ?? ' '
  const after = text[end + 1] ?? ' '
  return !NO_WORD.test(before) && !NO_WORD.test(after) && !(DIGIT.test(before) && DIGIT.test(after))
}

function ranges(text: string): Edit[] {
  const rising = [...text.matchAll(YEARS), ...text.matchAll(PERCENT)].filter(
    ([, from, to]) => Number(from) < Number(to),
  )
  return [...rising, ...text.matchAll(TIMES)].map(({ 0: range, index }) => {
    const at = index + range.indexOf('-')
    return { start: at, end: at + 1, text: '–' }
  })
}
