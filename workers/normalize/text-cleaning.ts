import { capMarks, cleanInvisible } from './invisible-characters.ts'

/** The byte order mark and every control character but tab and LF. */
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

/** Text that keeps its white space: NFC, no controls, no invisible characters that nothing needs, few marks a letter. */
export function cleanText(text: string): string {
  const visible = cleanInvisible(cleanControls(text))
  // Marks are put in order by NFC, which takes long for thousands on one letter.
  return capMarks(capMarks(visible).normalize('NFC'))
}

/** Text of several lines: as cleanText, runs of spaces and NBSP as one space, lines trimmed, at most one blank line. */
export function cleanProse(text: string): string {
  return cleanText(text)
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
  const line = oneLine(capMarks(cleanInvisible(cleanControls(text))))
  const composed = oneLine(capMarks(line.normalize('NFC')))
  return composed.length <= maxLength ? composed : line
}

function oneLine(text: string): string {
  return text.replace(/[ \t\n\u00a0]+/g, ' ').trim()
}
