import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArticleImport, ArticleInput } from '../../../src/protocol/article.ts'
import { UpdateDraft } from '../../../src/protocol/update.ts'
import { readArticle } from '../../../workers/normalize/article/import-article.ts'

const NOW = new Date('2026-11-24T12:00:00.000Z')

/** Lines of every kind that a page has, so that random pages have them beside one another in every order. */
const line = fc.oneof(
  fc.constantFrom(
    ...['The Ferry Pact', 'Ferry pact', 'The ferry left at dawn.', 'The ferry has left at dawn on Monday, they said.'],
    ...[
      'The ferry left at dawn.Nobody had expected it so early in the year.',
      'Nobody had expected it so early in the year.',
    ],
    ...[
      '10:00 GMT 15.12.2023',
      '13:05',
      '13:05 – They come.',
      '13:05 They come.',
      '15 December 2023',
      '5/12/2023 09:00',
    ],
    ...[
      'ferry, night ferries, pact',
      '#ferry #pact',
      'Tags: a, b',
      'By Nora Feld',
      '/',
      'Share',
      'Subscribe to our newsletter!',
    ],
    ...[
      'Nora in Osterby',
      'Nora in Osterby - Herald, 640, 15.12.2023',
      '© Herald / Nora Feld',
      '',
      ' ',
      'Nora in Osterby.',
    ],
    ...['نص عربي قصير.', '会谈结束。详情稍后。', 'e\u0301', '\u200b', '😀', '1.', '"Yes," he said.', 'Updated: 10:00'],
  ),
  fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .map(text => text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '')),
)
const pageText = fc.array(line, { maxLength: 30 }).map(lines => lines.join('\n'))
const tag = fc.constantFrom(
  'p',
  'h1',
  'h2',
  'li',
  'ul',
  'td',
  'blockquote',
  'figcaption',
  'figure',
  'div',
  'b',
  'time',
  'pre',
)
const pageHtml = fc
  .array(fc.tuple(tag, fc.oneof(line, fc.constant('<img src="/a.jpg" alt="A ferry">'), fc.constant('a<br>b'))), {
    maxLength: 20,
  })
  .map(parts => parts.map(([name, text]) => `<${name}>${text}</${name}>`).join('\n'))
const input = fc.oneof(
  fc.record({
    text: pageText,
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
    inLanguage: fc.constantFrom('en', 'de'),
  }),
  fc.record({ html: pageHtml, url: fc.constant('https://herald.example/a/b') }),
)

const wordsOf = (text: string) => text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []

describe('any page', () => {
  it('[ARTICLE7] makes drafts that can be posted, and every line is in use or dropped, once', () => {
    fc.assert(
      fc.property(input, page => {
        fc.pre(ArticleInput.safeParse(page).success)
        const { article, ledger } = readArticle(page, NOW)
        ArticleImport.parse(article)
        for (const { bodyText: _, lines: __, ...draft } of article.updates) UpdateDraft.parse(draft)
        expect(ledger.free()).toEqual([])
        const gone = [...article.dropped, ...article.updates].flatMap(({ lines }) => lines)
        expect(new Set(gone).size).toBe(gone.length)
        expect(gone.every(number => ledger.lines.some(line => line.number === number))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('[ARTICLE7] keeps every word of the lines that become updates, in their order, and of those that are dropped', () => {
    fc.assert(
      fc.property(input, page => {
        fc.pre(ArticleInput.safeParse(page).success)
        const { article, ledger } = readArticle(page, NOW)
        const words = new Map(ledger.lines.map(line => [line.number, wordsOf(line.text)]))
        for (const { bodyText, lines } of article.updates) {
          const own = wordsOf(bodyText)
          const all = lines.flatMap(number => words.get(number) ?? [])
          expect(all.slice(all.length - own.length)).toEqual(own)
        }
        for (const { text, lines } of article.dropped) expect(wordsOf(text)).toEqual(words.get(lines[0] ?? 0))
      }),
      { numRuns: 300 },
    )
  })
})

/** Of the processor: what else runs here is of no interest. */
function msSince(before: NodeJS.CpuUsage): number {
  return process.cpuUsage(before).user / 1_000
}

const CHARS = 65_000
const filled = (part: string) => part.repeat(Math.floor(CHARS / part.length))

describe('a hostile page', () => {
  it.each([
    'a\n',
    'a,b\n',
    '13:05 A\n',
    '1:05 – a\n',
    '10:00 GMT 15.12.2023\n',
    'The same short line\n',
    'A sentence that is long enough to be a paragraph of its own.\n',
    `${'a.b. '.repeat(40)}\n`,
    '© A / B C\n',
    'In A - B, 10, 15.12.2023\n',
    '#a ',
    'a, ',
    '\u0301',
    'By A B, ',
    ' ',
    '- ',
    '"',
  ])('[ARTICLE8] is read within two seconds: %j', part => {
    const spent = process.cpuUsage()
    const text = `Ferries\n15.09.2025 10:00 UTC\n${filled(part)}`
    readArticle({ text }, NOW)
    expect(msSince(spent)).toBeLessThan(2_000)
  })

  it('[ARTICLE8] is read within two seconds when no two of its lines are the same', () => {
    const lines = Array.from({ length: 4_000 }, (_, i) => `13:${i % 60} Line ${i} in A${i}, b.`)
    const spent = process.cpuUsage()
    readArticle({ text: lines.join('\n').slice(0, CHARS) }, NOW)
    expect(msSince(spent)).toBeLessThan(2_000)
  })

  it.each([
    '<b>',
    '<p>a',
    '<ul><li>',
    '<figure>',
    '<time datetime="2025-09-15T10:00:00Z">',
    '<img src=/a>',
    '<table><tr><td>',
  ])('[ARTICLE8] is read within two seconds as HTML: %s', part => {
    const spent = process.cpuUsage()
    readArticle({ html: part.repeat(Math.floor(32_000 / part.length)), url: 'https://herald.example/' }, NOW)
    expect(msSince(spent)).toBeLessThan(2_000)
  })
})

describe('what is asked of an import', () => {
  it.each([
    [{}, false],
    [{ text: 'a', html: 'b' }, false],
    [{ text: ' ' }, false],
    [{ text: 'a', colour: 'red' }, false],
    [{ text: 'a', timeZone: 'Mars/Olympus' }, false],
    [{ html: 'ä'.repeat(20_000) }, false],
    [{ text: 'a'.repeat(70_000) }, false],
    [{ text: 'a', inLanguage: 'de', timeZone: 'Europe/Berlin', url: 'https://herald.example/' }, true],
  ])('[ARTICLE9] is one text or HTML within the limits: %#', (value, isValid) => {
    expect(ArticleInput.safeParse(value).success).toBe(isValid)
  })
})
