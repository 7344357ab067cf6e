import { element, type HtmlNode, textNode } from './html-tree.ts'

/** Inline content in two at a place of its text, where a line break counts as one character. Elements there are in both. */
export function splitInline(nodes: readonly HtmlNode[], at: number): [HtmlNode[], HtmlNode[]] {
  const before: HtmlNode[] = []
  const after: HtmlNode[] = []
  let from = 0
  for (const node of nodes) {
    const length = textLength(node)
    if (from + length <= at) before.push(node)
    else if (from >= at) after.push(node)
    else if (node.kind === 'text') {
      before.push(textNode(node.text.slice(0, at - from)))
      after.push(textNode(node.text.slice(at - from)))
    } else {
      const [left, right] = splitInline(node.children, at - from)
      if (left.length > 0) before.push(element(node.name, left, node.attributes))
      if (right.length > 0) after.push(element(node.name, right, node.attributes))
    }
    from += length
  }
  return [before, after]
}

/** The content from `start` up to `end`. */
export function sliceInline(nodes: readonly HtmlNode[], start: number, end: number): HtmlNode[] {
  return splitInline(splitInline(nodes, end)[0], start)[1]
}

/** The content between line breaks, in one pass. Code is never taken apart. */
export function splitLines(nodes: readonly HtmlNode[]): HtmlNode[][] {
  const lines: HtmlNode[][] = [[]]
  for (const node of nodes) {
    if (node.kind === 'text' || node.name === 'code') lines.at(-1)?.push(node)
    else if (node.name === 'br') lines.push([])
    else {
      splitLines(node.children).forEach((children, i) => {
        if (i > 0) lines.push([])
        if (children.length > 0) lines.at(-1)?.push(element(node.name, children, node.attributes))
      })
    }
  }
  return lines
}

/** Its text as readers see it, a line break as a line end. */
export function inlineText(nodes: readonly HtmlNode[]): string {
  const pieces: string[] = []
  const read = (node: HtmlNode): void => {
    if (node.kind === 'text') pieces.push(node.text)
    else if (node.name === 'br') pieces.push('\n')
    else for (const child of node.children) read(child)
  }
  for (const node of nodes) read(node)
  return pieces.join('')
}

function textLength(node: HtmlNode): number {
  if (node.kind === 'text') return node.text.length
  return node.name === 'br' ? 1 : node.children.reduce((sum, child) => sum + textLength(child), 0)
}
