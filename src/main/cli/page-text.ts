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
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return []
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const [first = '', ...rest] = wrapped(text, ' '.repeat(23))
  return [`  ${name.padEnd(20)} ${first.trimStart()}`, ...rest]
}

function named(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`
}

/** Cut on words, line breaks kept; a word that is too long stays whole. */
function wrapped(text: string, indent: string): string[] {
  return text.split('\n').flatMap(paragraph => {
    const lines = ['']
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1) ?? ''
      if (last !== '' && indent.length + last.length + 1 + word.length > WIDTH) lines.push(word)
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return lines.map(line => (line === '' ? '' : `${indent}${line}`))
  })
}
