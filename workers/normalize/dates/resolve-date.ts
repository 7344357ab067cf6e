import { Temporal } from 'temporal-polyfill'
import { type Clues, hasDate, hasTime } from './date-clues.ts'
import { type Moment, readLocalTime } from './local-time.ts'
import type { WrittenZone } from './time-zones.ts'

/** Years that newsrooms write about to the minute; others are numbers of something else. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2199

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/**
 * The moment that the clues name, or undefined where there is no such day. What is left out is taken nearest to `near`
 * (RFC 3339). Throws RangeError for an unknown zone of the event.
 */
export function resolveDate(clues: Clues, { timeZone, near }: { timeZone: string; near: string }): Moment | undefined {
  const zone = clues.zone?.timeZone ?? timeZone
  const now = Temporal.Instant.from(near).toZonedDateTimeISO(zone).toPlainDateTime().toString()
  const day = dayOf(clues, Date.parse(`${now}Z`))
  if (day === undefined) return undefined
  const local = new Date(day + minutesOf(clues) * MINUTE_MS + (clues.second ?? 0) * 1_000).toISOString().slice(0, 19)
  const { at, warnings } = readLocalTime(local, zone)
  const doubts = [...clues.warnings, ...weekdayDoubt(clues, day), ...zoneDoubts(clues.zone, local, zone)]
  return { at, warnings: [...doubts, ...(hasTime(clues) ? warnings : [])] }
}

/** What is wrong with the weekday of a day, in a sentence, or undefined; the day as `2023-12-15`. */
export function weekdayDoubtOf(clues: Clues, near: string): { date: string; doubt: string | undefined } | undefined {
  const day = dayOf(clues, Date.parse(near))
  return day === undefined ? undefined : { date: dateIn(day), doubt: weekdayDoubt(clues, day)[0] }
}

/** Days here are the milliseconds at which they would begin in UTC, and `now` is what a clock shows, as if it were in UTC. */
function dayOf(clues: Clues, now: number): number | undefined {
  const { year, month, day, dayShift, weekday } = clues
  const today = now - (now % DAY_MS)
  if (dayShift !== undefined) return today + dayShift * DAY_MS
  if (hasDate(clues) && month !== undefined && day !== undefined) {
    const thisYear = new Date(now).getUTCFullYear()
    const years = year === undefined ? [thisYear - 1, thisYear, thisYear + 1] : [year]
    return nearest(
      years.flatMap(of => realDay(of, month, day)),
      clues,
      now,
    )
  }
  const days = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map(shift => today + shift * DAY_MS)
  return nearest(
    days.filter(of => weekday === undefined || weekdayOf(of) === weekday),
    clues,
    now,
  )
}

function realDay(year: number, month: number, day: number): number[] {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return []
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day > lastDay ? [] : [Date.UTC(year, month - 1, day)]
}

function nearest(days: readonly number[], clues: Clues, now: number): number | undefined {
  const away = (day: number) => Math.abs(day + minutesOf(clues) * MINUTE_MS - now)
  return days.toSorted((a, b) => away(a) - away(b))[0]
}

function minutesOf({ hour, minute }: Clues): number {
  return (hour ?? 0) * 60 + (minute ?? 0)
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** 1 (Monday) to 7, as ISO 8601 counts. */
function weekdayOf(day: number): number {
  return new Date(day).getUTCDay() || 7
}

function dateIn(day: number): string {
  return new Date(day).toISOString().slice(0, 10)
}

function weekdayDoubt({ weekday }: Clues, day: number): string[] {
  if (weekday === undefined || weekday === weekdayOf(day)) return []
  return [`${dateIn(day)} is a ${WEEKDAYS[weekdayOf(day) - 1]}, not a ${WEEKDAYS[weekday - 1]}.`]
}

/** People write EST in summer too, when clocks there show EDT. It is read as written, and told. */
function zoneDoubts(zone: WrittenZone | undefined, local: string, timeZone: string): string[] {
  if (zone === undefined) return []
  const doubts = zone.doubt === undefined ? [] : [zone.doubt]
  if (zone.usedIn === undefined) return doubts
  const time = Temporal.PlainDateTime.from(local)
  const there = time.toZonedDateTime(zone.usedIn).offset
  const written = time.toZonedDateTime(timeZone).offset
  if (there === written) return doubts
  return [...doubts, `${zone.abbreviation} is UTC${written}, but ${zone.usedIn} had UTC${there} then: read as written.`]
}
