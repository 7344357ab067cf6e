/** Where the parts of a quotation stand in a line. */
export interface Quotation {
  /** The words, with their quotation marks. */
  readonly quoteEnd: number
  /** Who said it. */
  readonly nameStart: number
  readonly nameEnd: number
}

/** Each opening mark with what closes it, in the languages that write it so. */
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '„': '“”',
  '”': '”',
  '«': '»',
  '»': '«',
  '「': '」',
  '『': '』',
}
const MIN_WORDS = 4
const MIN_LETTERS_WITHOUT_SPACES = 12
const MAX_NAME_CHARS = 80
const MAX_NAME_WORDS = 8
const MAX_ATTRIBUTION_CHARS = 250

/**
 * Pure: a line that is a quotation and who said it, or undefined: `"..." — Name, role`, `“...” – Name (role)`, and the
 * marks of other languages. A title (`"The Crown" – Netflix`) and a sentence that goes on are none.
 */
export function readQuotation(line: string): Quotation | undefined {
  const quoteEnd = endOfQuote(line)
  if (quoteEnd === undefined) return undefined
  const name = readAttribution(line.slice(quoteEnd, quoteEnd + MAX_ATTRIBUTION_CHARS + 1))
  return name === undefined ? undefined : { quoteEnd, nameStart: quoteEnd + name.start, nameEnd: quoteEnd + name.end }
}

/** Pure: whether a line is one quotation and nothing else. */
export function isQuotation(line: string): boolean {
  return endOfQuote(line) === line.length
}

/** Pure: where the name stands in `— Name, role`; undefined when it may be something else. */
export function readAttribution(text: string): { start: number; end: number } | undefined {
  const lead = /^ ?(?:[—–―]|--?(?= )) ?/.exec(text)?.[0]
  if (lead === undefined || text.length > MAX_ATTRIBUTION_CHARS) return undefined
  const rest = text.slice(lead.length)
  const [name = ''] = rest.split(/, | \(/, 1)
  const role = rest.slice(name.length)
  return isSpeaker(name) && isRole(role) ? { start: lead.length, end: lead.length + name.length } : undefined
}

/** Behind the mark that closes the first one; undefined when it does not stand for what somebody said. */
function endOfQuote(line: string): number | undefined {
  const open = line.slice(0, 1)
  const closing = CLOSING[open]
  if (closing === undefined) return undefined
  let depth = 1
  for (let i = 1; i < line.length; i++) {
    const mark = line.charAt(i)
    if (closing.includes(mark)) depth--
    else if (mark === open) depth++
    if (depth === 0) return isSaying(line.slice(1, i).trim()) ? i + 1 : undefined
  }
  return undefined
}

/** Long enough, or with the end of a sentence: no title of a film. */
function isSaying(words: string): boolean {
  if (/[.!?…。！？][’'»”]?$/u.test(words)) return words.length > 1
  const count = words.split(/\s+/, MIN_WORDS).length
  return count >= MIN_WORDS || (count === 1 && /^\p{Lo}/u.test(words) && words.length >= MIN_LETTERS_WITHOUT_SPACES)
}

const PARTICLES = new Set(
  'de da do dos di du del der den van von zu zur la le bin ibn al el ben y e of the and und et'.split(' '),
)

/** Every word has a capital, or the script has none. */
function isSpeaker(name: string): boolean {
  const words = name.split(' ')
  if (name.length > MAX_NAME_CHARS || words.length > MAX_NAME_WORDS || /["“”„«»:;!?\d]|\p{Ll}{2}\./u.test(name))
    return false
  return words.every((word, i) => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(word) || (i > 0 && PARTICLES.has(word)))
}

/** No sentence: nothing ends in it. */
function isRole(role: string): boolean {
  return !/["“”„«»!?]|\p{Ll}{3}\.(?:\s|$)/u.test(role) && (role === '' || role.length > 2)
}
