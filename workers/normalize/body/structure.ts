import { type ElementNode, element, type HtmlNode } from './html-tree.ts'
import { hasText } from './inline-run.ts'

/** The items of a list. A list right inside of a list belongs to the item before it; anything else becomes an item. */
export function gatherItems(list: ElementNode): ElementNode[] {
  const items: { attributes: ElementNode['attributes']; children: HtmlNode[]; loose: boolean }[] = []
  for (const child of list.children) {
    const last = items.at(-1)
    if (isElement(child, 'li'))
      items.push({ attributes: child.attributes, children: [...child.children], loose: false })
    else if (last?.loose === true) last.children.push(child)
    else if (!mayHold(child)) continue
    else if (last !== undefined && isElement(child, 'ul', 'ol')) last.children.push(child)
    else items.push({ attributes: {}, children: [child], loose: true })
  }
  return items.map(({ attributes, children }) => element('li', children, attributes))
}

/** The thead and tbody of a table, made of rows of cells. Whatever stands outside of a cell gets one of its own. */
export function gatherSections(table: ElementNode): ElementNode[] {
  return gather(table.children, ['thead', 'tbody'], 'tbody').map(section =>
    element(
      section.name,
      gather(section.children, ['tr'], 'tr').map(row =>
        element('tr', gather(row.children, ['td', 'th'], 'td'), row.attributes),
      ),
      section.attributes,
    ),
  )
}

/** The children of these names; neighbouring others go together into an element of the name that is missing. */
function gather(children: readonly HtmlNode[], names: readonly string[], missing: string): ElementNode[] {
  const found: ElementNode[] = []
  let others: HtmlNode[] = []
  const endOthers = () => {
    if (others.some(mayHold)) found.push(element(missing, others))
    others = []
  }
  for (const child of children) {
    if (!isElement(child, ...names)) {
      others.push(child)
      continue
    }
    endOthers()
    found.push(child)
  }
  endOthers()
  return found
}

export function isElement(node: HtmlNode, ...names: string[]): node is ElementNode {
  return node.kind === 'element' && names.includes(node.name)
}

/** Text, or something that will have text: a picture has none yet. */
export function mayHold(node: HtmlNode): boolean {
  return hasText([node]) || holdsPicture(node)
}

function holdsPicture(node: HtmlNode): boolean {
  return node.kind === 'element' && (node.name === 'img' || node.children.some(holdsPicture))
}
