import { isCallToAction } from '../call-to-action.ts'
import { findNearRepeats } from '../find-near-repeats.ts'
import { findRepeats } from '../find-repeats.ts'
import { isPageChrome } from '../page-chrome.ts'
import { splitSentences } from '../sentences.ts'
import { type Ledger, nameLines } from './ledger.ts'
import type { PageLine } from './page-line.ts'

/** What belongs to the site and not to the article. */
export function dropChrome(ledger: Ledger, inLanguage: string): void {
  for (const line of ledger.free()) {
    if (splitSentences(line.text, inLanguage).every(isCallToAction)) ledger.drop(line, 'call to action')
    else if (isPageChrome(line.text)) ledger.drop(line, 'page chrome')
  }
}

/** A paragraph whose sentences stand in lines of their own as well goes; those stay. */
export function dropRunTogether(ledger: Ledger): void {
  for (const { line, of } of findRepeats(ledger.lines)) {
    const [paragraph, parts] = [ledger.lines[line], linesAt(ledger.lines, of)]
    if (paragraph !== undefined && parts.length > 1)
      ledger.drop(paragraph, `repeat of ${nameLines(parts)}, run together`)
  }
}

/**
 * Of equal and of nearly equal lines of the text the first stays; what people do say twice stays and is warned about. So
 * are lines that say what the description says.
 */
export function dropRepeats(ledger: Ledger, text: readonly PageLine[], description: readonly PageLine[]): void {
  for (const { line, of, sure } of findRepeats(text)) {
    const [repeat, first] = [text[line], text[of[0] ?? -1]]
    if (repeat === undefined || first === undefined || of.length > 1) continue
    if (sure) ledger.drop(repeat, `repeat of line ${first.number}`)
    else ledger.warn('said-twice', `Line ${repeat.number} says what line ${first.number} says.`, [first, repeat])
  }
  const once = text.filter(ledger.isFree)
  for (const { first, second } of findNearRepeats(once.map(line => line.text))) {
    const [earlier, later] = [once[first], once[second]]
    if (earlier !== undefined && later !== undefined) ledger.drop(later, `nearly repeats line ${earlier.number}`)
  }
  warnAboutDescription(ledger, text.filter(ledger.isFree), description)
}

function warnAboutDescription(ledger: Ledger, text: readonly PageLine[], description: readonly PageLine[]): void {
  const both = [...description, ...text]
  const sentences = both.map(line => line.text)
  const equal = findRepeats(both).map(({ line, of }) => ({ first: of[0] ?? -1, second: line }))
  for (const { first, second } of [...equal, ...findNearRepeats(sentences)]) {
    const [told, line] = [description[first], both[second]]
    if (told === undefined || line === undefined || second < description.length) continue
    const detail = `Line ${line.number} says what the description says: both were kept.`
    ledger.warn('repeats-description', detail, [told, line])
  }
}

function linesAt(lines: readonly PageLine[], indexes: readonly number[]): PageLine[] {
  return indexes.flatMap(index => lines[index] ?? [])
}
