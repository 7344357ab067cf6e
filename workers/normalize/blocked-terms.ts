/** A text as terms are looked for in it. */
export interface Searchable {
  /** Its words alone, in small letters without accents, each between spaces. */
  readonly words: string
  /** The same without any space, for scripts that write none. */
  readonly letters: string
  /** As it was, for terms that have no letters. */
  readonly text: string
}

/** Invisible characters that can stand inside of a word: joiners, soft hyphens, direction marks, variation selectors. */
const INVISIBLE = /[\p{Cf}\p{M}]/gu
/** One character each, many words when taken apart: nobody writes a term in them. */
const PHRASES = /[\ufdfa\ufdfb]/g
const NO_WORD = /[^\p{L}\p{N}]+/gu
/** Words stand side by side in these scripts, so a term may begin anywhere. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** Letters that Unicode does not take apart, though people read them as plain ones with an accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  ς: 'σ',
}
const STROKED = /[łøđħŧæœðς]/g
const ENCODED = /(?:%[\da-f]{2})+/gi

/** Pure: prepared once for all terms. An address is searched as it reads when decoded, too. */
export function searchable(text: string): Searchable {
  const decoded = text.includes('%') ? `${text} ${text.replace(ENCODED, decode)}` : text
  const words = wordsOf(decoded)
  return { words, letters: words.replaceAll(' ', ''), text: decoded }
}

/** A term, ready to be looked for in many texts. */
export interface PreparedTerm {
  readonly term: string
  readonly isIn: (text: Searchable) => boolean
}

/**
 * Pure: terms are found as whole words, whatever their case, accents, and the punctuation between words: `sergei aleinik`
 * is in `Sergéi  Aleïnik`, `SERGEI-ALEINIK` and `sergei_aleinik`, and not in `sergei aleiniks`.
 */
export function prepareTerms(terms: readonly string[]): PreparedTerm[] {
  return terms.map(term => ({ term, isIn: finderOf(term) }))
}

function finderOf(term: string): PreparedTerm['isIn'] {
  const wanted = wordsOf(term)
  if (wanted.trim() === '') return ({ text }) => text.includes(term.trim())
  if (!WITHOUT_SPACES.test(wanted)) return ({ words }) => words.includes(wanted)
  const together = wanted.replaceAll(' ', '')
  return ({ letters }) => letters.includes(together)
}

function wordsOf(text: string): string {
  // Upper case first: it is where ß and ss, and the two small sigmas, are the same.
  // Marks go first: a long row of them takes Unicode's algorithm very long to put in order.
  const small = text
    .replace(INVISIBLE, '')
    .replace(PHRASES, ' ')
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .replace(INVISIBLE, '')
  const folded = small.replace(STROKED, letter => PLAIN[letter] ?? letter)
  return ` ${folded.replace(NO_WORD, ' ').trim()} `
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (error) {
    if (error instanceof URIError) return encoded // not UTF-8, so nobody can read it
    throw error
  }
}
