import type { Entry } from '../../protocol/entry.ts'
import type { Update } from '../../protocol/update.ts'
import { oneLine, type Paint, wrapped } from './terminal-text.ts'

const INDENT = ' '.repeat(7)

/** Pure: an entry for a terminal: a line that says what it is, and below it the words, if it has any. */
export function entryText(entry: Entry, paint: Paint): string {
  const head = `${String(entry.seq).padStart(5)}  ${paint('dim', entry.at)}  `
  switch (entry.type) {
    case 'published':
    case 'revised':
      return head + updateText(entry, paint)
    case 'retracted': {
      const reason = entry.reason === undefined ? '' : `: ${oneLine(entry.reason)}`
      return `${head}${paint('red', 'retracted')}  ${paint('dim', entry.updateId)}${reason}\n`
    }
    case 'purged':
      return `${head}${paint('red', 'purged')}  ${paint('dim', entry.updateId)}\n`
    case 'event': {
      const { status, headline, visibility } = entry.event
      return `${head}event  ${status}${visibility === 'private' ? ', private' : ''}: ${oneLine(headline)}\n`
    }
    default:
      // A server that is newer than this command may have entries of types that it does not know.
      return `${head}${oneLine(String((entry as { type: unknown }).type))}\n`
  }
}

function updateText({ type, late, update }: Extract<Entry, { update: Update }>, paint: Paint): string {
  const marks = [
    type === 'revised' ? paint('yellow', `revised, version ${update.version}`) : type,
    ...(update.isBreaking ? [paint('red', 'BREAKING')] : []),
    ...(update.isKeyEvent ? [paint('bold', 'KEY')] : []),
    ...(late === true ? [paint('yellow', 'late')] : []),
  ]
  const { headline, bodyText } = update
  const isOnlyHeadline = headline !== undefined && oneLine(headline) === oneLine(bodyText)
  const lines = bodyText === '' || isOnlyHeadline ? [] : wrapped(bodyText, INDENT)
  const title = headline === undefined ? '' : `  ${paint('bold', oneLine(headline))}`
  return `${marks.join(' ')}${title}\n${lines.map(line => `${line}\n`).join('')}`
}
