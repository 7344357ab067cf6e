import { isPlain } from '../text-cleaning.ts'
import type { ElementNode, HtmlNode } from './html-tree.ts'

const BLOCKS = new Set('p h2 h3 h4 blockquote ul ol li figure figcaption table thead tbody tr pre'.split(' '))

/**
 * The words of a tidy tree in reading order: a line for each block, a space between cells, line breaks as they are, so
 * that no two words are ever glued together. Quotation marks and numbers that the author set are words too.
 */
export function readText(nodes: readonly HtmlNode[]): string {
  const pieces: string[] = []
  let number = ''
  let atLineStart = true
  const push = (text: string) => {
    if (text === '') return
    pieces.push(text)
    atLineStart = text.endsWith('\n')
  }
  /** A number stands before the first words of its item, whatever block these are in. */
  const write = (text: string) => {
    push(number)
    push(text)
    number = ''
  }
  const endLine = () => {
    if (!atLineStart) push('\n')
  }
  const read = (node: HtmlNode): void => {
    if (node.kind === 'text') write(node.text)
    else if (node.name === 'br') push('\n')
    else if (node.name === 'td' || node.name === 'th') {
      readAll(node.children)
      push(' ')
    } else if (node.name === 'q') {
      write('"')
      readAll(node.children)
      push('"')
    } else if (node.name === 'ol') readList(node)
    else if (BLOCKS.has(node.name)) {
      endLine()
      readAll(node.children)
      endLine()
    } else readAll(node.children)
  }
  const readAll = (children: readonly HtmlNode[]) => {
    for (const child of children) read(child)
  }
  /** Only a number that the author chose: "15. December" written in Markdown is a list that starts at 15. */
  const readList = (list: ElementNode) => {
    const start = Number(list.attributes['start'] ?? Number.NaN)
    list.children.forEach((item, i) => {
      endLine()
      if (!Number.isNaN(start)) number = `${start + i}. `
      read(item)
    })
    endLine()
  }
  readAll(nodes)
  const text = pieces.join('')
  const lines = (isPlain(text) ? text : text.normalize('NFC')).split('\n')
  return lines
    .map(line => line.trimEnd())
    .join('\n')
    .trim()
}
