import type { Ledger } from './ledger.ts'
import { endsSentence, type PageLine, titleKey } from './page-line.ts'
import { type PageClock, type PageTime, readPageTimes } from './page-times.ts'

export interface PageParts {
  /** Titles, description and such: the lines before the text. */
  readonly before: readonly PageLine[]
  /** When the page says that it was published. */
  readonly date?: PageTime
  /** The same, when it says more than the day. */
  readonly happenedAt?: string
  /** Lines of the text with times of their own. */
  readonly times: readonly PageTime[]
}

/** A longer first line is text, and no title. */
const MAX_TITLE_CHARS = 120

/** Where a page's head ends and its text begins, and which times it tells. Lines about the page's own date are used. */
export function splitPage(ledger: Ledger, clock: PageClock): PageParts {
  const times = readPageTimes(ledger.free(), clock)
  const dates = times.filter(time => time.isWholeLine && time.hasDate)
  const date = dates.find(time => time.hasTime && !time.isOfChange) ?? dates.find(time => !time.isOfChange) ?? dates[0]
  const own = times.filter(time => time !== date && isOwn(time, date))
  const beginsText = date !== undefined && isTimeOfText(ledger, date, own)
  for (const time of dates) {
    if (time === date) {
      if (!beginsText) ledger.use(time.line)
    } else if (time.isOfChange) ledger.drop(time.line, 'time of a change')
    else if (!own.includes(time)) ledger.drop(time.line, `repeat of line ${date?.line.number}`)
  }
  for (const { line, warnings } of times) for (const detail of warnings) ledger.warn('time', detail, [line])
  const zoneless = times.filter(({ hasTime, hasZone }) => hasTime && !hasZone)
  if (zoneless.length > 0) {
    const detail = `Times without a zone were read in ${clock.timeZone}.`
    ledger.warn(
      'assumed-zone',
      detail,
      zoneless.map(({ line }) => line),
    )
  }

  const first = date ?? own[0]
  const before = linesBefore(ledger, own[0] !== undefined && first !== undefined ? earlier(first, own[0]) : first)
  const isAhead = new Set(before)
  return {
    before,
    ...(date === undefined ? {} : { date }),
    ...(date?.hasTime === true ? { happenedAt: date.at } : {}),
    times: (beginsText ? [date, ...own] : own).filter(({ line }) => ledger.isFree(line) && !isAhead.has(line)),
  }
}

/** Not the page's date given again, nor a day before words, which is no time. */
function isOwn({ at, hasTime, isWholeLine, isOfChange }: PageTime, date: PageTime | undefined): boolean {
  if (isOfChange) return false
  return isWholeLine ? at !== date?.at : hasTime
}

/** Where every paragraph has a full date, the first one is no more the page's than the others. */
function isTimeOfText({ lines }: Ledger, date: PageTime, own: readonly PageTime[]): boolean {
  const next = lines[lines.indexOf(date.line) + 1]
  return own.some(time => time.isWholeLine && time.hasDate) && next !== undefined && endsSentence(next.text)
}

function earlier(a: PageTime, b: PageTime): PageTime {
  return a.line.number < b.line.number ? a : b
}

/** The lines before the first time, as long as text follows it; else up to the headline's last copy; else the titles. */
function linesBefore(ledger: Ledger, first: PageTime | undefined): PageLine[] {
  const free = ledger.lines.filter(line => ledger.isFree(line) || line === first?.line)
  const isText = (line: PageLine) => line !== first?.line && endsSentence(line.text)
  const at = first === undefined ? -1 : free.indexOf(first.line)
  const hasText = (from: number) => free.some((line, index) => index >= from && isText(line))
  if (at > 0 && (hasText(at + 1) || first?.isWholeLine === false)) return free.slice(0, at)
  const copies = lastCopyOfRepeated(free)
  if (copies > 0 && hasText(copies + 1)) return free.slice(0, copies + 1)
  const text = free.findIndex(isText)
  if (text > 0) return free.slice(0, text)
  const [title] = free
  return title !== undefined && free.length > 1 && title.text.length <= MAX_TITLE_CHARS ? [title] : []
}

function lastCopyOfRepeated(lines: readonly PageLine[]): number {
  const places = new Map<string, number[]>()
  for (const [index, { text }] of lines.entries()) {
    const key = titleKey(text)
    const known = places.get(key)
    if (known === undefined) places.set(key, [index])
    else known.push(index)
  }
  const repeated = [...places.values()].filter(({ length }) => length > 1)
  return repeated.toSorted((a, b) => b.length - a.length)[0]?.at(-1) ?? -1
}
