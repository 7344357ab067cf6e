import { wordsIn } from './text-key.ts'

export interface NearRepeat {
  /** Indexes of the two sentences, the earlier one first. */
  readonly first: number
  readonly second: number
}

/** Shorter sentences are alike by chance. */
const MIN_WORDS = 6
/** Of the words of the longer one, so many tenths stand in the other one. */
const MIN_SHARED = 0.8
/** How many earlier sentences with the same pair of words are looked at. */
const MAX_PER_PAIR = 8
/** A sentence is compared by so many of its words. */
const MAX_WORDS = 200

/**
 * Sentences that say nearly the same as an earlier one: most words are the same, and the others are no numbers, no names
 * and no negations. Equal ones are none. Pure.
 *
 *     'Sputnik goes live as Minister Lavrov holds a press conference.'
 *     'Sputnik is live as Minister Lavrov holds a press conference.'    ->  nearly the same
 *     'The score is 2-1 after half an hour.' / 'The score is 3-1 ...'     ->  not
 */
export function findNearRepeats(sentences: readonly string[]): NearRepeat[] {
  if (sentences.length < 2) return []
  const seen = new Map<string, number[]>()
  const read = new Map<string, ReadSentence>()
  const readOnce = (sentence: string): ReadSentence => {
    const known = read.get(sentence) ?? readSentence(sentence)
    read.set(sentence, known)
    return known
  }
  return sentences.flatMap((sentence, second): NearRepeat[] => {
    const first = likelySentences(sentence, second, seen).find(candidate => {
      const other = sentences[candidate]
      return other !== undefined && other !== sentence && sayNearlyTheSame(readOnce(other), readOnce(sentence))
    })
    return first === undefined ? [] : [{ first, second }]
  })
}

/** Earlier sentences that share a third of the pairs of neighbouring words, the likeliest first. Adds this one to `seen`. */
function likelySentences(sentence: string, index: number, seen: Map<string, number[]>): number[] {
  const words = sentence.toLowerCase().split(' ', MAX_WORDS)
  if (words.length < MIN_WORDS) return []
  const shared = new Map<number, number>()
  for (let i = 1; i < words.length; i++) {
    const pair = `${words[i - 1]} ${words[i]}`
    const before = seen.get(pair)
    if (before === undefined) {
      seen.set(pair, [index])
      continue
    }
    for (const first of before) if (first !== index) shared.set(first, (shared.get(first) ?? 0) + 1)
    if (before.length < MAX_PER_PAIR && before.at(-1) !== index) before.push(index)
  }
  if (shared.size === 0) return []
  const likely = [...shared].filter(([, count]) => count >= words.length / 3).sort((a, b) => b[1] - a[1])
  return likely.slice(0, MAX_PER_PAIR).map(([first]) => first)
}

interface ReadSentence {
  readonly words: readonly string[]
  /** In small letters: what makes two sentences say different things. */
  readonly telling: ReadonlySet<string>
}

const NEGATIONS = new Set(
  (
    'not no never without nor cannot t nicht kein keine keinen nie ohne ne pas jamais sans aucun no nunca sin non mai ' +
    'senza не нет ни без никогда немає ні لا لم لن ليس ما بدون نه نیست هرگز لا לא אין בלי'
  ).split(' '),
)

function readSentence(sentence: string): ReadSentence {
  const words = wordsIn(sentence).slice(0, MAX_WORDS)
  const small = words.map(word => word.toLowerCase())
  const telling = small.filter((word, i) => {
    const isName = i > 0 && word !== words[i]
    return isName || /\p{N}/u.test(word) || NEGATIONS.has(word)
  })
  return { words: small, telling: new Set(telling) }
}

function sayNearlyTheSame(a: ReadSentence, b: ReadSentence): boolean {
  const longer = Math.max(a.words.length, b.words.length)
  if (longer < MIN_WORDS) return false
  const [onlyA, onlyB] = [difference(a.words, b.words), difference(b.words, a.words)]
  if (onlyA.length === 0 && onlyB.length === 0) return false
  if ([...onlyA, ...onlyB].some(word => a.telling.has(word) || b.telling.has(word))) return false
  return longer - Math.max(onlyA.length, onlyB.length) >= MIN_SHARED * longer
}

/** The words of `a` that `b` does not have as often. */
function difference(a: readonly string[], b: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const word of b) left.set(word, (left.get(word) ?? 0) + 1)
  return a.filter(word => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count <= 0
  })
}
