import { isKeywordLine, keywordsOf } from '../keywords.ts'
import type { Ledger } from './ledger.ts'
import { type PageLine, titleKey } from './page-line.ts'

const MAX_KEYWORDS = 50
const MAX_KEYWORD_CHARS = 100
/** Behind the text, keywords stand at the very end. */
const LAST_LINES = 3

/** The event's keywords: from lower-case comma lines, labelled ones, and lines of hashtags, before the text or behind it. */
export function findKeywords(ledger: Ledger, before: readonly PageLine[]): string[] {
  const places = [...before.filter(ledger.isFree), ...ledger.free().slice(-LAST_LINES)]
  const lines = [...new Set(places)].filter(({ text }) => isKeywordLine(text) || LABEL.test(text) || isHashtags(text))
  if (lines.length === 0) return []
  const words = ledger.lines.filter(line => !lines.includes(line)).map(({ text }) => text)
  const keywords = new Map<string, string>()
  for (const line of lines) {
    ledger.use(line)
    for (const keyword of keywordsIn(line.text, words.join('\n'))) {
      if (keyword !== '' && keyword.length <= MAX_KEYWORD_CHARS) keywords.set(titleKey(keyword), keyword)
    }
  }
  return [...keywords.values()].slice(0, MAX_KEYWORDS)
}

const LABEL =
  /^(?:keywords?|tags?|topics?|schlagwörter|stichwörter|mots-clés|palabras clave|parole chiave|ключевые слова|теги|ключові слова) ?: ?/iu

function keywordsIn(line: string, text: string): string[] {
  if (isHashtags(line)) return line.split(/[ ,]+/).map(tag => tag.slice(1))
  const list = line.replace(LABEL, '')
  return keywordsOf(list, text) ?? list.split(/[,;،、]/).map(keyword => keyword.trim().replace(/\.$/, ''))
}

function isHashtags(text: string): boolean {
  return text.split(/[ ,]+/).every(word => /^#[\p{L}\p{M}\p{N}_]+$/u.test(word))
}
