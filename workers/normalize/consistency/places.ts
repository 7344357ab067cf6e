import { calendarKey, calendarNames } from '../dates/calendar-names.ts'

/** What stands before a place, by language. German is not here: there every noun has a capital. */
const PREPOSITIONS: Readonly<Record<string, string>> = {
  en: 'in|at|near|outside',
  fr: 'à|près de',
  es: 'en|cerca de',
  it: 'a|in|vicino a',
  pt: 'em|perto de',
}

/** Names of up to four words; "Rio de Janeiro" and "Port of Spain" have small ones. */
const NAME = "\\p{Lu}[\\p{L}\\p{M}'’-]{1,30}(?:(?: (?:de|del|la|of|the|on|upon))? \\p{Lu}[\\p{L}\\p{M}'’-]{1,30}){0,3}"

const expressions = new Map<string, RegExp>()

/**
 * The places that a text says something is in, at or near: names with a capital after such a word. Months, days and
 * years are none. Empty for languages whose prepositions are not known here. Pure.
 *
 *     'Lavrov and Aleinik in Minsk'        ->  ['Minsk']
 *     'talks in New York in May'           ->  ['New York']
 */
export function placesIn(text: string, language: string): string[] {
  const primary = language.split('-', 1)[0]?.toLowerCase() ?? ''
  const prepositions = PREPOSITIONS[primary]
  if (prepositions === undefined) return []
  const expression = expressions.get(primary) ?? expressionFor(prepositions)
  expressions.set(primary, expression)
  const names = calendarNames(primary)
  const isTime = (name: string) => {
    const key = calendarKey(name.split(' ', 1)[0] ?? '')
    return names.months.has(key) || names.weekdays.has(key)
  }
  const places = [...text.matchAll(expression)].map(match => (match[1] ?? '').replace(/['’]s$/, ''))
  return [...new Set(places)].filter(place => !isTime(place))
}

/** A preposition may begin a sentence; a name has its capital anywhere. */
function expressionFor(prepositions: string): RegExp {
  const either = prepositions
    .split('|')
    .map(([first = '', ...rest]) => `[${first}${first.toUpperCase()}]${rest.join('')}`)
    .join('|')
  return new RegExp(`(?<![\\p{L}\\d])(?:${either}) (?:the )?(${NAME})`, 'gu')
}

/** Whether a name stands in a text, in any case and with or without accents: "Kyiv" is in "Kyiv's". */
export function isNamed(name: string, text: string): boolean {
  return fold(text).includes(fold(name))
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** When a caption's places stand nowhere in the text, which names others: the first of each. */
export function placeDoubts(captions: readonly string[], text: string, language: string): string[] {
  return captions.flatMap(caption => {
    const ofCaption = placesIn(caption, language)
    const [place] = ofCaption
    if (place === undefined || ofCaption.some(name => isNamed(name, text))) return []
    const other = placesIn(text, language).find(name => !isNamed(name, caption))
    return other === undefined ? [] : [`The caption says ${place}, the text says ${other}.`]
  })
}
