const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

/**
 * Pure: the plain text whose published form is this HTML, or undefined when text alone would lose something
 * (emphasis, lists, links with words of their own). Paragraphs become blank lines.
 */
export function plainTextOf(html: string): string | undefined {
  const linked = html.replaceAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g, (whole, href: string, words: string) =>
    href === words ? words : whole,
  )
  const text = linked
    .replaceAll(/\n*<br ?\/?>\n*/g, '\n')
    .replaceAll(/<\/p>\s*<p>/g, '\n\n')
    .replaceAll(/^\s*<p>|<\/p>\s*$/g, '')
  return text.includes('<') ? undefined : decoded(text)
}

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
