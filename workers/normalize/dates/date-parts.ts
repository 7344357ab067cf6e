import { type CalendarNames, calendarKey } from './calendar-names.ts'
import { type Clues, hasDate, hasTime } from './date-clues.ts'
import { zoneOfAbbreviation, zoneOfCity, zoneOfName } from './time-zones.ts'

/** A part of a date line that was read: what it says, and where it ends. */
export interface Part {
  readonly clues: Clues
  readonly end: number
}

export interface Reading {
  /** The event's zone (IANA). */
  readonly timeZone: string
  /** The event's language without its region, as `fr`. */
  readonly language: string
  /** Whether 5/12 is the 12th of May. */
  readonly monthFirst: boolean
  readonly names: CalendarNames
}

type PartReader = (text: string, start: number, clues: Clues, reading: Reading) => Part | undefined

/** Reads the part that begins at `start`; undefined when nothing of a date begins there. */
export function readPart(text: string, start: number, clues: Clues, reading: Reading): Part | undefined {
  for (const read of readers) {
    const part = read(text, start, clues, reading)
    if (part !== undefined) return part
  }
  return undefined
}

/** Matches a sticky expression at a place. */
function matchAt(expression: RegExp, text: string, start: number): RegExpExecArray | undefined {
  expression.lastIndex = start
  return expression.exec(text) ?? undefined
}

const YEAR_FIRST = /(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?!\d)/y
const NUMERIC = /(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?![\d:]|[./-]\d)/y

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

const OFFSET = /(?:(?:UTC|GMT) ?)?([+−-])(\d{1,2})(?::?(\d\d))?(?![\d:])/y
const IANA = /[A-Za-z_]{2,32}(?:\/[A-Za-z_+\d-]{1,32}){1,2}/y
const CITY_TIME = /(?:(?:heure de|hora de|ora di) )?(\p{L}{2,20}(?: \p{L}{2,20})?)(?: time)?(?!\p{L})/uy
const LOCAL_TIME = /local time\b|Ortszeit\b|heure locale\b|hora local\b|ora locale\b|(?:по )?местно(?:му|е) времени?/iy
const MOSCOW_TIME = /по (?:московскому времени|Москве|мск)/iy
const KYIV_TIME = /(?:по киевскому времени|по Киеву|за київським часом|за Києвом)/iy
const ABBREVIATION = /\p{L}{1,5}(?![\p{L}\d])/uy

function readZone(text: string, start: number, clues: Clues, { timeZone }: Reading): Part | undefined {
  if (!hasTime(clues)) return undefined
  const zonePart = (zone: Clues['zone'], end: number): Part | undefined =>
    zone === undefined || clues.zone !== undefined ? undefined : { clues: { ...clues, zone }, end }

  const offset = matchAt(OFFSET, text, start)
  if (offset !== undefined) {
    const zone = readOffset(offset, clues)
    if (zone !== undefined) return zonePart({ timeZone: zone }, start + offset[0].length)
  }
  const fixed: readonly (readonly [RegExp, string])[] = [
    [LOCAL_TIME, timeZone],
    [MOSCOW_TIME, 'Europe/Moscow'],
    [KYIV_TIME, 'Europe/Kyiv'],
  ]
  for (const [expression, zone] of fixed) {
    const match = matchAt(expression, text, start)
    if (match !== undefined) return zonePart({ timeZone: zone }, start + match[0].length)
  }
  const named = matchAt(IANA, text, start)
  if (named !== undefined) return zonePart(zoneOfName(named[0]), start + named[0].length)
  const abbreviation = matchAt(ABBREVIATION, text, start)
  const zone = abbreviation === undefined ? undefined : zoneOfAbbreviation(abbreviation[0], timeZone)
  if (abbreviation !== undefined && zone !== undefined) {
    const end = start + abbreviation[0].length
    // "+0000 (UTC)": said twice, once for people.
    return clues.zone === undefined ? zonePart(zone, end) : { clues, end }
  }
  const city = matchAt(CITY_TIME, text, start)
  if (city === undefined || !/ time$|^h|^o/.test(city[0])) return undefined
  return zonePart(zoneOfCity((city[1] ?? '').replace(/ time$/, '')), start + city[0].length)
}

/** A bare sign may be a dash between two times: it is an offset after an ISO time, with four digits, or when it is a plus. */
function readOffset([all, sign = '', hours = '', minutes]: RegExpExecArray, clues: Clues): string | undefined {
  const isNamed = /^[UG]/.test(all)
  const isSure = isNamed || clues.isIso === true || (sign === '+' && hours.length === 2) || /^.\d{4}$/.test(all)
  if (!isSure || Number(hours) > 14 || Number(minutes ?? 0) > 59) return undefined
  return `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes ?? '00'}`
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
  const end = start + match[0].length
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
