import { isAbbreviation } from './abbreviations.ts'

/** What is looked at on each side of a full stop. */
const MAX_LOOK = 60
/** A quotation that began further back is not noticed. */
const MAX_QUOTED = 400

const MAYBE_GLUED = /[.!?؟](?=["“”«»„([)\]]{0,2}\p{L})/gu

/**
 * Where a space is missing between two sentences (UTF-16 places, in order). Only where that is sure: the word before is
 * no abbreviation, and a word that begins a sentence follows. Pure; code and addresses must be masked before.
 *
 *     'in Moscow.Russian Foreign'   ->  before 'Russian'
 *     'he said.”The talks'           ->  before 'The'
 *     'U.S.Army', 'Node.js', 'No.5', '3.30pm', 'St.Petersburg', 'Report.Pdf', 'wait...What'   ->  nowhere
 */
export function findGluedSentences(text: string): number[] {
  let quotes = 0
  let countedTo = 0
  const isOpenQuote = (at: number) => {
    for (; countedTo < at; countedTo++) if (text[countedTo] === '"') quotes++
    return quotes % 2 === 1
  }
  return [...text.matchAll(MAYBE_GLUED)].flatMap(({ 0: mark, index }) => {
    let at = index + 1
    while (at < text.length && closes(text, at, isOpenQuote)) at++
    let letter = at
    while (/["“«»„([]/.test(text[letter] ?? '')) letter++
    const before = text.slice(Math.max(0, index - MAX_LOOK), index)
    const after = text.slice(letter, letter + MAX_LOOK)
    return isGlued(mark, before, after) ? [at] : []
  })
}

/** Whether the mark at a place belongs to what stands before it. Some marks open in one language and close in another. */
function closes(text: string, at: number, isOpenQuote: (at: number) => boolean): boolean {
  const near = text.slice(Math.max(0, at - MAX_QUOTED), at)
  const openedBy = (opening: string, closing: string) => near.lastIndexOf(opening) > near.lastIndexOf(closing)
  switch (text[at]) {
    case ')':
    case ']':
    case '”':
      return true
    case '"':
      return isOpenQuote(at)
    case '“':
      return openedBy('„', '“')
    case '»':
      return openedBy('«', '»')
    case '«':
      return openedBy('»', '«')
    default:
      return false
  }
}

const LAST_TOKEN = /\S+$/u
const LAST_WORD = /([\p{L}\p{M}]+|\p{N}+)["'”’»“)\]]{0,2}$/u
const FIRST_WORD = /^[\p{L}\p{M}\p{N}]+/u
/** Marks of names of files, accounts, methods. */
const TECHNICAL = /[/\\@#_=&~{}<>|\ufffc]/u
/** A colon stands behind a narrow space where French typography was set. */
const GOES_ON_TECHNICALLY = /^(?:\u202f?:|[(\\/@_=]|\.[\p{L}\p{N}])/u

function isGlued(mark: string, before: string, after: string): boolean {
  const token = LAST_TOKEN.exec(before)?.[0] ?? ''
  const next = FIRST_WORD.exec(after)?.[0] ?? ''
  if (TECHNICAL.test(token) || GOES_ON_TECHNICALLY.test(after.slice(next.length))) return false
  const last = LAST_WORD.exec(before)?.[1]
  if (last === undefined) return mark !== '.' && /[!?]$/.test(before) && beginsSentence(last ?? '', next, after)
  if (mark === '.' && !endsSentence(token, last, next)) return false
  return beginsSentence(last, next, after) || isGluedWithoutCase(last, next)
}

function endsSentence(token: string, last: string, next: string): boolean {
  if (isAbbreviation(last) || NAME_ENDINGS.has(next.toLowerCase())) return false
  if (/^\p{N}/u.test(last)) return /^\p{Lu}\p{Ll}/u.test(next) && !/\p{L}/u.test(token)
  // One letter is an initial; a full stop inside is a name or an abbreviation: "e.g", "U.S", "System.Text".
  return [...last].length > 1 && !token.includes('.')
}

/** Words that are written with one letter, in the languages that have them. */
const ONE_LETTER = /^[AIYEOÀÈÉÓВИКОСУЯАЗЄІЙ]$/u
const MIN_BEFORE_ONE_LETTER = 4

function beginsSentence(last: string, next: string, after: string): boolean {
  if (/^\p{Lu}\p{Ll}/u.test(next)) return true
  const rest = after.slice(next.length)
  if (/^\p{Lu}$/u.test(next)) {
    if (/^['’]\p{L}/u.test(rest)) return true // "I'm", "L'homme"
    return ONE_LETTER.test(next) && last.length >= MIN_BEFORE_ONE_LETTER && /^ \p{L}/u.test(rest)
  }
  // "in Moscow.NATO said": capitals after small letters, and more text behind them.
  return /^\p{Lu}{2,}$/u.test(next) && /\p{Ll}$/u.test(last) && /^[’'s]{0,2} \p{L}/u.test(rest)
}

const SCRIPTS = [/^[\p{sc=Arabic}\p{M}]+$/u, /^[\p{sc=Hebrew}\p{M}]+$/u]
const MIN_WITHOUT_CASE = 3
/** Endings of addresses in scripts without case. */
const ADDRESS_ENDINGS = new Set('موقع شبكة مصر السعودية امارات ایران ایرانی פורום'.split(' '))

/** Where no capital shows that a sentence begins, both words must be whole words. */
function isGluedWithoutCase(last: string, next: string): boolean {
  const sameScript = SCRIPTS.some(script => script.test(last) && script.test(next))
  if (!sameScript || ADDRESS_ENDINGS.has(next)) return false
  return Math.min(lettersIn(last), lettersIn(next)) >= MIN_WITHOUT_CASE
}

function lettersIn(word: string): number {
  return word.replace(/\p{M}/gu, '').length
}

/** What follows the full stop in names of sites, files and products, in small letters. Words that begin sentences are not here. */
const NAME_ENDINGS: ReadonlySet<string> = new Set(
  (
    'com org net gov edu info biz io ai app dev tv fm eu uk ua ru su by kz de fr pl рф укр бел ' +
    'js ts jsx tsx py rb php md txt pdf doc docx xls xlsx ppt pptx csv json xml html htm css zip rar exe jpg jpeg png ' +
    'gif svg webp mp3 mp4 mov avi wav'
  ).split(' '),
)
