import { calendarKey } from '../dates/calendar-names.ts'
import { type Clues, hasDate } from '../dates/date-clues.ts'
import type { Reading } from '../dates/part.ts'
import { weekdayDoubtOf } from '../dates/resolve-date.ts'
import { flatten, readingOf, readParts } from '../dates/walk-parts.ts'

interface Where {
  readonly inLanguage: string
  /** Days without a year are taken nearest to this: RFC 3339, UTC. */
  readonly near: string
}

/** Weekdays that are looked at. */
const MAX_WEEKDAYS = 20
/** No date that belongs to a weekday is farther away. */
const MAX_CHARS = 50
/** A day without a year is surely this year's when it is no farther away. */
const SURE_DAYS = 60

const WORD = /\p{L}[\p{L}\p{M}'’-]{1,20}/gu

/**
 * Weekdays that do not fit the date beside them, before or after. One that fits either is right. Pure.
 *
 *     'on Monday, 15 December 2023'            ->  ['2023-12-15 is a Friday, not a Monday.']
 *     '15 December 2023 (Monday)'              ->  the same
 *     'Friday, 15 December, Saturday, 16 ...'  ->  []
 *     'Monday, 15 people'                      ->  []
 */
export function weekdayDoubts(text: string, { inLanguage, near }: Where): string[] {
  if (!/\d/.test(text)) return []
  const reading = readingOf({ timeZone: 'UTC', inLanguage })
  const isWeekday = (word: string) => reading.names.weekdays.has(calendarKey(word))
  if (!text.match(WORD)?.some(isWeekday)) return []
  const weekdays = [...text.matchAll(WORD)].filter(({ 0: word }) => isWeekday(word)).slice(0, MAX_WEEKDAYS)
  const doubts = weekdays.flatMap(({ 0: word, index }) => {
    const days = [dateAfter(text, index, reading), dateBefore(text, index, word, reading)].flatMap(clues => {
      const day = clues === undefined ? undefined : weekdayDoubtOf(clues, near)
      return day === undefined || (clues?.year === undefined && !isClose(day.date, near)) ? [] : [day]
    })
    const doubt = days[0]?.doubt
    return doubt === undefined || days.some(day => day.doubt === undefined) ? [] : [doubt]
  })
  return [...new Set(doubts)]
}

function dateAfter(text: string, start: number, reading: Reading): Clues | undefined {
  return dated(readParts(lineOf(text.slice(start, start + MAX_CHARS)), 0, reading).at(-1)?.clues)
}

/** From each number before the weekday on: the first reading that reaches it. */
function dateBefore(text: string, start: number, weekday: string, reading: Reading): Clues | undefined {
  const from = Math.max(text.lastIndexOf('\n', start) + 1, start - MAX_CHARS)
  const line = flatten(text.slice(from, start + weekday.length))
  for (const { index } of line.matchAll(/(?<![\d.,:/-])\d/g)) {
    const last = readParts(line, index, reading).at(-1)
    if (last !== undefined && last.end === line.length && dated(last.clues) !== undefined) return last.clues
  }
  return undefined
}

function dated(clues: Clues | undefined): Clues | undefined {
  return clues?.weekday !== undefined && hasDate(clues) && clues.dayShift === undefined ? clues : undefined
}

function lineOf(text: string): string {
  return flatten(text.split('\n', 1)[0] ?? '')
}

function isClose(date: string, near: string): boolean {
  return Math.abs(Date.parse(date) - Date.parse(near)) <= SURE_DAYS * 24 * 3_600_000
}
