import { describe, expect, it } from 'vitest'
import { normalized, notesOf } from './submissions.ts'

describe('characters and white space', () => {
  it.each([
    ['composes letters (NFC)', 'Cafe\u0301', 'Café'],
    ['makes NBSP and runs of spaces one space', 'a \u00a0  b\u00a0c\t\td', 'a b c d'],
    ['takes control characters out', 'a\u0007b\u009fc\u0085', 'abc'],
    ['takes a byte order mark out', '\ufeffab\ufeffc', 'abc'],
    ['reads CRLF and CR as line ends, and trims lines', 'a  \r\n  b\rc', 'a\nb\nc'],
    ['keeps Persian joiners', 'می\u200cخواهم', 'می\u200cخواهم'],
    ['keeps emoji that are joined', '👩\u200d👩\u200d👧 family', '👩\u200d👩\u200d👧 family'],
    ['keeps Arabic and Hebrew marks and direction marks', 'שָׁלוֹם \u200fسَلام', 'שָׁלוֹם \u200fسَلام'.normalize('NFC')],
    ['keeps an ideographic space inside of a line', '会談\u3000終了', '会談\u3000終了'],
  ])('[NORM1] %s', (_title, body, expected) => {
    expect(normalized({ body }).update.bodyText).toBe(expected)
  })

  it('[NORM1] leaves one blank line at most between paragraphs', () => {
    expect(normalized({ body: 'a\n\n\n \n\nb' }).update.bodyHtml).toBe('<p>a</p><p>b</p>')
  })

  it('[NORM1] keeps few marks on one letter where an empty element stood between them', () => {
    const marks = '\u0301'.repeat(6)
    const body = `<p>x${marks}<b></b>${marks}y</p>`
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyText).toBe(`x${'\u0301'.repeat(8)}y`)
  })

  it('[NORM1] cleans every field that people type, and drops what is empty then', () => {
    const { update } = normalized({
      body: 'x',
      headline: ' Talks\u00a0 begin\n',
      source: '\u0007 ',
      tags: [' a  b ', '\u0007'],
      authors: [{ name: ' Ann\u00a0 B ', role: '\u0007 ' }],
      media: [{ caption: ' a\r\nb ', alt: 'c  d', creditText: ' e ', copyrightHolder: 'f\u00a0g' }],
    })
    expect(update).toMatchObject({ headline: 'Talks begin', tags: ['a b'], authors: [{ name: 'Ann B' }] })
    expect(update.authors[0]).not.toHaveProperty('role')
    expect(update).not.toHaveProperty('source')
    expect(update.media).toEqual([{ alt: 'c d', caption: 'a b', creditText: 'e', copyrightHolder: 'f g' }])
  })

  it('[NORM1] leaves a name as it was when NFC would make it too long for its field', () => {
    const name = '\u0958'.repeat(200)
    expect(normalized({ body: 'x', authors: [{ name }] }).update.authors).toEqual([{ name }])
  })

  it('[NORM1] composes long captions too', () => {
    const { media } = normalized({ media: [{ caption: `e\u0301 ${'x'.repeat(1_000)}` }] }).update
    expect(media[0]?.caption).toMatch(/^é x/)
  })

  it('[NORM2] says which field changed, and how, with invisible characters made visible', () => {
    expect(notesOf(normalized({ body: 'x', headline: 'a\u00a0b' }), 'characters')).toEqual([
      { step: 'characters', before: 'headline: a‹U+00A0›b', after: 'headline: a b' },
    ])
  })

  it('[NORM2] keeps notes short and well-formed however long the text is', () => {
    const note = notesOf(normalized({ body: `  ${'😀'.repeat(20_000)}` }), 'characters')[0]
    if (note === undefined || !('before' in note)) throw new Error('no note')
    expect(note.before.length).toBeLessThan(200)
    expect(note.before).not.toMatch(/\p{Surrogate}/u)
  })

  it('[NORM3] keeps the white space of code in Markdown and of pre in HTML', () => {
    const code = 'if  x:\n    y = 1'
    expect(normalized({ body: `\`\`\`\n${code}\n\`\`\``, bodyFormat: 'markdown' }).update.bodyText).toBe(code)
    expect(normalized({ body: `<pre>${code}</pre>`, bodyFormat: 'html' }).update.bodyText).toBe(code)
    expect(normalized({ body: '`a  b`   c', bodyFormat: 'markdown' }).update.bodyHtml).toBe(
      '<p><code>a  b</code> c</p>',
    )
  })

  it.each(['\u0338', '\u0301'])('[NORM3] does not let a combining mark eat a tag (%j)', mark => {
    const { update } = normalized({ body: `<p>${mark}one</p><p>two</p>`, bodyFormat: 'html' })
    expect(update.bodyText).toBe(`${mark}one\ntwo`)
  })
})
