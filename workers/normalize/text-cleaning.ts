/**
 * The byte order mark and every control character but tab and LF. Joiners (U+200C, U+200D) stay: Persian and emoji
 * need them. Direction marks stay too.
 */
const CONTROLS = /(?![\n\t])\p{Cc}|\ufeff/gu

/** The widths of space that carry no meaning in prose. An ideographic space (U+3000) is a letter's width: it stays. */
const SPACES = /[ \t\u00a0]+/g

/** Line ends become LF, other control characters and byte order marks go. Spaces stay: markup may need them. */
export function cleanControls(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028]/g, '\n')
    .replaceAll('\u2029', '\n\n')
    .replace(CONTROLS, '')
}

/** Text of several lines: NFC, runs of spaces and NBSP as one space, lines trimmed, at most one blank line in a row. */
export function cleanProse(text: string): string {
  return cleanControls(text)
    .normalize('NFC')
    .replace(SPACES, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/**
 * Text of one line: as cleanProse, and line ends become spaces. NFC lengthens a few letters (those that Unicode keeps
 * apart); text that would thereby grow over `maxLength` is left uncomposed, so that it still fits its field.
 */
export function cleanLine(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const line = oneLine(cleanControls(text))
  const composed = oneLine(line.normalize('NFC'))
  return composed.length <= maxLength ? composed : line
}

function oneLine(text: string): string {
  return text.replace(/[ \t\n\u00a0]+/g, ' ').trim()
}
