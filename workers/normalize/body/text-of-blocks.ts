import { rememberLast } from '../remember-last.ts'
import { editRun } from './edit-run.ts'
import { type ElementNode, element, type HtmlNode } from './html-tree.ts'
import { INLINE_NAMES } from './inline-elements.ts'
import { maskAddresses, maskOf } from './masked-text.ts'

/** Inline content that stands together in one block (a paragraph, an item, a cell): what readers see as one text. */
export interface TextRun {
  /** Its text over all inline elements; a line break is '\n'. */
  readonly text: string
  /** The same, equally long, with code and addresses masked (MASK): a step that changes text reads this. */
  readonly prose: string
  /** The blocks it stands in, outermost first: ['blockquote', 'p']. */
  readonly within: readonly string[]
  readonly nodes: readonly HtmlNode[]
}

/** One line of a run: between its ends or line breaks. White space at its ends is not part of it. */
export interface TextLine {
  /** Index of its run, and where it stands in the run's text. */
  readonly run: number
  readonly start: number
  readonly end: number
  readonly text: string
  readonly prose: string
  readonly within: readonly string[]
}

/** The text from `start` up to `end` of a run becomes `text`, which has no line ends. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Edits by the index of their run; those of one run in order, none overlapping another. */
export type Edits = ReadonlyMap<number, readonly Edit[]>

/** The runs of a body in reading order. Preformatted text is none: no step may change it. */
export const runsOf: (blocks: readonly HtmlNode[]) => readonly TextRun[] = rememberLast(blocks => {
  const runs: TextRun[] = []
  readRuns(blocks, [], runs)
  return runs
})

/** The lines of a body that have text, in reading order. */
export const linesOf: (blocks: readonly HtmlNode[]) => readonly TextLine[] = rememberLast(blocks => {
  const lines: TextLine[] = []
  runsOf(blocks).forEach(({ text, prose, within }, run) => {
    let from = 0
    for (const line of text.split('\n')) {
      const trimmed = line.trim()
      const start = trimmed === '' ? from : from + line.indexOf(trimmed)
      const end = start + trimmed.length
      if (trimmed !== '') lines.push({ run, start, end, text: trimmed, prose: prose.slice(start, end), within })
      from += line.length + 1
    }
  })
  return lines
})

/** A link in a run, and where its text stands. */
export interface RunLink {
  readonly start: number
  readonly end: number
  readonly href: string
}

/** The links of a run in order. */
export function linksOf({ nodes }: TextRun): RunLink[] {
  const links: RunLink[] = []
  let at = 0
  const read = (node: HtmlNode): void => {
    const start = at
    if (node.kind === 'text') at += node.text.length
    else if (node.name === 'br') at += 1
    else for (const child of node.children) read(child)
    if (node.kind === 'element' && node.name === 'a')
      links.push({ start, end: at, href: node.attributes['href'] ?? '' })
  }
  for (const node of nodes) read(node)
  return links
}

/** The body with changed texts. Elements that have nothing left are gone; a block may be empty until it is tidied. */
export function editRuns(blocks: readonly HtmlNode[], edits: Edits): readonly HtmlNode[] {
  if (edits.size === 0) return blocks
  let run = 0
  const runs = runsOf(blocks)
  return eachRun(blocks, nodes => {
    const own = edits.get(run)
    const whole = runs[run++]
    return own === undefined || whole === undefined ? nodes : editRun(whole, own)
  })
}

/** The body without these lines, nor the line breaks that ended them. */
export function removeLines(blocks: readonly HtmlNode[], lines: readonly TextLine[]): readonly HtmlNode[] {
  const runs = runsOf(blocks)
  const edits = new Map<number, Edit[]>()
  for (const { run, start, end } of lines) {
    const own = edits.get(run) ?? []
    const lineEnd = runs[run]?.text.indexOf('\n', end) ?? -1
    own.push({ start, end: lineEnd < 0 ? end : lineEnd + 1, text: '' })
    edits.set(run, own)
  }
  return editRuns(blocks, edits)
}

type Change = (run: readonly HtmlNode[]) => readonly HtmlNode[]

/** The tree with every run changed, in reading order. */
function eachRun(nodes: readonly HtmlNode[], change: Change): HtmlNode[] {
  const result: HtmlNode[] = []
  let run: HtmlNode[] = []
  const endRun = () => {
    if (run.length > 0) for (const node of change(run)) result.push(node)
    run = []
  }
  for (const node of nodes) {
    if (!isBlock(node)) {
      run.push(node)
      continue
    }
    endRun()
    result.push(node.name === 'pre' ? node : withChildren(node, eachRun(node.children, change)))
  }
  endRun()
  return result
}

/** The same element where nothing in it has changed: it is tidy still, if it was. */
function withChildren(node: ElementNode, children: readonly HtmlNode[]): ElementNode {
  const isSame = children.length === node.children.length && children.every((child, i) => child === node.children[i])
  return isSame ? node : element(node.name, children, node.attributes)
}

/** As eachRun, which also builds the tree anew. */
function readRuns(nodes: readonly HtmlNode[], within: readonly string[], runs: TextRun[]): void {
  let run: HtmlNode[] = []
  const endRun = () => {
    if (run.length > 0) runs.push({ ...readRun(run), within, nodes: run })
    run = []
  }
  for (const node of nodes) {
    if (!isBlock(node)) {
      run.push(node)
      continue
    }
    endRun()
    if (node.name !== 'pre') readRuns(node.children, [...within, node.name], runs)
  }
  endRun()
}

function isBlock(node: HtmlNode): node is ElementNode {
  return node.kind === 'element' && node.name !== 'br' && !INLINE_NAMES.has(node.name)
}

function readRun(nodes: readonly HtmlNode[]): { text: string; prose: string } {
  const [only] = nodes
  if (nodes.length === 1 && only?.kind === 'text') return { text: only.text, prose: maskAddresses(only.text) }
  const text: string[] = []
  const prose: string[] = []
  const read = (node: HtmlNode, masked: boolean): void => {
    if (node.kind === 'text') {
      // A line end that code has kept is none of the run's own.
      text.push(node.text.replaceAll('\n', ' '))
      prose.push(masked ? maskOf(node.text) : maskAddresses(node.text))
    } else if (node.name === 'br') {
      text.push('\n')
      prose.push('\n')
    } else for (const child of node.children) read(child, masked || node.name === 'code' || showsAddress(node))
  }
  for (const node of nodes) read(node, false)
  return { text: text.join(''), prose: prose.join('') }
}

/** A link whose text is its own address, or the end of it. */
function showsAddress({ name, attributes, children }: ElementNode): boolean {
  if (name !== 'a') return false
  const [only] = children
  if (only?.kind !== 'text' || children.length > 1 || /\s/.test(only.text)) return false
  return /[./]/.test(only.text) && (attributes['href'] ?? '').includes(only.text.toLowerCase())
}
