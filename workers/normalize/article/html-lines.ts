import { sanitizeForReading } from '../body/html-policy.ts'
import { type ElementNode, element, type HtmlNode, parseSanitizedHtml } from '../body/html-tree.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { readText } from '../body/tree-text.ts'
import { cleanLine } from '../text-cleaning.ts'
import { type MarkedPictures, markPictures } from './mark-pictures.ts'
import type { LineHtml, PageLine, PagePicture } from './page-line.ts'

/**
 * The lines of a page as HTML: a line for each paragraph, heading, item, row and caption, and for each line within them.
 * `url` is where the page stands. Pictures are lines of their own, with their alt text. `leftOut` names what is no text.
 */
export function readHtmlLines(html: string, url: string | undefined): { lines: PageLine[]; leftOut: string[] } {
  const sanitized = sanitizeForReading(html)
  const { nodes, pictures } = markPictures(parseSanitizedHtml(sanitized.html), url)
  const lines = linesOf(tidyTree(nodes), pictures).flatMap(line => {
    const html = { ...line, node: pictures.restore(line.node) }
    const raw = readText([html.node]).replaceAll('\n', ' ')
    const text = cleanLine(raw)
    return text === '' ? [] : [{ raw, text, html }]
  })
  return {
    lines: lines.map((line, index) => ({ number: index + 1, ...line })),
    leftOut: sanitized.leftOut.filter(name => WITH_CONTENT.includes(name)),
  }
}

/** What readers may have seen on the page, and no draft can hold. */
const WITH_CONTENT = ['<iframe>', '<video>', '<audio>', '<object>', '<embed>']

function linesOf(nodes: readonly HtmlNode[], pictures: MarkedPictures, whole?: ElementNode): LineHtml[] {
  return nodes.flatMap((node): LineHtml[] => {
    if (node.kind === 'text') return []
    const within = (children: readonly HtmlNode[], of = whole) => linesOf(children, pictures, of)
    switch (node.name) {
      case 'ul':
      case 'ol':
      case 'blockquote':
      case 'table':
        return whole === undefined ? within(node.children, node) : within(node.children)
      case 'thead':
      case 'tbody':
        return within(node.children)
      case 'figure':
        return linesOf(asBlocks(node.children), pictures, whole)
      case 'figcaption':
        return splitLines(element('p', node.children), whole, 'caption', pictures)
      case 'h2':
      case 'h3':
      case 'h4':
        return [{ role: 'heading', node, ...inWhole(whole) }]
      case 'li':
      case 'tr':
      case 'pre':
        return [{ role: 'text', node, ...inWhole(whole) }]
      default:
        return splitLines(node, whole, 'text', pictures)
    }
  })
}

/** Line breaks end lines, and a picture is a line of its own. */
function splitLines(
  block: ElementNode,
  whole: ElementNode | undefined,
  role: LineHtml['role'],
  pictures: MarkedPictures,
): LineHtml[] {
  const runs: { nodes: HtmlNode[]; picture?: PagePicture }[] = [{ nodes: [] }]
  for (const node of block.children) {
    const picture = pictures.of(node)
    if (picture !== undefined) runs.push({ nodes: [node], picture }, { nodes: [] })
    else if (node.kind === 'element' && node.name === 'br') runs.push({ nodes: [] })
    else runs.at(-1)?.nodes.push(node)
  }
  return runs
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ nodes, picture }) => {
      const node = element(block.name, nodes, block.attributes)
      if (picture !== undefined) return { role: 'picture', node, picture, ...inWhole(whole) }
      return { role, node, ...inWhole(whole) }
    })
}

/** In a figure, inline content may stand without a paragraph around it. */
function asBlocks(nodes: readonly HtmlNode[]): HtmlNode[] {
  return nodes.map(node => (node.kind === 'text' || node.name === 'a' ? element('p', [node]) : node))
}

const inWhole = (whole: ElementNode | undefined) => (whole === undefined ? {} : { whole })
