import type { Edit } from '../body/text-of-blocks.ts'

/** U+202F. A no-break space (U+00A0) would not outlast the cleaning of white space. */
const NARROW = '\u202f'

const MARKS = /[?!;:«»]|(?<=\d) (?=[%€$£])/g
const AFTER_WORD = /[\p{L}\p{N}\p{M})\]”"’…]/u
const ENDS = /[\s»”"’)\]?!]/u

/**
 * The narrow spaces that French sets inside of its quotation marks and before double punctuation; Canada and Switzerland
 * have them inside of quotation marks only.
 */
export function setFrenchSpaces(text: string, language: string): Edit[] {
  const onlyQuotes = /^fr-(?:ca|ch)\b/i.test(language)
  const quotes = hasPairs(text)
  return [...text.matchAll(MARKS)].flatMap(({ 0: mark, index }): Edit[] => {
    switch (mark) {
      case '«':
        return quotes ? spaceAt(text, index + 1, 1) : []
      case '»':
        return quotes ? spaceAt(text, index, -1) : []
      case ' ':
        return onlyQuotes ? [] : [{ start: index, end: index + 1, text: NARROW }]
      default:
        return onlyQuotes ? [] : beforePunctuation(text, index, mark)
    }
  })
}

/** « and » in turn, « first: nothing else is surely French. */
function hasPairs(text: string): boolean {
  let open = 0
  for (const [mark] of text.matchAll(/[«»]/g)) {
    open += mark === '«' ? 1 : -1
    if (open < 0 || open > 2) return false
  }
  return open === 0
}

/** A narrow space at a place, instead of the space on that side of it (1 after, -1 before), if there is one. */
function spaceAt(text: string, at: number, side: 1 | -1): Edit[] {
  const beside = side === 1 ? text[at] : text[at - 1]
  if (beside === undefined || beside === '\n' || beside === NARROW || beside === '\u2009') return []
  if (beside !== ' ') return [{ start: at, end: at, text: NARROW }]
  const start = side === 1 ? at : at - 1
  return [{ start, end: start + 1, text: NARROW }]
}

function beforePunctuation(text: string, at: number, mark: string): Edit[] {
  const before = text[at - 1] ?? '\n'
  const after = text[at + 1] ?? ' '
  // ":)" and ";)" are faces, "10:30" a time.
  if ((mark === ':' || mark === ';') && !/[\s»]/.test(after)) return []
  if (before === ' ') return /\s/.test(text[at - 2] ?? '\n') || !ENDS.test(after) ? [] : spaceAt(text, at, -1)
  if (before === '»' || (AFTER_WORD.test(before) && ENDS.test(after))) return [{ start: at, end: at, text: NARROW }]
  return []
}
