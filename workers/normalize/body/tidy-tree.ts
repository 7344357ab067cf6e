import { PARAGRAPHS } from './html-policy.ts'
import { type ElementNode, element, type HtmlNode } from './html-tree.ts'
import { INLINE_NAMES, type Inside, inlineAttributes, pictureLink, plain } from './inline-elements.ts'
import { hasText, tidyRun } from './inline-run.ts'
import { preformattedText } from './preformatted.ts'
import { gatherItems, gatherSections, isElement, mayHold } from './structure.ts'

/**
 * The same words in blocks as HTML allows them: inline content stands in paragraphs, lists hold items, tables hold rows
 * of cells, pictures are links, nothing is empty. So a browser builds exactly this tree from it.
 */
export function tidyTree(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  if (nodes === lastTidied) return nodes
  const tree = flow(nodes, NOTHING, 'always')
  lastTidied = tree
  lastBlocks = new Set(tree)
  return tree
}

/** Trees never change, so what is tidy stays tidy: a body is only tidied again where a step has changed it. */
let lastTidied: readonly HtmlNode[] = []
let lastBlocks: ReadonlySet<HtmlNode> = new Set()

const PARAGRAPH_NAMES: ReadonlySet<string> = new Set(PARAGRAPHS)
const NOTHING: ReadonlySet<string> = new Set()

/** Content that is on its way into a block. An empty block leaves its end, so that the words around it stay apart. */
type Part =
  | { readonly kind: 'run'; readonly nodes: readonly HtmlNode[] }
  | { readonly kind: 'block'; readonly node: ElementNode }
  | { readonly kind: 'end' }

const END: Part = { kind: 'end' }

/** Content of a block. A run becomes a paragraph, always or only beside others. */
function flow(nodes: readonly HtmlNode[], inside: Inside, paragraphs: 'always' | 'beside others'): HtmlNode[] {
  const parts = contentOf(nodes, inside)
  const alone = paragraphs === 'beside others' && parts.filter(part => part.kind === 'run').length === 1
  return parts.flatMap(part => {
    if (part.kind === 'block') return [part.node]
    return alone ? part.nodes : [element('p', part.nodes)]
  })
}

/** The runs and blocks of a block's content. Most hold one text and nothing else. */
function contentOf(nodes: readonly HtmlNode[], inside: Inside): Exclude<Part, { kind: 'end' }>[] {
  if (nodes.length > 1 || nodes[0]?.kind !== 'text') return joinRuns(nodes.flatMap(node => partsOf(node, inside)))
  const run = tidyRun(nodes)
  return hasText(run) ? [{ kind: 'run', nodes: run }] : []
}

function partsOf(node: HtmlNode, inside: Inside): Part[] {
  if (inside === NOTHING && node.kind === 'element' && lastBlocks.has(node)) return [{ kind: 'block', node }]
  if (node.kind === 'text' || node.name === 'br') return [{ kind: 'run', nodes: [node] }]
  if (node.name === 'img') return [{ kind: 'run', nodes: pictureLink(node, inside) }]
  if (INLINE_NAMES.has(node.name)) return inlineParts(node, inside)
  if (node.name === 'pre') return blockOf(node, preformattedText(node.children, inside))
  if (node.name === 'ul' || node.name === 'ol') return blockOf(node, listItems(node, inside))
  if (node.name === 'table') return blockOf(node, tableSections(node, inside))
  if (node.name === 'blockquote') return blockOf(node, flow(node.children, inside, 'always'))
  if (node.name === 'figure') return blockOf(node, figureContent(node, inside))
  return paragraphParts(node, inside)
}

function blockOf({ name, attributes }: ElementNode, children: readonly HtmlNode[]): Part[] {
  return hasText(children) ? [{ kind: 'block', node: element(name, children, plain(attributes)) }] : [END]
}

/** A paragraph, a heading, or a part that stands outside of what it belongs to (an item without a list). */
function paragraphParts({ name, attributes, children }: ElementNode, inside: Inside): Part[] {
  const kept = plain(attributes)
  const own = PARAGRAPH_NAMES.has(name) ? name : 'p'
  const parts = contentOf(children, inside)
  if (parts.length === 0) return [END]
  return parts.map(part => {
    if (part.kind === 'run') return { kind: 'block', node: element(own, part.nodes, kept) }
    return { kind: 'block', node: { ...part.node, attributes: { ...kept, ...part.node.attributes } } }
  })
}

