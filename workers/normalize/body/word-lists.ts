import { type ElementNode, element, type HtmlNode } from './html-tree.ts'
import { LIST_ATTRIBUTE, MARKER_TAG } from './pasted-styles.ts'
import { inlineText } from './split-inline.ts'

/**
 * Word writes lists as paragraphs that begin with their bullet or number: they become lists. Where a number is none that
 * HTML counts by (`a)`, `iv.`), the paragraphs stay, and so does what stands before them.
 */
export function readWordLists(nodes: readonly HtmlNode[]): HtmlNode[] {
  const result: HtmlNode[] = []
  let items: Item[] = []
  const endList = () => {
    for (const list of listsOf(items)) result.push(list)
    items = []
  }
  for (const node of nodes) {
    const item = itemOf(node)
    if (item !== undefined) items.push(item)
    else if (items.length === 0 || node.kind !== 'text' || node.text.trim() !== '') {
      endList()
      result.push(...plainOf(node))
    }
  }
  endList()
  return result
}

interface Item {
  readonly level: number
  readonly kind: 'ul' | 'ol'
  /** Of an ordered one. */
  readonly number: number
  readonly node: ElementNode
}

function itemOf(node: HtmlNode): Item | undefined {
  if (node.kind === 'text' || node.name !== 'p') return undefined
  const level = Number(node.attributes[LIST_ATTRIBUTE])
  const marker = node.children.find(child => child.kind === 'element' || child.text.trim() !== '')
  if (!(level >= 1 && level <= 9) || marker?.kind !== 'element' || marker.name !== MARKER_TAG) return undefined
  const sign = inlineText([marker]).replaceAll('\u00a0', ' ').trim()
  const number = /^(\d{1,4})[.)]$/.exec(sign)?.[1]
  const isBullet = sign === 'o' || /^[^\p{L}\p{N}]{1,2}$/u.test(sign)
  if (number === undefined && !isBullet) return undefined
  const children = node.children.filter(child => child !== marker).flatMap(plainOf)
  const { [LIST_ATTRIBUTE]: _, ...attributes } = node.attributes
  return {
    level,
    kind: number === undefined ? 'ul' : 'ol',
    number: Number(number ?? 1),
    node: element('li', children, attributes),
  }
}

/** Items of a deeper level belong to the one before them; another kind of the same level begins another list. */
function listsOf(items: readonly Item[]): ElementNode[] {
  const lists: { kind: Item['kind']; number: number; items: { node: ElementNode; below: Item[] }[] }[] = []
  const base = items[0]?.level ?? 1
  for (const item of items) {
    const list = lists.at(-1)
    const last = list?.items.at(-1)
    if (last !== undefined && item.level > base) last.below.push(item)
    else if (list?.kind === item.kind) list.items.push({ node: item.node, below: [] })
    else lists.push({ kind: item.kind, number: item.number, items: [{ node: item.node, below: [] }] })
  }
  return lists.map(list =>
    element(
      list.kind,
      list.items.map(({ node, below }) => ({ ...node, children: [...node.children, ...listsOf(below)] })),
      list.kind === 'ol' && list.number !== 1 ? { start: String(list.number) } : {},
    ),
  )
}

/** Without what was only to be read here; the words stay. */
function plainOf(node: HtmlNode): HtmlNode[] {
  if (node.kind === 'text') return [node]
  const children = readWordLists(node.children)
  if (node.name === MARKER_TAG) return children
  const { [LIST_ATTRIBUTE]: _, ...attributes } = node.attributes
  return [element(node.name, children, attributes)]
}
