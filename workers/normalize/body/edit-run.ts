import { element, type HtmlNode, textNode } from './html-tree.ts'
import type { Edit, TextRun } from './text-of-blocks.ts'

/** Walks a run's texts and its edits side by side: `at` is the place in the run, `next` the first edit not yet done. */
export function editRun({ nodes, text: whole }: TextRun, edits: readonly Edit[]): HtmlNode[] {
  let at = 0
  let next = 0
  const edited = (text: string, depth: number): string => {
    const end = at + text.length
    let result = ''
    let cursor = at
    for (let edit = edits[next]; edit !== undefined; edit = edits[next]) {
      // What is put between two texts goes into the outer one: a space after a link is no part of the link.
      const putAtEnd = edit.end === end && (depth === 0 || end === whole.length)
      if (edit.start >= end && !(edit.start === end && putAtEnd)) break
      if (edit.start >= at) result += text.slice(cursor - at, edit.start - at) + edit.text
      cursor = Math.max(cursor, Math.min(edit.end, end))
      if (edit.end > end) break
      next++
    }
    result += text.slice(cursor - at)
    at = end
    return result
  }
  const walk = (node: HtmlNode, depth: number): HtmlNode[] => {
    if (node.kind === 'text') return textNodes(edited(node.text, depth))
    if (node.name === 'br')
      return edited('\n', depth)
        .split(/(\n)/)
        .flatMap(part => (part === '\n' ? [node] : textNodes(part)))
    const children = node.children.flatMap(child => walk(child, depth + 1))
    return children.length === 0 ? [] : [element(node.name, children, node.attributes)]
  }
  return nodes.flatMap(node => walk(node, 0))
}

function textNodes(text: string): HtmlNode[] {
  return text === '' ? [] : [textNode(text)]
}
