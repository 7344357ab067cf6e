import { calendarKey } from './calendar-names.ts'
import { type Clues, hasDate, hasTime } from './date-clues.ts'
import { matchAt, type Part, type Reading } from './part.ts'
import { readZone } from './zone-part.ts'

type PartReader = (text: string, start: number, clues: Clues, reading: Reading) => Part | undefined

/** Reads the part that begins at `start`; undefined when nothing of a date begins there. */
export function readPart(text: string, start: number, clues: Clues, reading: Reading): Part | undefined {
  for (const read of readers) {
    const part = read(text, start, clues, reading)
    if (part !== undefined) return part
  }
  return undefined
}

const YEAR_FIRST = /(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?!\d)/y
const NUMERIC = /(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?!\d|[:./-]\d)/y

function readNumericDate(text: string, start: number, clues: Clues, { monthFirst }: Reading): Part | undefined {
  if (hasDate(clues) || clues.month !== undefined || clues.day !== undefined) return undefined
  const ordered = matchAt(YEAR_FIRST, text, start)
  if (ordered !== undefined) {
    const [all, year, , month = ordered[5], day = ordered[6]] = ordered
    return { clues: { ...clues, year: Number(year), month: Number(month), day: Number(day) }, end: start + all.length }
  }
  const match = matchAt(NUMERIC, text, start)
  if (match === undefined) return undefined
  const [all = '', first, separator, second, year = ''] = match
  const date = orderDate(Number(first), Number(second), separator === '.' ? 'dotted' : monthFirst)
  const { doubt, ...dayAndMonth } = date
  const warnings = doubt === undefined ? clues.warnings : [...clues.warnings, `${all} ${doubt}`]
  return { clues: { ...clues, ...dayAndMonth, year: fullYear(year), warnings }, end: start + all.length }
}

/** Dotted dates are day.month; others go by the language, where both numbers can be a month. */
function orderDate(
  first: number,
  second: number,
  order: 'dotted' | boolean,
): { day: number; month: number; doubt?: string } {
  const dayFirst = { day: first, month: second }
  const monthFirst = { day: second, month: first }
  if (second > 12) return monthFirst
  if (first > 12 || first === second || order === 'dotted') return dayFirst
  const [chosen, words] = order ? [monthFirst, 'month first'] : [dayFirst, 'day first']
  return { ...chosen, doubt: `was read ${words}, as the event's language has it.` }
}

/** Two digits are of the years 1970 to 2069. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 4) return year
  return year < 70 ? 2000 + year : 1900 + year
}

const HALF_DAY = /(\d{1,2})(?:[:.](\d\d)(?::(\d\d))?)? ?([ap])\.? ?m\b\.?/iy
const CLOCK = /(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?!\d|[:.]\d)/y
const DOTTED_CLOCK = /(\d{1,2})\.(\d\d)(?!\d|[:.,]\d)/y
const HOURS = /(\d{1,2}) ?h(?: ?(\d\d))?(?![\p{L}\d])/iuy
const ONLY_HOUR = /(\d{1,2}) ?Uhr(?: (\d\d)(?!\d))?/y
const MILITARY = /(\d\d)(\d\d) ?(?=(?:GMT|UTC|Z|hrs|hours|h)(?![\p{L}\d]))/uy

/** Where 13h05 is how times are written, and not how long something took. */
const WRITES_HOURS = new Set(['fr', 'pt', 'ca'])

function readTime(text: string, start: number, clues: Clues, { language }: Reading): Part | undefined {
  if (hasTime(clues)) return undefined
  const halfDay = matchAt(HALF_DAY, text, start)
  if (halfDay !== undefined) {
    const hour = hourOfDay(Number(halfDay[1]), (halfDay[4] ?? '').toLowerCase() === 'p')
    if (hour !== undefined) return timePart(halfDay, hour, clues)
  }
  const clock = matchAt(CLOCK, text, start) ?? matchAt(MILITARY, text, start) ?? matchAt(ONLY_HOUR, text, start)
  if (clock !== undefined) return timePart(clock, Number(clock[1]), clues)
  const hours = matchAt(HOURS, text, start)
  if (hours?.[2] !== undefined && WRITES_HOURS.has(language)) return timePart(hours, Number(hours[1]), clues)
  const unsure = matchAt(DOTTED_CLOCK, text, start) ?? hours
  return unsure === undefined ? undefined : timePart(unsure, Number(unsure[1]), { ...clues, timeIsUnsure: true })
}

