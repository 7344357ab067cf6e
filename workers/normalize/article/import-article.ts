import type { z } from 'zod'
import { idFromHeadline } from '../../../src/foundation/event-id.ts'
import type { ArticleImport, ArticleInput, ArticleUpdate } from '../../../src/protocol/article.ts'
import type { EventDraft } from '../../../src/protocol/event.ts'
import { splitSentences } from '../sentences.ts'
import { dropChrome, dropRepeats, dropRunTogether } from './drop-lines.ts'
import { findKeywords } from './find-keywords.ts'
import { findPicture } from './find-picture.ts'
import { findTitles, type Titles } from './find-titles.ts'
import { gatherUpdates } from './gather-updates.ts'
import { readHtmlLines } from './html-lines.ts'
import { languageOfPage } from './language-of-page.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type PageLine, readTextLines } from './page-line.ts'
import { readHeader } from './read-header.ts'
import { type PageParts, splitPage } from './split-page.ts'
import { warnAboutPlaces } from './warn-about-places.ts'

/**
 * Pure: the draft of an event and its updates that a copied page makes, with whatever an editor should look at. Every line
 * of the page that is not empty is in the drafts, or in `dropped` with the reason. It takes what ArticleInput allows, and
 * does not throw; times without a day, and days without a year, are taken nearest to `now`.
 *
 * A page is read as titles, description and keywords; its date; picture, caption and credit; and its text, line by line.
 */
export function importArticle(input: ArticleInput, now: Date): ArticleImport {
  return readArticle(input, now).article
}

/** The same, with what became of each line. Exported for tests. */
export function readArticle(input: ArticleInput, now: Date): { article: ArticleImport; ledger: Ledger } {
  const { lines, leftOut } = linesOf(input)
  const ledger = createLedger(lines)
  if (leftOut.length > 0) ledger.warn('left-out', `No draft can hold what the page has in ${leftOut.join(', ')}.`, [])
  const timeZone = input.timeZone ?? 'UTC'
  const inLanguage = input.inLanguage ?? languageOfPage(ledger)

  dropChrome(ledger, inLanguage)
  const page = splitPage(ledger, { timeZone, inLanguage, now })
  dropRunTogether(ledger)
  const keywords = findKeywords(ledger, page.before)
  const image = findPicture(ledger)
  const titles = findTitles(ledger, page.before)
  const { descriptionLines, ...header } = readHeader(ledger, page.before)
  const text = textLines(ledger, page)
  dropRepeats(ledger, text, descriptionLines)
  if (image?.caption !== undefined) warnAboutPlaces(ledger, image.caption, text.filter(ledger.isFree), inLanguage)
  const updates = gatherUpdates(ledger, page.times, page.happenedAt)
  warnAboutUpdates(ledger, page, updates)

  const event: z.input<typeof EventDraft> = {
    ...namesOf(ledger, titles, updates, inLanguage),
    ...header,
    status: 'scheduled',
    ...datesOf(ledger, page),
    timeZone,
    inLanguage,
    ...(image === undefined ? {} : { image }),
    keywords,
  }
  return { article: { event, updates, warnings: [...ledger.warnings], dropped: [...ledger.dropped] }, ledger }
}

function linesOf({ text, html, url }: ArticleInput) {
  return html === undefined ? { lines: readTextLines(text ?? ''), leftOut: [] } : readHtmlLines(html, url)
}

function textLines(ledger: Ledger, { times }: PageParts): PageLine[] {
  const onlyTimes = new Set(times.filter(({ isWholeLine }) => isWholeLine).map(({ line }) => line))
  return ledger.free().filter(line => !onlyTimes.has(line))
}

const UNTITLED = 'Untitled'
const MAX_HEADLINE_CHARS = 120

type Names = Pick<z.input<typeof EventDraft>, 'id' | 'headline' | 'alternativeHeadline'>

function namesOf(ledger: Ledger, titles: Titles, updates: readonly ArticleUpdate[], inLanguage: string): Names {
  const headline = titles.headline?.text ?? headlineFrom(updates, inLanguage)
  if (titles.headline === undefined) {
    ledger.warn('no-headline', `The page has no line that can be its headline: "${headline}" was taken.`, [])
  }
  const id = idFromHeadline(headline, '')
  const alternative = titles.alternativeHeadline?.text
  return {
    ...(id === '' ? {} : { id }),
    headline,
    ...(alternative === undefined ? {} : { alternativeHeadline: alternative }),
  }
}

/** The first sentence, cut on a word. */
function headlineFrom([first]: readonly ArticleUpdate[], inLanguage: string): string {
  const [sentence = UNTITLED] = splitSentences(first?.bodyText.slice(0, 1_000) ?? '', inLanguage)
  if (sentence.length <= MAX_HEADLINE_CHARS) return sentence
  const cut = sentence.slice(0, MAX_HEADLINE_CHARS).replace(/[\uD800-\uDBFF]$/, '')
  const space = cut.lastIndexOf(' ')
  return `${(space > 0 ? cut.slice(0, space) : cut).trimEnd()}…`
}

type Dates = Pick<z.input<typeof EventDraft>, 'datePublished' | 'coverageStartTime'>

/** Coverage begins with the earliest time on the page. */
function datesOf(ledger: Ledger, { date, times }: PageParts): Dates {
  const lines = date === undefined ? [] : [date.line]
  const moments = [date, ...times].flatMap(time => (time?.hasTime === true ? [time.at] : []))
  const start = moments.toSorted()[0] ?? date?.at
  if (date === undefined) {
    const detail = 'The page gives no date of its own.'
    ledger.warn('no-date', detail, [])
    return start === undefined ? {} : { coverageStartTime: start }
  }
  const what = date.hasTime ? date.at : `${date.at}, the beginning of the page's day,`
  ledger.warn('assumed-time', `${what} was taken as when it was published and coverage begins.`, lines)
  return { datePublished: date.at, coverageStartTime: start ?? date.at }
}

function warnAboutUpdates(
  ledger: Ledger,
  { date, happenedAt, times }: PageParts,
  updates: readonly ArticleUpdate[],
): void {
  const linesBy = new Map(ledger.lines.map(line => [line.number, line]))
  const linesIn = (some: readonly ArticleUpdate[]) =>
    some.flatMap(({ lines }) => lines.flatMap(number => linesBy.get(number) ?? []))
  if (updates.length === 0) {
    ledger.warn('no-updates', 'The page has no text that can be an update.', [])
    return
  }
  if (times.length === 0 && happenedAt !== undefined) {
    const detail = `The page gives a single time, ${happenedAt}: all updates have it.`
    ledger.warn('single-time', detail, linesIn(updates))
  }
  if (times.length === 0 && happenedAt === undefined) {
    const what = date === undefined ? 'no time' : 'only a day'
    ledger.warn('no-time', `The page gives ${what}: its updates happen when they are posted.`, linesIn(updates))
  }
  const firsts = updates.map(({ lines }) => lines[0] ?? 0)
  if (firsts.some((line, index) => line < (firsts[index - 1] ?? 0))) {
    ledger.warn('ordered-by-time', 'The updates were put into the order of their times.', linesIn(updates))
  }
}
