const MIN_KEYWORDS = 2
const MAX_KEYWORDS = 50
const MAX_KEYWORD_WORDS = 8
const MAX_KEYWORD_CHARS = 100
const MAX_LINE_CHARS = 2_000
/** Text beyond this is not searched for spellings: more than a body may have. */
const MAX_TEXT_CHARS = 131_072

/**
 * Pure: whether a line has the form of keywords: small letters only, at least two of them between commas, no sentence.
 * `well, that was quick` has it too: the text has to tell whether they are keywords.
 */
export function isKeywordLine(line: string): boolean {
  if (line.length > MAX_LINE_CHARS || /[\p{Lu}\p{Lt}]/u.test(line)) return false
  const keywords = splitKeywords(line)
  return keywords.length >= MIN_KEYWORDS && keywords.length <= MAX_KEYWORDS && keywords.every(isKeyword)
}

/**
 * Pure: the keywords of a comma line, each once, written as the text writes them. A keyword that the text does not have
 * takes the spelling of its longest parts that it has; one that has capitals stays as it is.
 *
 *     'sergey aleinik, talks'      ->  ['Sergey Aleinik', 'talks']
 *     'minister sergey aleinik'    ->  ['minister Sergey Aleinik'] where the text has only the name
 */
export function keywordsOf(line: string, text: string): string[] {
  const spellings = spellingsIn(text.slice(0, MAX_TEXT_CHARS))
  const cased = splitKeywords(line)
    .slice(0, MAX_KEYWORDS)
    .map(keyword => (keyword === keyword.toLowerCase() ? spellAs(keyword, spellings) : keyword))
  return cased.filter((keyword, i) => cased.findIndex(other => sameWords(other, keyword)) === i)
}

/** Whether two keywords differ in their capitals at most. */
function sameWords(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function splitKeywords(line: string): string[] {
  return line
    .split(/[,،、]/)
    .map(keyword => keyword.trim())
    .filter(keyword => keyword !== '')
}

/** Words in small letters. A script without them has no such lines; marks of a sentence, of times and addresses are none. */
function isKeyword(text: string): boolean {
  if (text.length > MAX_KEYWORD_CHARS || !/\p{Ll}/u.test(text)) return false
  return (
    text.split(' ').length <= MAX_KEYWORD_WORDS &&
    /^[\p{L}\p{M}\p{N} .'’&+/-]+$/u.test(text) &&
    !/\p{L}{2}\.(?: |$)|:\/\//u.test(text)
  )
}

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** The first word of a line or sentence has a capital for that alone. */
  readonly initial: boolean
}

interface Spellings {
  readonly text: string
  readonly words: readonly Word[]
  /** Where in `words` each word stands, by its small letters. */
  readonly places: ReadonlyMap<string, readonly number[]>
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’.&+/-][\p{L}\p{M}\p{N}]+)*/gu

function spellingsIn(text: string): Spellings {
  const words: Word[] = []
  const places = new Map<string, number[]>()
  let from = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const between = text.slice(from, index)
    from = index + word.length
    const key = word.toLowerCase()
    const known = places.get(key)
    if (known === undefined) places.set(key, [words.length])
    else known.push(words.length)
    words.push({ text: word, start: index, end: from, initial: words.length === 0 || /[.!?…\n]/.test(between) })
  }
  return { text, words, places }
}

/** From the left, each time as many words as the text has in a row. */
function spellAs(keyword: string, spellings: Spellings): string {
  const words = keyword.split(' ').filter(word => word !== '')
  const wanted = words.map(word => word.replace(/\.$/, ''))
  const spelled: string[] = []
  for (let i = 0; i < words.length; ) {
    const { length, text } = longestMatch(wanted.slice(i), spellings)
    const last = words[i + length - 1] ?? ''
    spelled.push(length === 0 ? (words[i] ?? '') : `${text}${last.endsWith('.') ? '.' : ''}`)
    i += Math.max(1, length)
  }
  return spelled.join(' ')
}

/** A word that stands more often than this in a text is compared at so many places only. */
const MAX_PLACES = 200

function longestMatch(wanted: readonly string[], { text, words, places }: Spellings): { length: number; text: string } {
  let length = 0
  let found: { from: number; votes: number; text: string }[] = []
  for (const place of (places.get(wanted[0] ?? '') ?? []).slice(0, MAX_PLACES)) {
    let run = 0
    while (
      run < wanted.length &&
      words[place + run]?.text.toLowerCase() === wanted[run] &&
      isJoined(text, words, place, run)
    )
      run++
    if (run < length || run === 0) continue
    if (run > length) found = []
    length = run
    const [first, last] = [words[place], words[place + run - 1]]
    if (first === undefined || last === undefined) continue
    const spelling = text.slice(first.start, last.end).replace(/\s+/g, ' ')
    const known = found.find(other => other.text === spelling)
    if (known === undefined) found.push({ from: place, votes: weightOf(first), text: spelling })
    else known.votes += weightOf(first)
  }
  const [best] = found.toSorted((a, b) => b.votes - a.votes || a.from - b.from)
  return { length, text: best?.text ?? '' }
}

/** Only white space stands before a word that goes on with a name. */
function isJoined(text: string, words: readonly Word[], place: number, run: number): boolean {
  const [before, word] = [words[place + run - 1], words[place + run]]
  return run === 0 || before === undefined || word === undefined || text.slice(before.end, word.start).trim() === ''
}

/** A spelling from the middle of a sentence counts for more than any number of those from its start. */
function weightOf({ initial }: Word): number {
  return initial ? 1 : MAX_PLACES + 1
}