/** 13 PM is how some write 13:00; 0 PM and 13 AM are nothing. */
function hourOfDay(hour: number, isAfternoon: boolean): number | undefined {
  if (hour === 0) return undefined
  if (hour <= 12) return (hour % 12) + (isAfternoon ? 12 : 0)
  return isAfternoon ? hour : undefined
}

function timePart(match: RegExpExecArray, hour: number, clues: Clues): Part | undefined {
  const [all, , minutes = '0', seconds] = match
  const minute = Number(minutes)
  const second = /^\d+$/.test(seconds ?? '') ? Number(seconds) : 0
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return { clues: { ...clues, hour, minute, second }, end: match.index + all.length }
}

const NUMBER = /(\d{1,4})(?:st|nd|rd|th|er|º|ª|-го|-е|\.(?= ?\p{L}))?(?![\p{L}\d]|[.:/]\d)/iuy

/** "15 Dec 23" has a year, "Dec 15, 23 people" has none. */
const AFTER_MONTH = /\p{L}\.?[ '’-]{1,2}$/u

/** The day of a month that is named, or a year. */
function readNumber(text: string, start: number, clues: Clues): Part | undefined {
  const match = matchAt(NUMBER, text, start)
  if (match === undefined || clues.dayShift !== undefined) return undefined
  const [all, digits = ''] = match
  const end = start + all.length
  const value = Number(digits)
  if (digits.length <= 2 && clues.day === undefined) {
    return value >= 1 && value <= 31 ? { clues: { ...clues, day: value }, end } : undefined
  }
  const isYear = digits.length === 4 || (digits.length === 2 && AFTER_MONTH.test(text.slice(0, start)))
  if (!isYear || clues.year !== undefined || clues.month === undefined || all !== digits) return undefined
  return { clues: { ...clues, year: fullYear(digits) }, end }
}

const WORD = /\p{L}[\p{L}\p{M}]{0,30}(?:[-'’׳‑][\p{L}\p{M}]{1,30})?[.׳]?/uy
const MAX_ABBREVIATED = 5
const UNITS = new Set(['uhr', 'hrs', 'hours', 'h', 'ч', 'г', 'года', 'год', 'р', 'року'])
const DAYS: ReadonlyMap<string, number> = new Map([
  ...['today', 'heute', 'aujourdhui', 'hoy', 'oggi', 'hoje', 'сегодня', 'сьогодні'].map(word => [word, 0] as const),
  ...['yesterday', 'gestern', 'hier', 'ayer', 'ieri', 'ontem', 'вчера', 'вчора'].map(word => [word, -1] as const),
])

/** The name of a month or of a day, or a unit after a time or year. */
function readWord(text: string, start: number, clues: Clues, { names }: Reading): Part | undefined {
  const match = matchAt(WORD, text, start)
  if (match === undefined) return undefined
  const key = calendarKey(match[0])
  // "Sept. 5" is abbreviated, "on Monday. 5 people" is over.
  const end = start + (key.length > MAX_ABBREVIATED ? match[0].replace(/\.$/, '') : match[0]).length
  const month = names.months.get(key)
  if (month !== undefined && clues.month === undefined && clues.dayShift === undefined) {
    return { clues: { ...clues, month }, end }
  }
  const weekday = names.weekdays.get(key)
  if (weekday !== undefined && clues.weekday === undefined) return { clues: { ...clues, weekday }, end }
  const dayShift = DAYS.get(key)
  if (dayShift !== undefined && !hasDate(clues) && clues.day === undefined && clues.month === undefined) {
    return { clues: { ...clues, dayShift }, end }
  }
  if (!UNITS.has(key) || !(hasTime(clues) || clues.year !== undefined)) return undefined
  const { timeIsUnsure: _, ...sure } = clues
  return { clues: hasTime(clues) ? sure : clues, end }
}

const readers: readonly PartReader[] = [readNumericDate, readTime, readZone, readNumber, readWord]
