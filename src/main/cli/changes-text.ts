import { diffWordsWithSpace } from 'diff'
import type { FieldChange } from './plan-renormalization.ts'

/** Where the words themselves changed, their HTML says nothing new. */
const SAME_WORDS = 'bodyHtml'
const CONTEXT_CHARS = 40

/** Pure: the changes of one update, a line for each field: what goes as `[-...-]`, what comes as `{+...+}`, or in colour. */
export function changesText(changes: readonly FieldChange[], isColoured: boolean): string {
  const hasWords = changes.some(({ field }) => field === 'bodyText')
  return changes
    .filter(({ field }) => !(hasWords && field === SAME_WORDS))
    .map(({ field, before, after }) => `  ${field}: ${wordDiff(textOf(before), textOf(after), isColoured)}\n`)
    .join('')
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function wordDiff(before: string, after: string, isColoured: boolean): string {
  const parts = diffWordsWithSpace(before, after)
  return parts
    .map(({ added, removed, value }, index) => {
      const text = visible(value)
      if (added) return isColoured ? `\u001b[32m${text}\u001b[39m` : `{+${text}+}`
      if (removed) return isColoured ? `\u001b[31m${text}\u001b[39m` : `[-${text}-]`
      return shortened(text, index > 0, index < parts.length - 1)
    })
    .join('')
}

/** Line ends would break the line; what else is a control character could change the terminal. */
function visible(text: string): string {
  return text.replaceAll('\n', '⏎').replace(/\p{Cc}/gu, '·')
}

/** What is the same is shown around what is not. */
function shortened(text: string, hasBefore: boolean, hasAfter: boolean): string {
  const [head, tail] = [hasBefore ? text.slice(0, CONTEXT_CHARS) : '', hasAfter ? text.slice(-CONTEXT_CHARS) : '']
  return head.length + tail.length >= text.length ? text : `${head}…${tail}`
}
