import { cleanText } from '../text-cleaning.ts'
import { type ElementNode, element, type HtmlNode, textNode } from './html-tree.ts'

/** More line breaks than this in a row say no more than this many: one blank line. */
const MAX_BREAKS = 2

/**
 * Inline content as one paragraph holds it: NFC, white space and NBSP collapsed as browsers do (not inside code), none
 * at either end, no empty elements. It is empty when there is nothing to read.
 */
export function tidyRun(nodes: readonly HtmlNode[]): HtmlNode[] {
  return trimEnd(collapse(nodes, { afterSpace: true, breaks: MAX_BREAKS }))
}

/** What stands before the next node: a space (or the start) needs no second one, nor do line breaks. */
interface Before {
  afterSpace: boolean
  breaks: number
}

function collapse(nodes: readonly HtmlNode[], before: Before): HtmlNode[] {
  const kept: HtmlNode[] = []
  for (const node of nodes) {
    if (node.kind === 'text') {
      const text = collapseText(node.text, before)
      if (text !== '') kept.push(text === node.text ? node : textNode(text))
    } else if (node.name === 'br') {
      if (before.breaks++ < MAX_BREAKS) kept.push(node)
      before.afterSpace = true
    } else if (node.name === 'code' && hasText(cleanInside(node))) {
      kept.push(element(node.name, cleanInside(node), node.attributes))
      before.afterSpace = false
      before.breaks = 0
    } else {
      const children = collapse(node.children, before)
      if (node.name === 'code') for (const child of children) kept.push(child)
      else if (children.length > 0) kept.push(element(node.name, children, node.attributes))
    }
  }
  return joinTexts(kept)
}

/** Texts that meet where an empty element stood are one, and cleaned as one: marks may pile up on one letter. */
function joinTexts(nodes: HtmlNode[]): HtmlNode[] {
  if (!nodes.some((node, i) => node.kind === 'text' && nodes[i - 1]?.kind === 'text')) return nodes
  const joined: HtmlNode[] = []
  let texts: string[] = []
  const endText = () => {
    if (texts.length > 0) joined.push(textNode(texts.length === 1 ? (texts[0] ?? '') : cleanText(texts.join(''))))
    texts = []
  }
  for (const node of nodes) {
    if (node.kind === 'text') {
      texts.push(node.text)
      continue
    }
    endText()
    joined.push(node)
  }
  endText()
  return joined
}

function collapseText(text: string, before: Before): string {
  const collapsed = collapseSpaces(cleanText(text))
  const rest = before.afterSpace && collapsed.startsWith(' ') ? collapsed.slice(1) : collapsed
  // A narrow or thin space on a line of its own is as empty as any other one.
  if (rest === '' || (before.afterSpace && !saysSomething(rest))) return ''
  before.afterSpace = rest.endsWith(' ')
  if (rest !== ' ') before.breaks = 0
  return rest
}

function collapseSpaces(text: string): string {
  return /[\t\n\u00a0]| {2}/.test(text) ? text.replace(/[ \t\n\u00a0]+/g, ' ') : text
}

/** What stands in code, with its white space. */
function cleanInside({ children }: ElementNode): HtmlNode[] {
  return children.map(node =>
    node.kind === 'text' ? textNode(cleanText(node.text)) : element(node.name, cleanInside(node), node.attributes),
  )
}

function trimEnd(nodes: HtmlNode[]): HtmlNode[] {
  const end = nodes.at(-1)
  if (end?.kind === 'text' && !end.text.endsWith(' ')) return nodes
  const kept = [...nodes]
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    if (last.kind === 'element' && last.name === 'br') continue
    if (last.kind === 'element' && last.name === 'code') return [...kept, last]
    if (last.kind === 'text') {
      const text = last.text.endsWith(' ') ? last.text.slice(0, -1) : last.text
      if (text !== '') return [...kept, textNode(text)]
      continue
    }
    const children = trimEnd([...last.children])
    if (children.length > 0) return [...kept, element(last.name, children, last.attributes)]
  }
  return kept
}

/** Whether there is anything to read in there. */
export function hasText(nodes: readonly HtmlNode[]): boolean {
  return nodes.some(node => (node.kind === 'text' ? saysSomething(node.text) : hasText(node.children)))
}

function saysSomething(text: string): boolean {
  return /[^\s\p{Cc}]/u.test(text)
}
