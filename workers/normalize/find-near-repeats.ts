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
  const seen = new Map<string, number[]>()
  const compared = sentences.map(readSentence)
  return compared.flatMap((sentence, second): NearRepeat[] => {
    if (sentence.words.length < MIN_WORDS) return []
    const candidates = new Map<number, number>()
    for (const pair of pairsOf(sentence.words)) {
      const before = seen.get(pair) ?? []
      for (const first of before) candidates.set(first, (candidates.get(first) ?? 0) + 1)
      if (before.length < MAX_PER_PAIR) seen.set(pair, [...before, second])
    }
    const likely = [...candidates]
      .filter(([, shared]) => shared >= sentence.words.length / 3)
      .sort((a, b) => b[1] - a[1])
    const found = likely.slice(0, MAX_PER_PAIR).find(([first]) => {
      const other = compared[first]
      return first !== second && other !== undefined && sayNearlyTheSame(other, sentence)
    })
    return found === undefined ? [] : [{ first: found[0], second }]
  })
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

/** Each pair of neighbouring words once. */
function pairsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.slice(1).map((word, i) => `${words[i]} ${word}`))
}

function sayNearlyTheSame(a: ReadSentence, b: ReadSentence): boolean {
  const [onlyA, onlyB] = [difference(a.words, b.words), difference(b.words, a.words)]
  if (onlyA.length === 0 && onlyB.length === 0) return false
  if ([...onlyA, ...onlyB].some(word => a.telling.has(word) || b.telling.has(word))) return false
  const longer = Math.max(a.words.length, b.words.length)
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
