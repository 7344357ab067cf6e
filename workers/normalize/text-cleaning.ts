import { capMarks, cleanInvisible } from './invisible-characters.ts'

/** The byte order mark and every control character but tab and LF. */
const CONTROLS = /(?![\n\t])\p{Cc}|\ufeff/gu

/** The widths of space that carry no meaning in prose. An ideographic space (U+3000) is a letter's width: it stays. */
const SPACES = /[ \t\u00a0]+/g

/**
 * Letters of the larger scripts without marks, signs, spaces and line ends: most texts have nothing else. In them there is
 * nothing to take out and nothing that NFC changes, so they need no closer look.
 */
const PLAIN =
  /^[\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u05f3\u05f4\u060c\u061b\u061f\u0621-\u064a\u0660-\u066f\u0671-\u06d5\u2010-\u2027\u20ac\u3001\u3002\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/

export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** Line ends become LF, other control characters and byte order marks go. Spaces stay: markup may need them. */
export function cleanControls(text: string): string {
  if (isPlain(text)) return text
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028]/g, '\n')
    .replaceAll('\u2029', '\n\n')
    .replace(CONTROLS, '')
}

/** Text that keeps its white space: NFC, no controls, no invisible characters that nothing needs, few marks a letter. */
export function cleanText(text: string): string {
  if (isPlain(text)) return text
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
  if (isPlain(text)) return oneLine(text)
  const line = oneLine(capMarks(cleanInvisible(cleanControls(text))))
  const composed = oneLine(capMarks(line.normalize('NFC')))
  return composed.length <= maxLength ? composed : line
}

function oneLine(text: string): string {
  if (!/[\t\n\u00a0]|^ | {2}| $/.test(text)) return text
  return text.replace(/[ \t\n\u00a0]+/g, ' ').trim()
}
