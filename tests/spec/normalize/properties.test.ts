import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Update, type UpdateDraft } from '../../../src/protocol/update.ts'
import { keepSafe } from '../../../workers/normalize/body/html-policy.ts'
import { normalizeUpdate } from '../../../workers/normalize/normalize.ts'
import { expectSafe } from './safe-html.ts'
import { aSubmission, normalized } from './submissions.ts'

type Format = NonNullable<UpdateDraft['bodyFormat']>

/** Markup as people and machines write it, well or badly. */
const fragment = fc.constantFrom(
  ...[
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<b>',
    '</b>',
    '<i>',
    '</i>',
    '<a href="https://a.b/">',
    '<a href="javascript:x">',
  ],
  ...[
    '</a>',
    '<ul>',
    '</ul>',
    '<ol start="7">',
    '</ol>',
    '<li>',
    '</li>',
    '<table>',
    '</table>',
    '<tr>',
    '<td>',
    '</td>',
  ],
  ...[
    '<th>',
    '<thead>',
    '<blockquote>',
    '</blockquote>',
    '<h1>',
    '</h1>',
    '<pre>',
    '</pre>',
    '<code>',
    '</code>',
    '<br>',
  ],
  ...[
    '<hr>',
    '<img src="https://a.b/c.jpg" alt="pic">',
    '<img src=x onerror=alert(1)>',
    '<figure>',
    '</figure>',
    '<q>',
  ],
  ...['<figcaption>', '</figcaption>', '<span lang="ar" dir="rtl">', '</span>', '<svg onload=x>', '</svg>', '<math>'],
  ...[
    '<p onclick="x">',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<',
    '>',
    '&',
    '&lt;',
    '&#106;',
    '&nbsp;',
    '"',
    "'",
    '=',
    '\u0338',
  ],
  ...[
    '**',
    '_',
    '*',
    '`',
    '```\n',
    '# ',
    '> ',
    '- ',
    '1. ',
    '[',
    ']',
    '(',
    ')',
    '![',
    '|',
    '\\',
    '~~',
    '\n',
    '\n\n',
    '    ',
  ],
  ...[
    'https://a.b/c',
    'javascript:',
    'data:',
    '//',
    ' ',
    '\t',
    '\u00a0',
    '\ufeff',
    '\r\n',
    '\u200d',
    '\u202e',
    '😀',
    'é',
    '한',
  ],
)
const word = fc.stringMatching(/^[a-z]{3,8}$/).map(letters => `w${letters}`)
const markup = fc.array(fc.oneof(fragment, word, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 })
const body = markup.map(pieces =>
  pieces
    .join('')
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, ''),
)
const format = fc.constantFrom<Format>('text', 'markdown', 'html')
const media = [{ url: 'https://a.b/c.jpg' }]
const bodyHtmlOf = (text: string, bodyFormat: Format) => normalized({ body: text, bodyFormat, media }).update.bodyHtml

/** Without what steps may change in a word: invisible characters, and how marks are set. */
function withoutSetting(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, '')
    .replace(/[“”‘’']/g, '"')
    .replace(/--|[–—]/g, '-')
    .replaceAll('…', '...')
}

describe('whatever is sent', () => {
  it('[NORM19] becomes an update that keeps the schema, the same one each time', () => {
    fc.assert(
      fc.property(body, format, (text, bodyFormat) => {
        const submission = aSubmission({
          body: text,
          bodyFormat,
          headline: `h${[...text].slice(0, 100).join('')}`,
          media,
        })
        const before = structuredClone(submission)
        const result = normalizeUpdate(submission)
        expect(Update.parse(result.update)).toEqual(result.update)
        expect(JSON.stringify(normalizeUpdate(submission))).toBe(JSON.stringify(result))
        expect(submission).toEqual(before)
      }),
      { numRuns: 400 },
    )
  })

  it('[NORM20] becomes HTML that is safe', () => {
    fc.assert(
      fc.property(body, format, (text, bodyFormat) => expectSafe(bodyHtmlOf(text, bodyFormat))),
      { numRuns: 600 },
    )
  })

  it('[NORM20] becomes HTML that a second sanitizing, or normalizing, leaves as it is', () => {
    fc.assert(
      fc.property(body, format, (text, bodyFormat) => {
        const html = bodyHtmlOf(text, bodyFormat)
        expect(keepSafe(html)).toBe(html)
        if (html.trim() !== '') expect(bodyHtmlOf(html, 'html')).toBe(html)
      }),
      { numRuns: 600 },
    )
  })

  it('[NORM21] keeps every word of plain text, in order', () => {
    const text = fc.array(fc.oneof(word, fragment, fc.constantFrom(' ', '\n', '\n\n'))).map(pieces => pieces.join(''))
    fc.assert(
      fc.property(text, plain => {
        const words = (value: string) => withoutSetting(value).normalize('NFC').split(/\s+/).filter(Boolean)
        // Lines that stand there twice are another step's, which quotes what it takes.
        const { bodyText } = normalized({ body: plain, media, keepAsTyped: ['repeats'] }).update
        expect(words(bodyText)).toEqual(words(plain))
      }),
      { examples: [['<img src="https://a.b/c.jpg" alt="pic">\n<img src="https://a.b/c.jpg" alt="pic">']] },
    )
  })

  it('[NORM21] keeps every word of Markdown and of HTML outside of tags, in order and apart', () => {
    const separators = [
      '<p>',
      '</p>',
      '<div>',
      '</div>',
      '<li>',
      '<td>',
      '<tr>',
      '<thead>',
      '<ul>',
      '</ul>',
      '<br>',
      '<hr>',
      '<table>',
      '<h1>',
      '<pre>',
      ' ',
      '<figure>',
      '</figure>',
      '<figcaption>',
      '<blockquote>',
      '</blockquote>',
      '</li>',
      '</td>',
      '<h2>',
    ]
    const separator = fc.constantFrom(...separators)
    const opening = fc.constantFrom(...separators.filter(tag => !tag.startsWith('</')))
    fc.assert(
      fc.property(fc.array(fc.tuple(word, opening, separator)), pieces => {
        const html = pieces.flat().join('')
        const words = pieces.map(([first]) => first)
        expect(
          normalized({ body: html, bodyFormat: 'html', media }).update.bodyText.split(/\s+/).filter(Boolean),
        ).toEqual(words)
      }),
    )
    const marks = [
      '**',
      '_',
      ' ',
      ' *',
      '\n',
      '\n\n',
      '\n> ',
      '\n- ',
      '\n1. ',
      '\n# ',
      '`',
      ' [',
      '] ',
      '\n```\n',
      '\n    ',
      ' | ',
      '\n---\n',
      '!',
      '\\',
      '\n[',
    ]
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(...marks))), pieces => {
        const { bodyText } = normalized({ body: pieces.flat().join(''), bodyFormat: 'markdown', media }).update
        expect(bodyText.replace(/[^a-z]/g, '')).toBe(pieces.map(([first]) => first).join(''))
      }),
    )
  })
})
