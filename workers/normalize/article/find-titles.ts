import type { Ledger } from './ledger.ts'
import { endsSentence, type PageLine, titleKey } from './page-line.ts'

export interface Titles {
  readonly headline?: PageLine
  readonly alternativeHeadline?: PageLine
}

/** Longer lines are no titles. */
const MAX_TITLE_CHARS = 300
/** A second title is short. */
const MAX_ALTERNATIVE_CHARS = 120

/**
 * The titles among the lines before the page's date: the most repeated one is the headline, the first of equals; another
 * repeated, short and unpunctuated one is the alternative headline. Their repeats are dropped, wherever they stand.
 */
export function findTitles(ledger: Ledger, before: readonly PageLine[]): Titles {
  const candidates = before.filter(line => ledger.isFree(line) && line.text.length <= MAX_TITLE_CHARS)
  const groups = groupEqual(candidates)
  const headline = mostRepeated(groups)
  if (headline === undefined) return {}
  const alternative = groups.find(
    ([first, ...more]) =>
      first !== headline && more.length > 0 && first.text.length <= MAX_ALTERNATIVE_CHARS && !endsSentence(first.text),
  )?.[0]
  for (const title of [headline, alternative]) {
    if (title === undefined) continue
    ledger.use(title)
    for (const line of ledger.free()) {
      if (titleKey(line.text) === titleKey(title.text)) ledger.drop(line, `repeat of line ${title.number}`)
    }
  }
  return { headline, ...(alternative === undefined ? {} : { alternativeHeadline: alternative }) }
}

type Group = readonly [PageLine, ...PageLine[]]

function groupEqual(lines: readonly PageLine[]): Group[] {
  const groups = new Map<string, [PageLine, ...PageLine[]]>()
  for (const line of lines) {
    const key = titleKey(line.text)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [line])
    else group.push(line)
  }
  return [...groups.values()]
}

/** Of HTML, a heading goes before other lines that are repeated as often. */
function mostRepeated(groups: readonly Group[]): PageLine | undefined {
  const rank = (group: Group) => group.length + (group.some(({ html }) => html?.role === 'heading') ? 0.5 : 0)
  return groups.toSorted((a, b) => rank(b) - rank(a))[0]?.[0]
}
