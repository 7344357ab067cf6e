import { Temporal } from 'temporal-polyfill'
import { type Clues, hasDate, hasTime } from './date-clues.ts'
import { type Moment, readLocalTime } from './local-time.ts'
import type { WrittenZone } from './time-zones.ts'

/** Years that newsrooms write about to the minute; others are numbers of something else. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2199

interface Near {
  readonly timeZone: string
  readonly near: string
}

/** The moment that the clues name, or undefined where there is no such day. Throws RangeError for an unknown event zone. */
export function resolveDate(clues: Clues, { timeZone, near }: Near): Moment | undefined {
  const zone = clues.zone?.timeZone ?? timeZone
  const now = Temporal.Instant.from(near).toZonedDateTimeISO(zone)
  const time = new Temporal.PlainTime(clues.hour ?? 0, clues.minute ?? 0, clues.second ?? 0)
  const date = dateOf(clues, now, time)
  if (date === undefined || date.year < FIRST_YEAR || date.year > LAST_YEAR) return undefined
  const local = date.toPlainDateTime(time)
  const { at, warnings } = readLocalTime(local.toString(), zone)
  const doubts = [...clues.warnings, ...weekdayDoubt(clues, date), ...zoneDoubts(clues.zone, local, zone)]
  return { at, warnings: [...doubts, ...(hasTime(clues) ? warnings : [])] }
}

/** The same for a day alone, in UTC: what is wrong with its weekday, in a sentence, or undefined. */
export function weekdayDoubtOf(clues: Clues, near: string): { date: string; doubt: string | undefined } | undefined {
  const now = Temporal.Instant.from(near).toZonedDateTimeISO('UTC')
  const date = dateOf(clues, now, new Temporal.PlainTime())
  return date === undefined ? undefined : { date: date.toString(), doubt: weekdayDoubt(clues, date)[0] }
}

function dateOf(clues: Clues, now: Temporal.ZonedDateTime, time: Temporal.PlainTime): Temporal.PlainDate | undefined {
  const { year, month, day, dayShift, weekday } = clues
  const today = now.toPlainDate()
  if (dayShift !== undefined) return today.add({ days: dayShift })
  if (hasDate(clues) && month !== undefined && day !== undefined) {
    const years = year === undefined ? [today.year - 1, today.year, today.year + 1] : [year]
    return nearest(
      years.flatMap(of => realDate(of, month, day)),
      now,
      time,
    )
  }
  const days = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map(day => today.add({ days: day }))
  return nearest(
    days.filter(date => weekday === undefined || date.dayOfWeek === weekday),
    now,
    time,
  )
}

function realDate(year: number, month: number, day: number): Temporal.PlainDate[] {
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  return isReal ? [new Temporal.PlainDate(year, month, day)] : []
}

function nearest(
  dates: readonly Temporal.PlainDate[],
  now: Temporal.ZonedDateTime,
  time: Temporal.PlainTime,
): Temporal.PlainDate | undefined {
  const wall = minutesOf(now, now)
  const away = (date: Temporal.PlainDate) => Math.abs(minutesOf(date, time) - wall)
  return dates.toSorted((a, b) => away(a) - away(b))[0]
}

/** Minutes on a clock that never goes forward or back. */
function minutesOf(
  { year, month, day }: Pick<Temporal.PlainDate, 'year' | 'month' | 'day'>,
  { hour, minute }: Pick<Temporal.PlainTime, 'hour' | 'minute'>,
): number {
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function weekdayDoubt({ weekday }: Clues, date: Temporal.PlainDate): string[] {
  if (weekday === undefined || weekday === date.dayOfWeek) return []
  return [`${date.toString()} is a ${WEEKDAYS[date.dayOfWeek - 1]}, not a ${WEEKDAYS[weekday - 1]}.`]
}

/** People write EST in summer too, when clocks there show EDT. It is read as written, and told. */
function zoneDoubts(zone: WrittenZone | undefined, local: Temporal.PlainDateTime, timeZone: string): string[] {
  if (zone === undefined) return []
  const doubts = zone.doubt === undefined ? [] : [zone.doubt]
  if (zone.usedIn === undefined) return doubts
  const there = local.toZonedDateTime(zone.usedIn).offset
  const written = local.toZonedDateTime(timeZone).offset
  if (there === written) return doubts
  return [...doubts, `${zone.abbreviation} is UTC${written}, but ${zone.usedIn} had UTC${there} then: read as written.`]
}
