import { cleanText } from '../text-cleaning.ts'
import { element, type HtmlNode, textNode } from './html-tree.ts'
import { INLINE_NAMES, type Inside, inlineAttributes, pictureLink } from './inline-elements.ts'
import { hasText } from './inline-run.ts'

/** The content of pre: inline only, and with its white space. */
export function preformattedText(nodes: readonly HtmlNode[], inside: Inside): HtmlNode[] {
  return withoutFirstLineEnds(preformatted(nodes, inside))
}

/** Blocks in it become lines of their own. */
function preformatted(nodes: readonly HtmlNode[], inside: Inside): HtmlNode[] {
  return nodes.flatMap((node): HtmlNode[] => {
    if (node.kind === 'text') return [textNode(cleanText(node.text))]
    if (node.name === 'br') return [textNode('\n')]
    if (node.name === 'img') return pictureLink(node, inside)
    const attributes = INLINE_NAMES.has(node.name) && !inside.has(node.name) ? inlineAttributes(node) : undefined
    if (attributes !== undefined) {
      const children = preformatted(node.children, new Set([...inside, node.name]))
      return hasText(children) ? [element(node.name, children, attributes)] : children
    }
    const children = preformatted(node.children, inside)
    return INLINE_NAMES.has(node.name) ? children : [textNode('\n'), ...children, textNode('\n')]
  })
}

/** Browsers ignore one line end after the tag; without any, all read the same. */
function withoutFirstLineEnds(nodes: readonly HtmlNode[]): HtmlNode[] {
  const start = nodes.findIndex(node => node.kind === 'element' || /[^\n]/.test(node.text))
  return nodes.slice(Math.max(start, 0)).map((node, i) => {
    return i === 0 && node.kind === 'text' ? textNode(node.text.replace(/^\n+/, '')) : node
  })
}
