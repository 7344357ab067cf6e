import type { ArticleImport } from '../../protocol/article.ts'

const WIDTH = 100

/** Pure: the drafts of a page, its warnings and what it leaves out, for a terminal. */
export function pageText({ event, updates, warnings, dropped }: ArticleImport): string {
  return [
    'Event',
    ...Object.entries(event).flatMap(([name, value]) => field(name, value)),
    '',
    `Updates: ${updates.length}`,
    ...updates.flatMap(({ body, bodyFormat, happenedAt, lines }, index) => [
      `  ${index + 1}. ${happenedAt ?? 'when it is posted'}  (${named(lines)}${bodyFormat === 'html' ? ', HTML' : ''})`,
      ...wrapped(body, '     '),
    ]),
    '',
    `Warnings: ${warnings.length}`,
    ...warnings.flatMap(({ code, detail, lines }) =>
      wrapped(`${code}: ${detail}${lines.length === 0 ? '' : ` (${named(lines)})`}`, '  '),
    ),
    '',
    `Left out: ${dropped.length}`,
    ...dropped.flatMap(({ lines, reason, text }) => [`  ${named(lines)}: ${reason}`, ...wrapped(text, '     ')]),
    '',
  ].join('\n')
}

function field(name: string, value: unknown): string[] {
  const [first = '', ...rest] = wrapped(textOf(value), INDENT)
  return first === '' ? [] : [`  ${name.padEnd(INDENT.length - 3)} ${first.trimStart()}`, ...rest]
}

const INDENT = ' '.repeat(23)

/** Names after one another; of an object, each member with its name. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(item => (isNamed(item) ? item.name : textOf(item))).join(', ')
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${textOf(member)}`)
    .join('\n')
}

function isNamed(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}

function named(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`
}

/** Cut on words, line breaks kept, nothing that would change the terminal; a word that is too long stays whole. */
function wrapped(text: string, indent: string): string[] {
  const lines = text.replace(/(?!\n)\p{Cc}/gu, '·').split('\n')
  return lines.flatMap(paragraph => {
    const cut = ['']
    for (const word of paragraph.split(' ')) {
      const last = cut.at(-1) ?? ''
      if (last !== '' && indent.length + last.length + 1 + word.length > WIDTH) cut.push(word)
      else cut[cut.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return cut.map(line => (line === '' ? '' : `${indent}${line}`))
  })
}
