import { calendarKey, calendarNames } from '../dates/calendar-names.ts'

/** Words of a name: other ones are too short to tell a slip from another word. */
const MIN_LETTERS = 5
/** Names that are compared: more stand only in lists. */
const MAX_NAMES = 150
/** In a text that is mostly capitals (a headline, a list) a capital makes no name. */
const MAX_CAPITAL_SHARE = 0.7

interface Name {
  readonly word: string
  readonly key: string
  /** The capitalized word right before it, or ''. */
  readonly before: string
}

/**
 * Names that a text spells in two ways: one letter changed, added, left out or swapped with its neighbour inside of the
 * word. Endings are left alone, for they are inflections ("Russia", "Russian"); in German, where nouns have capitals, the
 * name before must be the same. Pure.
 *
 *     'Sergey Aleinik ... Mr Aleynik'   ->  ['"Aleinik" and "Aleynik": is that one name, spelled in two ways?']
 *     'Zelensky ... Zelenskyy'          ->  the same
 *     'Austria ... Australia', 'Lavrov ... Lavrova', 'Slovakia ... Slovenia'  ->  []
 */
export function spellingDoubts(text: string, language: string): string[] {
  if (!mayHaveSlips(text)) return []
  const { months, weekdays } = calendarNames(language)
  const isTime = ({ key }: Name) => months.has(calendarKey(key)) || weekdays.has(calendarKey(key))
  const names = namesIn(text).filter(name => !isTime(name))
  const needsContext = /^(?:de|lb)(?:-|$)/i.test(language)
  const doubts: string[] = []
  names.forEach((name, i) => {
    for (const other of names.slice(0, i)) {
      const isSameContext = name.before !== '' && name.before === other.before
      if (needsContext && !isSameContext) continue
      if (isSlip(other.key, name.key)) {
        doubts.push(`"${other.word}" and "${name.word}": is that one name, spelled in two ways?`)
      }
    }
  })
  return doubts
}

const CAPITALIZED = /(?<![\p{L}\p{M}])\p{Lu}\p{Ll}[\p{L}\p{M}]{3,}/gu

/** Most texts have no two words like that, wherever they stand; then no name need be told from the other words. */
function mayHaveSlips(text: string): boolean {
  const keys = [...new Set(text.match(CAPITALIZED))].slice(0, MAX_CAPITALIZED).map(word => word.toLowerCase())
  const byInitial = new Map<string, string[]>()
  return keys.some(key => {
    const initial = key.slice(0, 1)
    const others = byInitial.get(initial)
    if (others === undefined) byInitial.set(initial, [key])
    else if (others.some(other => isSlip(other, key))) return true
    else others.push(key)
    return false
  })
}

const MAX_CAPITALIZED = 500

const WORD = /[\p{L}\p{M}]+/gu

/** Words with a capital that does not come from the sentence's beginning. */
function namesIn(text: string): Name[] {
  const names = new Map<string, Name>()
  let words = 0
  let capitals = 0
  let before = ''
  let end = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const between = text.slice(end, index)
    const beginsSentence = words === 0 || /[.!?…:\n"“«„]/.test(between)
    const isCapital = /^\p{Lu}\p{Ll}/u.test(word)
    words++
    if (isCapital) capitals++
    if (isCapital && word.length >= MIN_LETTERS && !beginsSentence && names.size < MAX_NAMES) {
      const key = word.toLowerCase()
      if (!names.has(key)) names.set(key, { word, key, before: between === ' ' ? before : '' })
    }
    before = isCapital ? word : ''
    end = index + word.length
  }
  return capitals > words * MAX_CAPITAL_SHARE ? [] : [...names.values()]
}

/** "-sky" has as many spellings as there are alphabets. */
const SKY = /sk(?:y|yy|iy|yi|ii|ij)$/

function isSlip(a: string, b: string): boolean {
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 2) return false
  if (SKY.test(a) && SKY.test(b)) return a.replace(SKY, '') === b.replace(SKY, '')
  return a.slice(-2) === b.slice(-2) && areOneEditApart(a, b)
}

function areOneEditApart(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [inA, inB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (inA.length <= 1 && inB.length <= 1) return true
  return inA.length === 2 && inB.length === 2 && inA[0] === inB[1] && inA[1] === inB[0]
}
