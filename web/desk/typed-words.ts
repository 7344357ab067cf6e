import type { EditorFields } from './editor-fields.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

/**
 * Pure: the words that were typed, without the marks of their format: what the cleaned text is compared with. It is near
 * enough to show what cleaning did, and nothing is published from it.
 */
export function typedWords({ body, bodyFormat }: Pick<EditorFields, 'body' | 'bodyFormat'>): string {
  return tidyLines(bodyFormat === 'html' ? withoutTags(body) : bodyFormat === 'markdown' ? withoutMarks(body) : body)
}

function tidyLines(text: string): string {
  return text
    .split(/\r\n|[\r\n]/)
    .map(line => line.trim())
    .filter(line => line !== '')
    .join('\n')
}

const BLOCK_EDGE =
  /<\/?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|pre|table|tr|figure|figcaption|section|article)(?:\s[^<>]*)?\/?>/gi

function withoutTags(html: string): string {
  return decoded(
    html
      .replaceAll(/[\r\n]+/g, ' ')
      .replaceAll(BLOCK_EDGE, '\n')
      .replaceAll(/<[^<>]*>/g, ''),
  )
}

function withoutMarks(markdown: string): string {
  return markdown
    .replaceAll(/^[ ]{0,3}(?:#{1,6} |> ?|[-*+] |\d{1,9}[.)] )/gm, '')
    .replaceAll(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replaceAll(/\*\*|__|~~|`/g, '')
    .replaceAll(/(^|[\s(])[*_](?=\S)|(?<=\S)[*_](?=$|[\s.,;:!?)])/gm, '$1')
}

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
