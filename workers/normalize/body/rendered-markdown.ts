import { RENAMED } from './html-policy.ts'
import { type ElementNode, element, type HtmlNode, NO_ATTRIBUTES, parseSanitizedHtml } from './html-tree.ts'
import { safeLink } from './safe-link.ts'

/** What Markdown can say about an element that readers may be given. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = { a: ['href'], img: ['src', 'alt'], ol: ['start'] }

/**
 * The tree of HTML that markdown-it wrote with HTML in Markdown turned off, and what was left out of it, by name. Such HTML
 * is as regular as sanitize-html's (names of its own, quoted attributes, four entities), so reading it takes no sanitizing;
 * what is made of it passes the last gate like everything else.
 */
export function readRenderedMarkdown(html: string): { nodes: HtmlNode[]; leftOut: string[] } {
  const leftOut = new Set<string>()
  const read = (node: HtmlNode): HtmlNode => {
    if (node.kind === 'text') return node
    const name = RENAMED[node.name] ?? node.name
    return element(name, node.children.map(read), keptAttributes(node, leftOut))
  }
  return { nodes: parseSanitizedHtml(html).map(read), leftOut: [...leftOut] }
}

function keptAttributes({ name, attributes }: ElementNode, leftOut: Set<string>): ElementNode['attributes'] {
  if (attributes === NO_ATTRIBUTES) return NO_ATTRIBUTES
  const kept: Record<string, string> = {}
  for (const [attribute, value] of Object.entries(attributes)) {
    const isAddress = attribute === 'href' || attribute === 'src'
    if (ATTRIBUTES[name]?.includes(attribute) && (!isAddress || safeLink(value) !== undefined)) kept[attribute] = value
    else leftOut.add(`${attribute} on <${name}>`)
  }
  return kept
}
