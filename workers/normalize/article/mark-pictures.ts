import { type ElementNode, element, type HtmlNode, textNode } from '../body/html-tree.ts'
import { hasText } from '../body/inline-run.ts'
import { nameOfFile, safeLink } from '../body/safe-link.ts'
import { cleanLine } from '../text-cleaning.ts'
import type { PagePicture } from './page-line.ts'

/** Which links of a tidy tree stand for the page's pictures. */
export interface MarkedPictures {
  of(node: HtmlNode): PagePicture | undefined
  /** With the pictures' own addresses and words again; one whose address is not known is its words. */
  restore(node: ElementNode): ElementNode
}

/** Nobody can be there (RFC 2606). */
const MARK = 'https://picture.invalid/'

/**
 * Pictures get addresses by which they are known again once tidying has made links of them, whatever else the page links
 * to; one that only links to something is only a picture. Relative addresses become whole.
 */
export function markPictures(nodes: readonly HtmlNode[], base: string | undefined) {
  const found = new Map<string, PagePicture>()

  function mark(node: HtmlNode): HtmlNode[] {
    if (node.kind === 'text') return [node]
    if (node.name === 'img') return markPicture(node.attributes)
    const children = node.children.flatMap(mark)
    if (node.name === 'a' && children.some(isPicture) && !hasText(children)) return children
    return [element(node.name, children, wholeAddress(node.attributes, 'href', base))]
  }

  function markPicture(attributes: ElementNode['attributes']): HtmlNode[] {
    const url = safeLink(wholeAddress(attributes, 'src', base)['src'] ?? '')
    const alt = cleanLine(attributes['alt'] ?? '')
    if (url === undefined && alt === '') return []
    const address = `${MARK}${found.size}`
    found.set(address, { alt, ...(url === undefined ? {} : { url }) })
    return [element('img', [], { src: address, alt })]
  }

  const of = (node: HtmlNode) =>
    node.kind === 'element' && node.name === 'a' ? found.get(node.attributes['href'] ?? '') : undefined

  function restoreIn(node: HtmlNode): HtmlNode {
    if (node.kind === 'text') return node
    const picture = of(node)
    return picture === undefined ? restore(node) : asWords(picture, node)
  }

  function restore({ name, children, attributes }: ElementNode): ElementNode {
    return element(name, children.map(restoreIn), attributes)
  }

  const pictures: MarkedPictures = { of, restore }
  return { nodes: nodes.flatMap(mark), pictures }
}

function asWords({ url, alt }: PagePicture, link: ElementNode): HtmlNode {
  if (url === undefined) return textNode(alt)
  return element('a', [textNode(alt === '' ? nameOfFile(url) : alt)], { ...link.attributes, href: url })
}

function isPicture(node: HtmlNode): boolean {
  return node.kind === 'element' && node.name === 'img'
}

function wholeAddress(attributes: ElementNode['attributes'], name: 'href' | 'src', base: string | undefined) {
  const address = attributes[name]
  if (base === undefined || address === undefined || !URL.canParse(address, base)) return attributes
  return { ...attributes, [name]: new URL(address, base).href }
}