/** An inline element around blocks goes into each of them. */
function inlineParts(node: ElementNode, inside: Inside): Part[] {
  const attributes = inlineAttributes(node)
  if (inside.has(node.name) || attributes === undefined) return node.children.flatMap(child => partsOf(child, inside))
  const parts = node.children.flatMap(child => partsOf(child, new Set([...inside, node.name])))
  const wrap = (nodes: readonly HtmlNode[]) => element(node.name, nodes, attributes)
  return mergeRuns(parts).map(part => {
    if (part.kind === 'run') return { kind: 'run', nodes: [wrap(part.nodes)] }
    return part.kind === 'end' ? END : { kind: 'block', node: wrapInside(part.node, wrap) }
  })
}

function wrapInside(block: ElementNode, wrap: (nodes: readonly HtmlNode[]) => ElementNode): ElementNode {
  const isBlock = (node: HtmlNode): node is ElementNode =>
    node.kind === 'element' && node.name !== 'br' && !INLINE_NAMES.has(node.name)
  const parts = block.children.map(
    (node): Part => (isBlock(node) ? { kind: 'block', node } : { kind: 'run', nodes: [node] }),
  )
  const children = mergeRuns(parts).flatMap(part => {
    if (part.kind === 'run') return [wrap(part.nodes)]
    return part.kind === 'end' ? [] : [wrapInside(part.node, wrap)]
  })
  return { ...block, children }
}

function mergeRuns(parts: readonly Part[]): Part[] {
  const merged: Part[] = []
  let run: HtmlNode[] = []
  const endRun = () => {
    if (run.length > 0) merged.push({ kind: 'run', nodes: run })
    run = []
  }
  for (const part of parts) {
    if (part.kind === 'run') {
      for (const node of part.nodes) run.push(node)
      continue
    }
    endRun()
    merged.push(part)
  }
  endRun()
  return merged
}

/** Neighbouring inline content is one run, tidied; runs without text go. */
function joinRuns(parts: readonly Part[]): Exclude<Part, { kind: 'end' }>[] {
  return mergeRuns(parts).flatMap((part): Exclude<Part, { kind: 'end' }>[] => {
    if (part.kind === 'end') return []
    if (part.kind === 'block') return [part]
    const nodes = tidyRun(part.nodes)
    return hasText(nodes) ? [{ kind: 'run', nodes }] : []
  })
}

function listItems(list: ElementNode, inside: Inside): HtmlNode[] {
  return gatherItems(list)
    .map(item => element('li', flow(item.children, inside, 'beside others'), plain(item.attributes)))
    .filter(item => hasText(item.children))
}

function tableSections(table: ElementNode, inside: Inside): HtmlNode[] {
  const cellOf = (cell: ElementNode) =>
    element(cell.name, flow(cell.children, inside, 'beside others'), plain(cell.attributes))
  const rowOf = (row: ElementNode) =>
    element(
      'tr',
      row.children.flatMap(cell => (cell.kind === 'element' ? [cellOf(cell)] : [])),
      plain(row.attributes),
    )
  return gatherSections(table)
    .map(section => {
      const rows = section.children.flatMap(row => (row.kind === 'element' ? [rowOf(row)] : []))
      return element(
        section.name,
        rows.filter(row => hasText(row.children)),
        plain(section.attributes),
      )
    })
    .filter(section => section.children.length > 0)
}

/** A caption is one where it comes first or last, as HTML has it; anywhere else it is a paragraph. */
function figureContent({ children }: ElementNode, inside: Inside): HtmlNode[] {
  const holding = children.filter(mayHold)
  const caption = [holding.at(-1), holding[0]].find(child => child !== undefined && isElement(child, 'figcaption'))
  const at = caption === undefined ? children.length : children.indexOf(caption)
  return [
    ...flow(children.slice(0, at), inside, 'beside others'),
    ...(caption?.kind === 'element' ? figureCaption(caption, inside) : []),
    ...flow(children.slice(at + 1), inside, 'beside others'),
  ]
}

function figureCaption({ name, attributes, children }: ElementNode, inside: Inside): HtmlNode[] {
  const caption = element(name, flow(children, inside, 'beside others'), plain(attributes))
  return hasText([caption]) ? [caption] : []
}
