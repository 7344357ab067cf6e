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
  /** The capitalized words right before and behind it, or ''. */
  readonly before: string
  readonly after: string
  /** Its capital may come from the sentence's beginning. */
  readonly mayBeNone: boolean
}

/**
 * Names that a text spells in two ways: one letter changed, added, left out or swapped with its neighbour inside of the
 * word. Endings are left alone, for they are inflections ("Russia", "Russian"), but for first names before the same last
 * name; in German, where nouns have capitals, the name before must be the same. Pure.
 *
 *     'Sergey Aleinik ... Mr Aleynik'   ->  ['"Aleinik" and "Aleynik": is that one name, spelled in two ways?']
 *     'Zelensky ... Zelenskyy'          ->  the same
 *     'Sergei Lavrov ... Sergey Lavrov' ->  the same, of the first names
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
      if ((needsContext && !isSameContext) || (name.mayBeNone && other.mayBeNone)) continue
      if (isSlip(other.key, name.key) || isFirstNameSlip(other, name)) {
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
    else if (others.some(other => isSlip(other, key) || other.slice(0, -1) === key.slice(0, -1))) return true
    else others.push(key)
    return false
  })
}

const MAX_CAPITALIZED = 500

/** Few words that begin sentences are this long and one letter from a name. */
const MIN_LETTERS_AT_START = 6
const CAPITAL_BEHIND = /^ \p{Lu}\p{Ll}[\p{L}\p{M}]*/u
const MAX_BEHIND = 40

const WORD = /[\p{L}\p{M}]+/gu

/** Words with a capital that does not come from the sentence's beginning, and long ones whose capital may do. */
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
    end = index + word.length
    if (isCapital && word.length >= (beginsSentence ? MIN_LETTERS_AT_START : MIN_LETTERS) && names.size < MAX_NAMES) {
      const key = word.toLowerCase()
      const known = names.get(key)
      const after = CAPITAL_BEHIND.exec(text.slice(end, end + MAX_BEHIND))?.[0].trim() ?? ''
      if (known === undefined || (known.mayBeNone && !beginsSentence)) {
        names.set(key, { word, key, before: between === ' ' ? before : '', after, mayBeNone: beginsSentence })
      }
    }
    before = isCapital ? word : ''
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

/** "Sergei" and "Sergey" Lavrov: the same last name, and another way to write the end of the first one. */
function isFirstNameSlip(a: Name, b: Name): boolean {
  if (a.after === '' || a.after !== b.after || a.key === b.key) return false
  return a.key.slice(0, -1) === b.key.slice(0, -1) && /[ijy]$/.test(a.key) && /[ijy]$/.test(b.key)
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
