import { type ElementNode, element, type HtmlNode, textNode } from '../body/html-tree.ts'
import { inlineText, sliceInline, splitInline, splitLines } from '../body/split-inline.ts'
import { isElement } from '../body/structure.ts'
import { runsOf } from '../body/text-of-blocks.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { isQuotation, type Quotation, readAttribution, readQuotation } from '../quotation.ts'
import type { NormalizationStep, StepNote } from '../step.ts'

/**
 * A quotation that stands alone on its line, with the name of who said it, becomes a quote with its source. The name
 * stands below the words, after a dash. An update that is nothing else has the type quote.
 *
 *     “We agreed.” — Sergey Lavrov, minister
 *         ->  <blockquote><p>“We agreed.”</p><p>— <cite>Sergey Lavrov</cite>, minister</p></blockquote>
 *     “We agreed,” he said — and left.
 *         ->  the same: it goes on
 */
export const readQuotes: NormalizationStep = {
  name: 'quotes',
  apply(draft) {
    const notes: StepNote[] = []
    if (!runsOf(draft.blocks).some(({ text }) => /[—–―-]/.test(text))) return { draft, notes }
    const blocks = readBlocks(draft.blocks, notes)
    return notes.length === 0 ? { draft, notes } : { draft: { ...draft, blocks: tidyTree(blocks) }, notes }
  },
}

/** Pure: whether a body is one quotation whose source is named. */
export function isQuote(blocks: readonly HtmlNode[]): boolean {
  const [block] = blocks
  return blocks.length === 1 && block !== undefined && isElement(block, 'blockquote') && namesSource(block)
}

function namesSource({ children }: ElementNode): boolean {
  const last = children.at(-1)
  return last !== undefined && isElement(last, 'p') && last.children.some(child => isElement(child, 'cite'))
}

/** One line of a paragraph. `text` has the same places as `nodes`. */
interface Line {
  readonly text: string
  readonly nodes: readonly HtmlNode[]
  readonly paragraph: ElementNode
}

function readBlocks(blocks: readonly HtmlNode[], notes: StepNote[]): HtmlNode[] {
  const result: HtmlNode[] = []
  let lines: Line[] = []
  const endLines = () => {
    for (const block of readLines(lines, notes)) result.push(block)
    lines = []
  }
  for (const block of blocks) {
    if (isElement(block, 'p')) {
      lines.push(...linesOf(block))
      continue
    }
    endLines()
    result.push(isElement(block, 'blockquote') ? readBlockquote(block, notes) : block)
  }
  endLines()
  return result
}

/** Paragraphs again, with each quotation between them. */
function readLines(lines: readonly Line[], notes: StepNote[]): HtmlNode[] {
  const result: HtmlNode[] = []
  let open: { paragraph: ElementNode; lines: Line[] } | undefined
  const endParagraph = () => {
    if (open !== undefined) result.push(joined(open.paragraph, open.lines))
    open = undefined
  }
  for (let i = 0; i < lines.length; i++) {
    const [line, next] = [lines[i], lines[i + 1]]
    if (line === undefined) break
    const own = readQuotation(line.text)
    const below =
      own === undefined && next !== undefined && isQuotation(line.text) ? readAttribution(next.text) : undefined
    if (own !== undefined || below !== undefined) {
      endParagraph()
      result.push(own !== undefined ? quoteOf(line, own, notes) : quoteOver(line, next ?? line, notes))
      if (own === undefined) i++
      continue
    }
    if (open !== undefined && open.paragraph !== line.paragraph) endParagraph()
    open ??= { paragraph: line.paragraph, lines: [] }
    open.lines.push(line)
  }
  endParagraph()
  return result
}

function quoteOf(
  { text, nodes, paragraph }: Line,
  { quoteEnd, nameStart, nameEnd }: Quotation,
  notes: StepNote[],
): ElementNode {
  const said = element('p', splitInline(nodes, quoteEnd)[0], paragraph.attributes)
  notes.push(noteOf(text.slice(quoteEnd)))
  return element('blockquote', [said, sourceOf(nodes, nameStart, nameEnd, paragraph)])
}

/** The name is in the line below. */
function quoteOver(line: Line, below: Line, notes: StepNote[]): ElementNode {
  const name = readAttribution(below.text) ?? { start: 0, end: below.text.length }
  notes.push(noteOf(below.text))
  const said = element('p', line.nodes, line.paragraph.attributes)
  return element('blockquote', [said, sourceOf(below.nodes, name.start, name.end, below.paragraph)])
}

/** A quote that was marked as one (`> ...`), and ends in the name of its source: on a line of its own, or behind a sentence. */
function readBlockquote(block: ElementNode, notes: StepNote[]): ElementNode {
  const paragraph = block.children.at(-1)
  if (paragraph === undefined || !isElement(paragraph, 'p') || namesSource(block)) return block
  const lines = linesOf(paragraph)
  const last = lines.at(-1)
  if (last === undefined) return block
  const from = readQuotation(last.text)?.quoteEnd ?? startOfSource(last.text)
  const name = from === undefined ? undefined : readAttribution(last.text.slice(from))
  const isAll = from === 0 && lines.length === 1 && block.children.length === 1
  if (from === undefined || name === undefined || isAll) return block
  notes.push(noteOf(last.text.slice(from)))
  const before =
    from === 0 ? lines.slice(0, -1) : [...lines.slice(0, -1), { ...last, nodes: splitInline(last.nodes, from)[0] }]
  const said = before.length === 0 ? [] : [joined(paragraph, before)]
  const source = sourceOf(last.nodes, from + name.start, from + name.end, paragraph)
  return { ...block, children: [...block.children.slice(0, -1), ...said, source] }
}

/** Where a line's last dash stands, at its start or behind the end of a sentence. */
function startOfSource(line: string): number | undefined {
  if (/^(?:[—–―]|--? )/.test(line)) return 0
  const dash = Math.max(...[' — ', ' – ', ' - ', ' -- '].map(sign => line.lastIndexOf(sign)))
  return dash > 0 && /[.!?…"”“»«]/.test(line.charAt(dash - 1)) ? dash : undefined
}

function sourceOf(nodes: readonly HtmlNode[], start: number, end: number, { attributes }: ElementNode): ElementNode {
  const name = element('cite', sliceInline(nodes, start, end))
  return element('p', [textNode('— '), name, ...splitInline(nodes, end)[1]], attributes)
}

function noteOf(source: string): StepNote {
  return { before: `body: ${source.trim()}`, after: 'the source of a quote' }
}

function linesOf(paragraph: ElementNode): Line[] {
  return splitLines(paragraph.children).map(nodes => ({ text: inlineText(nodes).trimEnd(), nodes, paragraph }))
}

function joined({ attributes }: ElementNode, lines: readonly Line[]): ElementNode {
  return element(
    'p',
    lines.flatMap(({ nodes }, i) => (i === 0 ? nodes : [element('br'), ...nodes])),
    attributes,
  )
}
