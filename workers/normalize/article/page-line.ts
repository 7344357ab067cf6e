import type { ElementNode } from '../body/html-tree.ts'
import { cleanLine } from '../text-cleaning.ts'
import { textKey } from '../text-key.ts'

/** One line of a page that is not empty. Of HTML, the lines are its blocks, and the lines within them. */
export interface PageLine {
  /** Counted from 1; of text, empty lines count too. */
  readonly number: number
  /** As it stands on the page, trimmed. */
  readonly raw: string
  /** The same words in clean characters. */
  readonly text: string
  readonly html?: LineHtml
}

/** Where a line of HTML stood. */
export interface LineHtml {
  readonly role: 'text' | 'heading' | 'caption' | 'picture'
  /** Its block, or item, row or paragraph of a block. */
  readonly node: ElementNode
  /** The list, table or quote it belongs to, whose lines stay together. */
  readonly whole?: ElementNode
  /** Of a picture that stands alone. */
  readonly picture?: PagePicture
}

export interface PagePicture {
  /** Unknown where the page gives it relative to itself, and nobody said where that is. */
  readonly url?: string
  readonly alt: string
}

/** Pure: the lines of a page as text. */
export function readTextLines(text: string): PageLine[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line, index) => {
    const clean = cleanLine(line)
    return clean === '' ? [] : [{ number: index + 1, raw: line.trim(), text: clean }]
  })
}

/** What two titles have in common that are the same but for capitals, white space and the way marks are set. */
export function titleKey(text: string): string {
  return textKey(text).toLowerCase()
}

/** Whether words end as a sentence does. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？؟۔।][\p{Pf}\p{Pe}"'’”»]*$/u.test(text)
}
