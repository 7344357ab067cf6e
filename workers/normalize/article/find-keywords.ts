import { isKeywordLine, keywordsOf } from '../keywords.ts'
import type { Ledger } from './ledger.ts'
import { type PageLine, titleKey } from './page-line.ts'

const MAX_KEYWORDS = 50
const MAX_KEYWORD_CHARS = 100
/** Behind the text, keywords stand at the very end. */
const LAST_LINES = 3

/** The event's keywords: from lower-case comma lines, labelled ones, and lines of hashtags, before the text or behind it. */
export function findKeywords(ledger: Ledger, before: readonly PageLine[]): string[] {
  const ahead = new Set(before)
  const last = ledger.free().slice(-LAST_LINES)
  const lines = [...new Set([...before.filter(ledger.isFree), ...last])].filter(line => isListed(line, ledger, ahead))
  const words = ledger.lines.filter(line => !lines.includes(line)).map(({ text }) => text)
  const keywords = new Map<string, string>()
  for (const line of lines) {
    ledger.use(line)
    for (const keyword of keywordsIn(line.text, words.join('\n'))) {
      const key = titleKey(keyword)
      if (key !== '' && keyword.length <= MAX_KEYWORD_CHARS && !keywords.has(key)) keywords.set(key, keyword)
    }
  }
  return [...keywords.values()].slice(0, MAX_KEYWORDS)
}

/** Behind the text, `well, that was quick` is no list: there, other lines must speak of one of the keywords. */
function isListed(line: PageLine, { lines }: Ledger, ahead: ReadonlySet<PageLine>): boolean {
  if (LABEL.test(line.text) || isHashtags(line.text)) return true
  if (!isKeywordLine(line.text)) return false
  if (ahead.has(line)) return true
  const keywords = line.text
    .split(/[,،、]/)
    .map(keyword => keyword.trim())
    .filter(keyword => keyword !== '')
  return lines.some(({ text }) => text !== line.text && keywords.some(keyword => text.toLowerCase().includes(keyword)))
}

const LABEL =
  /^(?:keywords?|tags?|topics?|schlagwörter|stichwörter|mots-clés|palabras clave|parole chiave|ключевые слова|теги|ключові слова) ?: ?/iu

function keywordsIn(line: string, text: string): string[] {
  if (isHashtags(line)) return line.split(/[ ,]+/).map(tag => tag.slice(1))
  return keywordsOf(line.replace(LABEL, '').replace(/\.$/, '').replaceAll(';', ','), text)
}

function isHashtags(text: string): boolean {
  return text.split(/[ ,]+/).every(word => /^#[\p{L}\p{M}\p{N}_]+$/u.test(word))
}
