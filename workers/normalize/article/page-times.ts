import { readText } from '../body/tree-text.ts'
import { type DateLine, readDateLine } from '../dates/read-date-line.ts'
import { cleanLine } from '../text-cleaning.ts'
import type { PageLine } from './page-line.ts'

/** A line that says when, or begins with it. */
export interface PageTime extends Omit<DateLine, 'length'> {
  readonly line: PageLine
  /** It tells when the page was changed, not when something was. */
  readonly isOfChange: boolean
}

export interface PageClock {
  readonly timeZone: string
  readonly inLanguage: string
  readonly now: Date
}

/** Further times are text: no page has as many. */
const MAX_TIMES = 500
const HALF_DAY_MS = 12 * 3_600_000

/**
 * Pure: the times of a page by their lines, in order. What lacks its day is on the day nearest to the time before it, so
 * that a page may go past midnight, in either direction. A time right before words (`13:05 Minister arrives`) counts
 * where there are several, for then it is how the page writes times.
 */
export function readPageTimes(lines: readonly PageLine[], clock: PageClock): PageTime[] {
  const bare = lines.filter(({ text }) => BARE_TIME.test(text)).length
  const times = readTimes(lines, clock, false)
  const sure = times.filter(({ hasTime, hasDate, isWholeLine }) => hasTime && !(hasDate && isWholeLine)).length
  return bare > 0 && bare + sure > 1 ? readTimes(lines, clock, true) : times
}

function readTimes(
  lines: readonly PageLine[],
  { timeZone, inLanguage, now }: PageClock,
  bareCounts: boolean,
): PageTime[] {
  const times: PageTime[] = []
  let near = now.toISOString()
  for (const line of lines) {
    if (times.length === MAX_TIMES) break
    const text = bareCounts ? line.text.replace(BARE_TIME, time => `${time.replace(/^(\d+)\./, '$1:')} –`) : line.text
    const read = timeElement(line) ?? readDateLine(text, { timeZone, inLanguage, near })
    if (read === undefined) continue
    const isOfChange = CHANGED.test(line.text)
    times.push({ line, isOfChange, ...read })
    if (!isOfChange && (read.hasDate || read.hasTime)) near = read.hasTime ? read.at : middleOfDay(read.at)
  }
  return times
}

/** At the beginning of a line, with a capital letter or a quotation mark behind it. */
const BARE_TIME = /^\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|[A-Z]{1,4}T|MSK|Uhr))?(?= ["'“„«‘]?\p{Lu}\p{Ll})/u

const CHANGED =
  /^\P{L}{0,3}(?:last )?(?:updated|modified|aktualisiert|geändert|mis à jour|modifié|actualizado|aggiornato|обновлено|изменено|оновлено)/iu

function middleOfDay(beginning: string): string {
  return new Date(Date.parse(beginning) + HALF_DAY_MS).toISOString()
}

/** `<time datetime="2023-12-15T10:00:00Z">noon</time>` at the beginning of a line says more than its words. */
function timeElement({ text, html }: PageLine): Omit<DateLine, 'length'> | undefined {
  const first = html?.node.children[0]
  if (first?.kind !== 'element' || first.name !== 'time') return undefined
  const datetime = first.attributes['datetime'] ?? ''
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/i.test(datetime)) return undefined
  const at = new Date(datetime)
  if (Number.isNaN(at.getTime())) return undefined
  const isWholeLine = cleanLine(readText([first])) === text
  return { at: at.toISOString(), hasDate: true, hasTime: true, hasZone: true, warnings: [], isWholeLine }
}
