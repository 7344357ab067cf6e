/** A piece of a body: text as readers see it (entities decoded), or an element. */
export type HtmlNode = TextNode | ElementNode

export interface TextNode {
  readonly kind: 'text'
  readonly text: string
}

export interface ElementNode {
  readonly kind: 'element'
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly HtmlNode[]
}

export function textNode(text: string): TextNode {
  return { kind: 'text', text }
}

/** Most elements have none. */
export const NO_ATTRIBUTES: ElementNode['attributes'] = {}

export function element(
  name: string,
  children: readonly HtmlNode[] = [],
  attributes: Readonly<Record<string, string>> = NO_ATTRIBUTES,
): ElementNode {
  return { kind: 'element', name, attributes, children }
}

const VOID = new Set(['br', 'hr', 'img'])
const TOKEN = /<(\/?)([a-z][a-z0-9]*)([^>]*)>|[^<]+/g
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g

/**
 * The tree of HTML that sanitize-html wrote. It relies on that: lower-case names, quoted attributes, no raw `<` or `>`
 * in text or attributes, only four entities. It reads nothing else, and nesting is taken as it stands.
 */
export function parseSanitizedHtml(html: string): HtmlNode[] {
  const roots: HtmlNode[] = []
  const open: { name: string; attributes: ElementNode['attributes']; children: HtmlNode[] }[] = []
  const add = (node: HtmlNode) => (open.at(-1)?.children ?? roots).push(node)
  for (const [token, slash, name = '', attributes = ''] of html.matchAll(TOKEN)) {
    if (slash === undefined) add(textNode(unescapeHtml(token)))
    else if (slash === '' && VOID.has(name)) add(element(name, [], readAttributes(attributes)))
    else if (slash === '') open.push({ name, attributes: readAttributes(attributes), children: [] })
    else if (open.at(-1)?.name === name) {
      const closed = open.pop()
      if (closed !== undefined) add(element(closed.name, closed.children, closed.attributes))
    }
  }
  for (let closed = open.pop(); closed !== undefined; closed = open.pop()) {
    add(element(closed.name, closed.children, closed.attributes))
  }
  return roots
}

/** How long the HTML of a tree is before escaping, without writing it. */
export function htmlLength(nodes: readonly HtmlNode[]): number {
  return nodes.reduce((sum, node) => sum + nodeLength(node), 0)
}

function nodeLength(node: HtmlNode): number {
  if (node.kind === 'text') return node.text.length
  const attributes = Object.entries(node.attributes)
  const inTag = attributes.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return 2 * node.name.length + 5 + inTag + htmlLength(node.children)
}

/** HTML of a tree, escaped just as sanitize-html does. */
export function writeHtml(nodes: readonly HtmlNode[]): string {
  return nodes.map(writeNode).join('')
}

function writeNode(node: HtmlNode): string {
  if (node.kind === 'text') return escapeText(node.text)
  const start = `<${node.name}${writeAttributes(node.attributes)}>`
  return VOID.has(node.name) ? start : `${start}${writeHtml(node.children)}</${node.name}>`
}

function writeAttributes(attributes: ElementNode['attributes']): string {
  if (attributes === NO_ATTRIBUTES) return ''
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('')
}

function readAttributes(text: string): ElementNode['attributes'] {
  if (text === '') return NO_ATTRIBUTES
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, unescapeHtml(value)]),
  )
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' }

function escapeText(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/[&<>]/g, character => ENTITIES[character] ?? character) : text
}

function escapeAttribute(value: string): string {
  return value.replace(/[&<>"]/g, character => ENTITIES[character] ?? character)
}

function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:amp|lt|gt|quot);/g, entity => CHARACTERS[entity] ?? entity)
}
