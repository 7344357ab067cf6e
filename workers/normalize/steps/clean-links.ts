import { type ElementNode, element, type HtmlNode, textNode } from '../body/html-tree.ts'
import { inlineText } from '../body/split-inline.ts'
import type { NormalizationStep, StepNote } from '../step.ts'
import { shownWithoutTracking, showsAddress, withoutTracking } from '../tracking.ts'

/**
 * Links without what only tracks readers; a link's text follows where it shows the address. The addresses of pictures
 * stay: they may be signed.
 *
 *     <a href="https://a.example/?utm_source=x&id=1">more</a>  ->  <a href="https://a.example/?id=1">more</a>
 *     https://a.example/b?fbclid=x                              ->  https://a.example/b
 *     https://a.example/b?fbclid=x部长抵达                        ->  as it is: a sentence is in it
 */
export const cleanLinks: NormalizationStep = {
  name: 'links',
  apply(draft) {
    const changes = new Map<string, string>()
    const blocks = cleanIn(draft.blocks, changes)
    const notes = [...changes].map(
      ([before, after]): StepNote => ({ before: `link: ${before}`, after: `link: ${after}` }),
    )
    return changes.size === 0 ? { draft, notes: [] } : { draft: { ...draft, blocks }, notes }
  },
}

function cleanIn(nodes: readonly HtmlNode[], changes: Map<string, string>): HtmlNode[] {
  return nodes.map(node => {
    if (node.kind === 'text') return node
    return node.name === 'a' ? cleanLink(node, changes) : { ...node, children: cleanIn(node.children, changes) }
  })
}

function cleanLink(link: ElementNode, changes: Map<string, string>): HtmlNode {
  const address = link.attributes['href'] ?? ''
  const cleaned = /^https?:/.test(address) ? withoutTracking(address) : address
  if (cleaned === address) return link
  const children = followIn(link.children, address)
  // Where no spaces part words, an address may have run into the sentence behind it.
  if (lettersIn(link.children) !== lettersIn(children)) return link
  changes.set(address, cleaned)
  return element(link.name, children, { ...link.attributes, href: cleaned })
}

/** How many letters there are that addresses have none of. */
function lettersIn(nodes: readonly HtmlNode[]): number {
  return inlineText(nodes).match(/(?![a-z])\p{L}/giu)?.length ?? 0
}

/** The only text in a link, if it shows the address. */
function followIn(children: readonly HtmlNode[], address: string): readonly HtmlNode[] {
  const [child] = children
  if (children.length !== 1 || child === undefined) return children
  if (child.kind === 'element') return [{ ...child, children: followIn(child.children, address) }]
  return showsAddress(child.text, address) ? [textNode(shownWithoutTracking(child.text))] : children
}
