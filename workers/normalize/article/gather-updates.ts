import type { ArticleUpdate } from '../../../src/protocol/article.ts'
import { MAX_HTML_BYTES } from '../../../src/protocol/update.ts'
import { type ElementNode, element, type HtmlNode, writeHtml } from '../body/html-tree.ts'
import type { Ledger } from './ledger.ts'
import { endsSentence, type PageLine } from './page-line.ts'
import type { PageTime } from './page-times.ts'

/** A longer line is no heading of the paragraph behind it. */
const MAX_HEADING_CHARS = 80

interface Block {
  /** The line that is nothing but its time. */
  readonly time?: PageLine
  readonly happenedAt?: string
  /** It begins with a time of its own. */
  readonly isTimed: boolean
  /** Whether a line without a time of its own goes on with it. */
  takesMore: boolean
  readonly lines: PageLine[]
}

/**
 * The updates among the free lines, in the order of their times, which equal ones keep. Where paragraphs carry times, a
 * time begins an update; elsewhere each line is one. Items of a list, rows of a table and lines of a quote stay together,
 * and a heading stays with the paragraph behind it.
 *
 * `times` are the lines' own times; `pageTime` is when the page says that it all happened.
 */
export function gatherUpdates(
  ledger: Ledger,
  times: readonly PageTime[],
  pageTime: string | undefined,
): ArticleUpdate[] {
  const blocks = blocksOf(ledger, new Map(times.map(time => [time.line, time])), pageTime)
  for (const { time, lines } of blocks) {
    if (time !== undefined && lines.length === 0) ledger.drop(time, 'time without text')
  }
  const filled = blocks.filter(({ lines }) => lines.length > 0)
  for (const { time, lines } of filled) ledger.use(...(time === undefined ? [] : [time]), ...lines)
  return byTime(filled).map(toUpdate)
}

function blocksOf(ledger: Ledger, times: ReadonlyMap<PageLine, PageTime>, pageTime: string | undefined): Block[] {
  const blocks: Block[] = []
  const carriesTimes = times.size > 1
  let happenedAt = pageTime
  const free = ledger.free()
  for (const [index, line] of free.entries()) {
    const time = times.get(line)
    if (time !== undefined) happenedAt = time.hasTime ? time.at : happenedAt
    const at = happenedAt === undefined ? {} : { happenedAt }
    const last = blocks.at(-1)
    if (time?.isWholeLine === true && !time.hasTime) ledger.use(line)
    else if (time?.isWholeLine === true) blocks.push({ time: line, ...at, isTimed: true, takesMore: true, lines: [] })
    else if (time !== undefined) blocks.push({ ...at, isTimed: true, takesMore: carriesTimes, lines: [line] })
    else if (last !== undefined && (last.takesMore || goesOn(last.lines, line))) {
      last.lines.push(line)
      last.takesMore &&= carriesTimes
    } else {
      const next = free[index + 1]
      const isHeading = next !== undefined && !times.has(next) && isHeadingOf(line, next)
      blocks.push({ ...at, isTimed: false, takesMore: isHeading, lines: [line] })
    }
  }
  return blocks
}

/** The next item of the same list, or line of the same paragraph's whole. */
function goesOn(lines: readonly PageLine[], line: PageLine): boolean {
  const whole = line.html?.whole
  return whole !== undefined && lines.at(-1)?.html?.whole === whole
}

function isHeadingOf(line: PageLine, next: PageLine): boolean {
  if (line.html?.role === 'heading') return next.html?.role !== 'heading'
  return line.text.length <= MAX_HEADING_CHARS && !endsSentence(line.text) && endsSentence(next.text)
}

/** Oldest first. A page that is newest first is turned round, so that equal times are in posting order, too. */
function byTime(blocks: readonly Block[]): Block[] {
  const moments = blocks.map(({ happenedAt = '' }) => happenedAt)
  const steps = moments.slice(1).map((moment, index) => moment.localeCompare(moments[index] ?? ''))
  const isNewestFirst = steps.filter(step => step < 0).length > steps.filter(step => step > 0).length
  const ordered = isNewestFirst ? runsOf(blocks).toReversed().flat() : blocks
  return ordered.toSorted((a, b) => (a.happenedAt ?? '').localeCompare(b.happenedAt ?? ''))
}

/** Paragraphs without times of their own were written in the order in which they stand, on any page. */
function runsOf(blocks: readonly Block[]): Block[][] {
  const runs: Block[][] = []
  let isOpen = false
  for (const block of blocks) {
    if (isOpen && !block.isTimed) runs.at(-1)?.push(block)
    else runs.push([block])
    isOpen = !block.isTimed
  }
  return runs
}

function toUpdate({ time, happenedAt, lines }: Block): ArticleUpdate {
  const bodyText = lines.map(({ text }) => text).join('\n')
  return {
    ...bodyOf(lines),
    bodyText,
    ...(happenedAt === undefined ? {} : { happenedAt }),
    lines: [...(time === undefined ? [] : [time]), ...lines].map(({ number }) => number),
  }
}

/** HTML only where it says more than its words. */
function bodyOf(lines: readonly PageLine[]): Pick<ArticleUpdate, 'body' | 'bodyFormat'> {
  const text = { body: lines.map(({ raw }) => raw).join('\n\n'), bodyFormat: 'text' } as const
  if (!lines.some(hasMarkup)) return text
  const body = writeHtml(wholeNodes(lines))
  return new TextEncoder().encode(body).length <= MAX_HTML_BYTES ? { body, bodyFormat: 'html' } : text
}

function hasMarkup({ html }: PageLine): boolean {
  if (html === undefined) return false
  const { node, whole } = html
  return whole !== undefined || node.name !== 'p' || node.children.some(child => child.kind === 'element')
}

/** Lines of one list, table or quote are in one again. */
function wholeNodes(lines: readonly PageLine[]): HtmlNode[] {
  const nodes: HtmlNode[] = []
  let open: { whole: ElementNode; children: HtmlNode[] } | undefined
  const close = () => {
    if (open !== undefined)
      nodes.push(element(open.whole.name, rowsIn(open.whole, open.children), open.whole.attributes))
    open = undefined
  }
  for (const { html, raw } of lines) {
    const node = html?.node ?? element('p', [{ kind: 'text', text: raw }])
    if (open === undefined || open.whole !== html?.whole) close()
    if (html?.whole === undefined) nodes.push(node)
    else {
      open ??= { whole: html.whole, children: [] }
      open.children.push(node)
    }
  }
  close()
  return nodes
}

function rowsIn(whole: ElementNode, children: readonly HtmlNode[]): readonly HtmlNode[] {
  return whole.name === 'table' ? [element('tbody', children)] : children
}
