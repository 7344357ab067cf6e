import type { z } from 'zod'
import type { EventDraft } from '../../../src/protocol/event.ts'
import { textKey } from '../text-key.ts'
import type { Ledger } from './ledger.ts'
import { endsSentence, type PageLine } from './page-line.ts'

const MAX_DESCRIPTION_CHARS = 2_000
const MAX_AUTHORS = 50

type Header = Pick<z.input<typeof EventDraft>, 'description' | 'authors'>

/**
 * What the free lines before the page's text say of the event: sentences are its description, a byline its authors. A
 * sentence that says the same once more is a repeat; other lines are labels of the page, and dropped.
 */
export function readHeader(
  ledger: Ledger,
  before: readonly PageLine[],
): Header & { readonly descriptionLines: PageLine[] } {
  const descriptionLines: PageLine[] = []
  const authors: string[] = []
  let length = 0
  for (const line of before.filter(ledger.isFree)) {
    const names = namesInByline(line.text)
    if (names.length > 0) {
      authors.push(...names)
      ledger.use(line)
      continue
    }
    if (!endsSentence(line.text)) {
      ledger.drop(line, 'label before the text')
      continue
    }
    const same = descriptionLines.find(other => textKey(other.text) === textKey(line.text))
    if (same !== undefined) ledger.drop(line, `repeat of line ${same.number}`)
    else if (length + 1 + line.text.length <= MAX_DESCRIPTION_CHARS) {
      length += 1 + line.text.length
      descriptionLines.push(line)
      ledger.use(line)
    }
    // What is too much for a description stays free, and becomes an update.
  }
  const description = descriptionLines.map(({ text }) => text).join(' ')
  const named = [...new Set(authors)].slice(0, MAX_AUTHORS)
  return {
    descriptionLines,
    ...(description === '' ? {} : { description }),
    ...(named.length === 0 ? {} : { authors: named.map(name => ({ name })) }),
  }
}

const BYLINE = /^(?:by|von|par|por|di|da|автор(?:ы)?:|текст:|автор(?:и)?:)\s(?=\p{Lu})/iu
const NAME =
  /^\p{Lu}[\p{L}\p{M}'’.-]{0,40}(?: (?:(?:de|da|di|van|von|der|den|bin|al|el|la|le) )?\p{Lu}[\p{L}\p{M}'’.-]{0,40}){1,3}$/u

/** `By Anna Petrova and Ivan Sidorov` -> the two names; nothing of any other line. */
function namesInByline(text: string): string[] {
  const start = BYLINE.exec(text)?.[0].length
  if (start === undefined || text.length > 200) return []
  const names = text.slice(start).split(/, | and | und | et | y | e | и | та | & /)
  return names.every(name => NAME.test(name)) ? names : []
}
