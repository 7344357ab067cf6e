import { languageOf } from '../language-of.ts'
import type { Ledger } from './ledger.ts'

/** Taken where the words do not tell. */
const DEFAULT_LANGUAGE = 'en'

/** The language of a page whose sender named none. It is warned about, unless the words plainly are in the default one. */
export function languageOfPage(ledger: Ledger): string {
  const words = ledger.lines.toSorted((a, b) => b.text.length - a.text.length).slice(0, 5)
  const guess = languageOf(words.map(({ text }) => text).join('\n'))
  if (guess?.language === DEFAULT_LANGUAGE) return DEFAULT_LANGUAGE
  const language = guess?.language ?? DEFAULT_LANGUAGE
  const why = guess === undefined ? 'the words do not tell' : `confidence ${guess.confidence.toFixed(2)}`
  ledger.warn('assumed-language', `The language was taken to be ${language}: ${why}.`, [])
  return language
}
