import { CALL_PHRASES, type CallPhrases } from './call-to-action-phrases.ts'
import { foldPhrase } from './folded-phrase.ts'

/** No phrase of the table is shorter. */
const MIN_CHARS = 5
/** Longer sentences tell something besides. */
const MAX_CHARS = 300

/**
 * Whether a sentence calls readers to follow, subscribe or click, in any of the languages of the table. What somebody is
 * quoted with is none. Pure.
 *
 *     "Follow Sputnik's live feed to find out more!"    ->  true
 *     'Abonnieren Sie unseren Newsletter.'              ->  true
 *     'Follow the money, prosecutors said.'             ->  false
 *     '“Subscribe to our channel,” he said.'            ->  false
 */
export function isCallToAction(sentence: string): boolean {
  const text = sentence.trim()
  if (text.length < MIN_CHARS || text.length > MAX_CHARS) return false
  const first = FIRST_WORD.exec(text)?.[1]
  const likely = first === undefined ? undefined : byFirstWord.get(first.toLowerCase().replaceAll('’', "'"))
  if (likely === undefined) return false
  const folded = `${foldPhrase(text)} `
  return likely.some(
    ({ beginning, targets }) =>
      folded.startsWith(`${beginning} `) &&
      (targets === undefined || targets.some(target => folded.includes(` ${target}`, beginning.length))),
  )
}

/** After marks such as an arrow or an emoji, but after no quotation mark. */
const FIRST_WORD = /^[^\p{L}"'“”„«‘‚]{0,8}(\p{L}[\p{L}\p{M}'’\u200c-]*)/u

interface Beginning {
  readonly beginning: string
  readonly targets?: readonly string[]
}

const byFirstWord: ReadonlyMap<string, readonly Beginning[]> = indexByFirstWord(CALL_PHRASES)

function indexByFirstWord(phrases: readonly CallPhrases[]): ReadonlyMap<string, Beginning[]> {
  const index = new Map<string, Beginning[]>()
  const add = (entry: Beginning) => {
    const first = entry.beginning.split(' ', 1)[0] ?? ''
    index.set(first, [...(index.get(first) ?? []), entry])
  }
  for (const { alone, beginnings, targets } of phrases) {
    for (const beginning of alone) add({ beginning })
    for (const beginning of beginnings) add({ beginning, targets })
  }
  return index
}
