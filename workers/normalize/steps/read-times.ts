import { linesOf, removeLines, runsOf, type TextLine } from '../body/text-of-blocks.ts'
import { type DateLine, readDateLine } from '../dates/read-date-line.ts'
import { describeRemoval } from '../describe-change.ts'
import type { NormalizationStep, StepContext, StepNote, StepResult } from '../step.ts'
import type { WorkingDraft } from '../working-draft.ts'
import { writeBody } from './write-body.ts'

/**
 * When it happened, from the first line of an update whose editor did not say it elsewhere. A line that says nothing else
 * leaves the text; other text stays as it is typed. Times without a day are of the day nearest to the first publication.
 *
 *     10:00 GMT 15.12.2023 / Talks begin.      ->  happenedAt 2023-12-15T10:00:00.000Z, text "Talks begin."
 *     13:05 / Minister arrives.                ->  13:05 in the event's zone, text "Minister arrives."
 *     13:05 – Minister arrives.                ->  13:05 in the event's zone, text as it is
 *     10:00 GMT / 11:30 GMT / 12:00 GMT        ->  a timetable: left alone, with a warning
 *     14.12.2023 / Talks begin.                ->  a day is no time: left alone, with a warning when it is another day
 */
export const readTimes: NormalizationStep = {
  name: 'times',
  takesAway: true,
  apply(draft, context) {
    const unchanged: StepResult = { draft, notes: [] }
    if (context.happenedAtGiven) return unchanged
    const lines = openingLines(draft)
    const first = lines[0] === undefined ? undefined : readLine(lines[0], context)
    if (lines[0] === undefined || first === undefined) return unchanged
    if (!first.hasTime) return { draft, notes: dayDoubt(lines[0], first, context) }
    if (!first.isWholeLine) return { draft: { ...draft, happenedAt: first.at }, notes: notesOf(draft, first) }
    return takeLines(draft, lines, first, context)
  },
}

/** The first lines; none when a quote, list, table or code comes first, or there is no number in it that could be a time. */
function openingLines({ blocks }: WorkingDraft): readonly TextLine[] {
  const [block] = blocks
  if (block?.kind !== 'element' || !PARAGRAPHS.has(block.name)) return []
  const opening = blocks.slice(0, MAX_OPENING_BLOCKS)
  if (!/\p{Nd}/u.test(runsOf(opening)[0]?.text ?? '')) return []
  const lines = linesOf(opening)
  const [line] = lines
  const isOwnText = line?.within.length === 1 && line.run === 0 && line.prose === line.text
  return isOwnText ? lines : []
}

/** A time is in the first line: of what follows, enough to see whether there are more of them. */
const MAX_OPENING_BLOCKS = 10
const PARAGRAPHS = new Set(['p', 'h2', 'h3', 'h4'])

function readLine({ text }: TextLine, { timeZone, inLanguage, datePublished }: StepContext): DateLine | undefined {
  return readDateLine(text, { timeZone, inLanguage, near: datePublished })
}

/** All date lines at the top go when they mean the same moment, and something is left to publish. */
function takeLines(draft: WorkingDraft, lines: readonly TextLine[], first: DateLine, context: StepContext): StepResult {
  const count = countDateLines(lines, first, context)
  if (count === undefined) {
    const warning = `The text begins with several times (${lines[0]?.text}, ${lines[1]?.text}): none was taken.`
    return { draft, notes: [{ warning }] }
  }
  const dated = { ...draft, happenedAt: first.at }
  if (count === lines.length && draft.media.length + draft.embeds.length === 0) {
    return { draft: dated, notes: notesOf(draft, first) }
  }
  const taken = lines.slice(0, count)
  const rest = writeBody.apply({ ...dated, blocks: removeLines(draft.blocks, taken) }, context)
  const removals = taken.map(({ text }) => describeRemoval('body', text))
  return { draft: rest.draft, notes: [...notesOf(draft, first), ...removals] }
}

/** How many lines at the top mean this moment; undefined when they are a timetable. */
function countDateLines(lines: readonly TextLine[], first: DateLine, context: StepContext): number | undefined {
  for (const [i, line] of lines.entries()) {
    const read = readLine(line, context)
    if (read?.isWholeLine !== true) return i
    if (read.at !== first.at || !read.hasTime || i >= MAX_DATE_LINES) return undefined
  }
  return lines.length
}

/** One moment is not said more often than that, in as many ways. */
const MAX_DATE_LINES = 5

function notesOf({ happenedAt }: WorkingDraft, { at, warnings }: DateLine): StepNote[] {
  const changed = at === happenedAt ? [] : [{ before: `happenedAt: ${happenedAt}`, after: `happenedAt: ${at}` }]
  return [...changed, ...warnings.map(warning => ({ warning }))]
}

const DAY_MS = 24 * 3_600_000

function dayDoubt({ text }: TextLine, { at, isWholeLine }: DateLine, { datePublished }: StepContext): StepNote[] {
  const sincePublished = Date.parse(datePublished) - Date.parse(at)
  if (!isWholeLine || (sincePublished >= 0 && sincePublished < DAY_MS)) return []
  return [{ warning: `"${text}" names a day and no time: happenedAt was left as it is.` }]
}
