type Granularity = 'sentence' | 'word' | 'grapheme'

/** More languages than one newsroom writes in. */
const MAX_KEPT = 60
const kept = new Map<string, Intl.Segmenter>()

/** A segmenter for a language (BCP 47). Making one takes much longer than using it, so they are kept. */
export function segmenter(language: string, granularity: Granularity): Intl.Segmenter {
  const key = `${granularity} ${language}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = new Intl.Segmenter(language, { granularity })
  if (kept.size >= MAX_KEPT) kept.clear()
  kept.set(key, made)
  return made
}
