import { type Clues, hasDate, hasTime } from './date-clues.ts'
import { readPart } from './date-parts.ts'
import type { Part, Reading } from './part.ts'
import { resolveDate } from './resolve-date.ts'
import { BETWEEN, flatten, readingOf, readParts, skip } from './walk-parts.ts'

/** A line of dates is short: longer ones are looked at no further than this. */
const MAX_CHARS = 160

export interface DateLineContext {
  /** The event's zone (IANA): for times that name none. */
  readonly timeZone: string
  /** The event's language (BCP 47): its names of months, and en-US has the month first. */
  readonly inLanguage: string
  /** What times without a day, and days without a year, are taken nearest to: RFC 3339, UTC. */
  readonly near: string
}

export interface DateLine {
  /** UTC, RFC 3339 with milliseconds. Without a time, the day's beginning in the event's zone. */
  readonly at: string
  /** Whether the line itself names a day. */
  readonly hasDate: boolean
  readonly hasTime: boolean
  /** Whether the line itself names a zone or an offset. */
  readonly hasZone: boolean
  /** What is unsure about it, in sentences. */
  readonly warnings: readonly string[]
  /** The line says when, and nothing else. */
  readonly isWholeLine: boolean
  /** How many characters at its beginning say when. */
  readonly length: number
}

/**
 * Reads a line that says when, or begins with a time or date and a separator. Undefined for every other line, and for one
 * with a part that is not understood: a zone that nobody knows never becomes the event's own. Pure.
 *
 *     10:00 GMT 15.12.2023                       ->  2023-12-15T10:00:00.000Z
 *     15 Dec 2023, 13:00 MSK                     ->  2023-12-15T10:00:00.000Z
 *     Dec. 15, 2023 5:00 AM ET                   ->  2023-12-15T10:00:00.000Z
 *     Fri, 15 Dec 2023 10:00:00 +0000            ->  2023-12-15T10:00:00.000Z
 *     10:00 Europe/Kyiv 15.12.2023               ->  2023-12-15T08:00:00.000Z
 *     13:05 in Europe/Moscow                     ->  10:05 UTC of the day nearest to `near`
 *     13:05 – Minister arrives                   ->  the same, isWholeLine false, length 5
 *     5/12/2023 in en-GB                         ->  5 December, with a warning; 12 May in en-US
 */
export function readDateLine(text: string, context: DateLineContext): DateLine | undefined {
  const line = flatten(text.slice(0, MAX_CHARS))
  if (!/\d/.test(line)) return undefined
  const reading = readingOf(context)
  const start = LABEL.exec(line)?.[0].length ?? 0
  const parts = readParts(line, start, reading)
  const last = parts.at(-1)
  if (last === undefined) return undefined
  if (text.length <= MAX_CHARS && (isEnd(line, last.end) || isUpdateOf(line, last.end, context))) {
    return toDateLine(last, context, true)
  }
  if (start > 0) return undefined
  const heading = parts.findLast(part => separates(line, part.end, reading))
  return heading === undefined ? undefined : toDateLine(heading, context, false)
}

const LABEL =
  /^ ?(?:(?:first |last )?(?:published|posted|updated|modified)|date|veröffentlicht|aktualisiert|stand|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|опубликовано|обновлено|опубліковано|оновлено)(?: on| at| le| el| il| am)?(?: ?:)? (?=.)/i

function isEnd(line: string, end: number): boolean {
  return /^[ .,;:)\]]{0,8}$/.test(line.slice(end))
}

/** "10:00 GMT 15.12.2023 (Updated: 13:46 GMT 18.01.2024)": the first one is when. */
function isUpdateOf(line: string, end: number, context: DateLineContext): boolean {
  const rest = line.slice(skip(BETWEEN, line, end))
  return LABEL.test(rest) && readDateLine(rest, context)?.isWholeLine === true
}

/** A dash, colon or bracket, with words after it: not another time, for then it is a span. */
function separates(line: string, end: number, reading: Reading): boolean {
  const match = /^[)\]]? ?(?:[–—|•·:-]|(?<=[)\]] ?))(?= ?\S) ?/.exec(line.slice(end))
  if (match === null) return false
  const start = end + match[0].length
  return readPart(line, start, NOTHING_KNOWN, reading)?.clues.hour === undefined
}

const NOTHING_KNOWN: Clues = { warnings: [] }

function toDateLine({ clues, end }: Part, context: DateLineContext, isWholeLine: boolean): DateLine | undefined {
  const moment = resolveDate(clues, context)
  if (moment === undefined) return undefined
  return {
    at: moment.at,
    hasDate: hasDate(clues) || clues.weekday !== undefined,
    hasTime: hasTime(clues),
    hasZone: clues.zone !== undefined,
    warnings: moment.warnings,
    isWholeLine,
    length: end,
  }
}
