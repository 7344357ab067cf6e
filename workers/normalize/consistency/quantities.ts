import { type Unit, unitNamed } from './units.ts'

const NUMBER = '[−-]?\\d{1,9}(?:[.,]\\d{1,9}){0,3}'
const UNIT = '[\\p{L}°²/]{1,14}2?'
/** A quantity with another one in brackets: "5 km (3 miles)". */
const CONVERSION = new RegExp(
  `(?<![\\d.,\\p{L}])(${NUMBER})[ -]?(${UNIT}) ?\\((?:(?:about|around|roughly|some|or|etwa|rund|environ|unos|circa|около) )?(${NUMBER})[ -]?(${UNIT})\\)`,
  'gu',
)

/** Newsrooms round: a tenth off is still right, and so is the last digit that is given. */
const TOLERANCE = 0.1
const OF_LAST_DIGIT = 0.6

/**
 * Quantities given twice that are not the same. Pure.
 *
 *     '5 km (3 kg)'      ->  ['5 km (3 kg): one is a length, the other a mass.']
 *     '5 km (5 miles)'   ->  ['5 km (5 miles): the second would be 3.1.']
 *     '5 km (3 miles)', '100 feet (30 metres)'  ->  []
 */
export function conversionDoubts(text: string, language: string): string[] {
  if (!text.includes('(')) return []
  return [...text.matchAll(CONVERSION)].flatMap(([all, amount = '', name = '', otherAmount = '', otherName = '']) => {
    const [unit, other] = [unitNamed(name), unitNamed(otherName)]
    if (unit === undefined || other === undefined) return []
    if (unit.kind !== other.kind) return [`${all}: one is a ${unit.kind}, the other a ${other.kind}.`]
    const expected = convert(numberOf(amount, language), unit, other)
    const given = numberOf(otherAmount, language)
    const allowed = Math.max(TOLERANCE * Math.abs(expected), OF_LAST_DIGIT * lastDigit(given))
    if (Math.abs(expected - given) <= allowed) return []
    return [`${all}: the second would be ${Number(expected.toPrecision(2))}.`]
  })
}

function convert(amount: number, from: Unit, to: Unit): number {
  return (amount * from.factor + (from.zero ?? 0) - (to.zero ?? 0)) / to.factor
}

/** "1,800" and "1.800" are both 1800; otherwise English has a decimal point and others a decimal comma. */
function numberOf(text: string, language: string): number {
  const plain = text.replace('−', '-')
  if (/^-?\d{1,3}([.,])\d{3}(?:\1\d{3})*$/.test(plain)) return Number(plain.replace(/[.,]/g, ''))
  const isEnglish = /^en(?:-|$)/i.test(language)
  return Number(isEnglish ? plain.replaceAll(',', '') : plain.replaceAll('.', '').replace(',', '.'))
}

/** What one of the last digit that counts is worth: 10 for 30, 1 for 32, 0.1 for 3.2. */
function lastDigit(number: number): number {
  let worth = 1
  while (number !== 0 && Number.isInteger(number / (worth * 10))) worth *= 10
  while (worth > 1e-6 && !isWhole(number / worth)) worth /= 10
  return worth
}

function isWhole(number: number): boolean {
  return Math.abs(number - Math.round(number)) < 1e-6
}

/** A number with a unit, wherever it stands. */
const QUANTITY = new RegExp(`(?<![\\d.,\\p{L}])(\\d{1,9}(?:[.,]\\d{1,9}){0,3})[ -]?(${UNIT})(?![\\p{L}\\d])`, 'gu')
const MAX_QUANTITIES = 100

/**
 * The same number with two units of one kind. Pure.
 *
 *     'It is 30 km long. ... a road of 30 miles'   ->  ['The text says "30 km" and "30 miles".']
 *     '30 km of road, 30 kg of rice', '30 km, 30 kilometres', '30 km (19 miles)'  ->  []
 */
export function unitDoubts(text: string): string[] {
  if (!/\d/.test(text)) return []
  const seen = new Map<string, { readonly all: string; readonly unit: Unit }>()
  return [...text.matchAll(QUANTITY)].slice(0, MAX_QUANTITIES).flatMap(([all, amount = '', name = '']) => {
    const unit = unitNamed(name)
    if (unit === undefined) return []
    const key = `${unit.kind} ${amount}`
    const before = seen.get(key)
    if (before === undefined) seen.set(key, { all, unit })
    // "-40 °C (-40 °F)" is right, and what stands in brackets is looked at by conversionDoubts.
    if (before === undefined || before.unit === unit || text.includes(`${before.all} (`)) return []
    return [`The text says "${before.all}" and "${all}".`]
  })
}

const COUNT =
  /(?<![\d.,:\p{L}])(\d{1,9}(?:,\d{3})?) (\p{Ll}{4,20})(?: (\p{Ll}{2,20}) (\p{Ll}{2,20}))?(?=([.,;!?\n]|$)?)/gu
const YEAR = /^(?:19|20|21)\d\d$/

interface Count {
  readonly all: string
  readonly number: string
  readonly noun: string
  /** The noun and two words more. */
  readonly phrase: string | undefined
  /** Nothing more is said of it: no "in Minsk" that would make another count of it. */
  readonly ends: boolean
}

/**
 * The same thing counted twice with different results: a number and a word in the headline whose word the text has with
 * other numbers only, or the same three words after two numbers in the text. Pure.
 *
 *     headline '12 dead', text '13 dead'                    ->  ['The headline says "12 dead", the text says "13 dead".']
 *     '12 people were killed. ... 13 people were killed.'   ->  ['The text says "12 people were killed" and ...']
 *     '12 people were killed in A, 3 people were killed in B'  ->  []
 */
export function countDoubts(headline: string, text: string): string[] {
  const counts = countsIn(text)
  return [...headlineDoubts(countsIn(headline), counts, text), ...textDoubts(counts)]
}

function countsIn(text: string): Count[] {
  if (!/\d/.test(text)) return []
  return [...text.matchAll(COUNT)]
    .map(([all, number = '', noun = '', second, third, end]) => ({
      ...{ all, number: number.replace(',', ''), noun, ends: end !== undefined },
      phrase: second === undefined || third === undefined ? undefined : `${noun} ${second} ${third}`,
    }))
    .filter(({ number }) => !YEAR.test(number))
}

function headlineDoubts(ofHeadline: readonly Count[], ofText: readonly Count[], text: string): string[] {
  const numbers = new Set((text.match(/\d[\d,]*/g) ?? []).map(number => number.replaceAll(',', '')))
  return ofHeadline.flatMap(({ number, noun }) => {
    const other = ofText.find(count => count.noun === noun)
    if (other === undefined || numbers.has(number)) return []
    return [`The headline says "${number} ${noun}", the text says "${other.number} ${noun}".`]
  })
}

function textDoubts(counts: readonly Count[]): string[] {
  const seen = new Map<string, Count>()
  return counts.flatMap(count => {
    if (count.phrase === undefined) return []
    const before = seen.get(count.phrase)
    if (before === undefined) seen.set(count.phrase, count)
    if (before === undefined || before.number === count.number || !(before.ends || count.ends)) return []
    return [`The text says "${before.all}" and "${count.all}".`]
  })
}
