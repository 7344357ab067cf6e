import { describe, expect, it } from 'vitest'
import { MAX_BODY_CHARS, MAX_HTML_BYTES, type UpdateDraft } from '../../../src/protocol/update.ts'
import { normalizeUpdate } from '../../../workers/normalize/normalize.ts'
import { expectSafe } from './safe-html.ts'
import { aSubmission } from './submissions.ts'

type Format = NonNullable<UpdateDraft['bodyFormat']>

const media = [{ url: 'https://a.b/c.jpg' }]
const repeat = (text: string, length: number) => text.repeat(Math.floor(length / text.length))
const stairs = (step: (i: number) => string, count: number) =>
  Array.from({ length: count }, (_, i) => step(i)).join('\n')

describe('hostile input', () => {
  const html = [
    '<b>',
    '<b><i>',
    '<a href="https://a.b/">',
    '<p><b>',
    '<div>',
    '<ul><li>',
    '<ul>',
    '<table><tr><td>',
    '<blockquote>',
    '<!--',
    '<',
    '</b>',
    '</p>',
    '<br>',
    '&amp;',
    '&#',
    '<b a=',
    '<img src="https://a.b/c">',
    '<q>a',
    '<pre> ',
    '<svg><style>',
    'a ',
    '\u00a0',
    '<p>a',
    '<ol start=7><li>a',
    '<a href="https://a.b/"><p>a</p>',
    '<b>a</i>',
  ]
  const text = [
    '>',
    '> ',
    '> a\n',
    '[',
    '[a](',
    '![',
    '[]',
    '*',
    '*a ',
    'a**b',
    '**a _b ',
    '_',
    '`',
    '` ',
    '~~a',
    '<a',
    '&',
    '- ',
    '- a\n',
    '1. ',
    '# ',
    '|a',
    'a|',
    '\\[',
    'http://',
    'http://a.b ',
    'https://a.b/(',
    'a@b.co ',
    'mailto:',
    'a.',
    '\n',
    ' ',
    ' \n',
    '\t',
    '"',
    '[a]: b\n',
    '***a**b*',
    '```\n',
    '<http://a',
    '(',
    ')',
    'a',
    '\u0301',
    '😀',
    '。',
  ]
  const cases: [Format, string][] = [
    ...html.map((piece): [Format, string] => [
      'html',
      repeat(piece, (MAX_HTML_BYTES / Buffer.byteLength(piece)) * piece.length),
    ]),
    ...text.map((piece): [Format, string] => ['markdown', repeat(piece, MAX_BODY_CHARS)]),
    ...text.map((piece): [Format, string] => ['text', repeat(piece, MAX_BODY_CHARS)]),
    ['markdown', stairs(i => `${'>'.repeat(i)}a`, 350)],
    ['markdown', stairs(i => `${' '.repeat(2 * i)}- a`, 250)],
    ['markdown', stairs(i => `${'`'.repeat(i)} a`, 350)],
    ['markdown', `${repeat('[', 32_768)}${repeat(']', 32_768)}`],
    ['markdown', `${repeat('a|', 20_000)}\n${repeat('-|', 20_000)}\n${repeat('|\n', 20_000)}`],
    ['html', `<pre>${' '.repeat(32_000)}a</pre>`],
    ['html', `${'<b>'.repeat(5_000)}${'</i>'.repeat(4_000)}`],
    ['html', `<a ${stairs(i => `a${i}`, 5_000)}>x`],
  ]

  it.each(cases)('[NORM22] %s %j is normalized within a second', { timeout: 20_000 }, (bodyFormat, hostile) => {
    const submission = aSubmission({ body: hostile, bodyFormat, media })
    // Processor time: the machine may be busy with something else.
    const start = process.cpuUsage()
    const { update } = normalizeUpdate(submission)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    expect(update.bodyHtml.length).toBeLessThan(600_000)
    expectSafe(update.bodyHtml)
  })
})
