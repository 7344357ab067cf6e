import { element, type HtmlNode, textNode } from './html-tree.ts'
import { findLinks } from './markdown.ts'

/** Later addresses stay text: each link adds more than it shows. */
const MAX_LINKS = 200

/** Paragraphs end at blank lines, lines at line ends, and web addresses are links. */
export function readPlainText(text: string): HtmlNode[] {
  const links = findLinks(text).slice(0, MAX_LINKS)
  const nodes: HtmlNode[] = []
  let from = 0
  for (const { start, end, address } of links) {
    nodes.push(...readLines(text.slice(from, start)))
    nodes.push(element('a', [textNode(text.slice(start, end))], { href: address }))
    from = end
  }
  nodes.push(...readLines(text.slice(from)))
  return intoParagraphs(nodes)
}

const PARAGRAPH_END = element('hr')

function readLines(text: string): HtmlNode[] {
  return text.split(/(\n+)/).map(piece => {
    if (!piece.startsWith('\n')) return textNode(piece)
    return piece.length === 1 ? element('br') : PARAGRAPH_END
  })
}

function intoParagraphs(nodes: readonly HtmlNode[]): HtmlNode[] {
  const paragraphs: HtmlNode[][] = [[]]
  for (const node of nodes) {
    if (node === PARAGRAPH_END) paragraphs.push([])
    else paragraphs.at(-1)?.push(node)
  }
  return paragraphs.map(children => element('p', children))
}
