import { calendarNames } from './calendar-names.ts'
import { type Clues, hasDate, hasTime, isComplete } from './date-clues.ts'
import { type Part, type Reading, readPart } from './date-parts.ts'
import { resolveDate } from './resolve-date.ts'

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
  const reading: Reading = {
    timeZone: context.timeZone,
    language: context.inLanguage.split('-', 1)[0]?.toLowerCase() ?? '',
    monthFirst: /-us\b/i.test(context.inLanguage),
    names: calendarNames(context.inLanguage),
  }
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

/** Digits of Arabic and Persian as 0 to 9, every space as one, direction marks as spaces: each character keeps its place. */
function flatten(text: string): string {
  return text
    .replace(/[\u0660-\u0669]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\s\u200e\u200f\u061c\u2066-\u2069]/g, ' ')
}

/** The places where the line may be cut: what was read until there hangs together. */
function readParts(line: string, start: number, reading: Reading): Part[] {
  const complete: Part[] = []
  let part: Part | undefined = { clues: { warnings: [] }, end: start }
  while (part !== undefined) {
    part = nextPart(line, part, reading)
    if (part !== undefined && isComplete(part.clues)) complete.push(part)
  }
  return complete
}

const BETWEEN = /[ ,،;|•·()[\]@/–—-]{0,8}/y
const FILLER = /\p{L}{1,5}/uy
const FILLERS = new Set(
  'at on of the um den à le el la las los de del a alle ore il em às в во о об у dated'.split(' '),
)

function nextPart(line: string, { clues, end }: Part, reading: Reading): Part | undefined {
  // Before dashes are passed over: one right after a time may be an offset's sign.
  const adjacent = hasTime(clues) ? readPart(line, skipSpace(line, end), clues, reading) : undefined
  if (adjacent !== undefined) return adjacent
  let start = end
  for (let words = 0; words < 4; words++) {
    const isIso = start === end && /^T\d/.test(line.slice(end)) && clues.day !== undefined
    start = isIso ? end + 1 : skip(BETWEEN, line, start)
    const part = readPart(line, start, isIso ? { ...clues, isIso: true } : clues, reading)
    if (part !== undefined) return part
    const after = skip(FILLER, line, start)
    const filler = line.slice(start, after)
    if (filler === '' || /\p{L}/u.test(line.charAt(after))) return undefined
    // "11:00 am 15. Dezember": on that day.
    const isGermanAm = filler === 'am' && reading.language === 'de'
    if (!FILLERS.has(filler.toLowerCase()) && !isGermanAm) return undefined
    start = after
  }
  return undefined
}

function skip(expression: RegExp, line: string, start: number): number {
  expression.lastIndex = start
  return start + (expression.exec(line)?.[0].length ?? 0)
}

function skipSpace(line: string, start: number): number {
  return line.charAt(start) === ' ' ? start + 1 : start
}

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
