import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSanitizedHtml, writeHtml } from '../../../workers/normalize/body/html-tree.ts'
import { MASK } from '../../../workers/normalize/body/masked-text.ts'
import { editRuns, linesOf, removeLines, runsOf } from '../../../workers/normalize/body/text-of-blocks.ts'

const runs = (html: string) => runsOf(parseSanitizedHtml(html))
const lines = (html: string) => linesOf(parseSanitizedHtml(html))

describe('the text of a body', () => {
  it('[TEXT1] is one run for each block, over inline elements and line breaks, with the blocks around it', () => {
    const html =
      '<p>a <strong>b</strong>c<br>d</p><blockquote><p>e</p></blockquote><ul><li>f<ul><li>g</li></ul></li></ul>'
    expect(runs(html).map(({ text, within }) => [text, within.join(' ')])).toEqual([
      ['a bc\nd', 'p'],
      ['e', 'blockquote p'],
      ['f', 'ul li'],
      ['g', 'ul li ul li'],
    ])
  })

  it('[TEXT1] leaves preformatted text out, and masks code and addresses in place', () => {
    const html = `<pre>x</pre><p>a <code>b
c</code> https://d.e/f, g@h.example. <a href="https://i.example/j">i.example/j</a> k</p>`
    const [run] = runs(html)
    expect(run?.text).toBe('a b c https://d.e/f, g@h.example. i.example/j k')
    expect(run?.prose.replaceAll(MASK, '*')).toBe('a *** *************, ***********. *********** k')
    expect(run?.prose.length).toBe(run?.text.length)
  })

  it('[TEXT1] has lines, without empty ones', () => {
    expect(lines('<p>a <br><br> <em>b</em> c</p><p> </p><h2>d</h2>').map(({ run, text }) => [run, text])).toEqual([
      [0, 'a'],
      [0, 'b c'],
      [2, 'd'],
    ])
  })

  it.each([
    ['the first', [0], '<p><em>b</em> c<br>d</p><p>e</p>'],
    ['one in the middle', [1], '<p>a<br>d</p><p>e</p>'],
    ['the last of a block', [2], '<p>a<br><em>b</em> c<br></p><p>e</p>'],
    ['all of a block', [0, 1, 2], '<p></p><p>e</p>'],
  ])('[TEXT1] loses the lines that are removed: %s', (_title, chosen, expected) => {
    const blocks = parseSanitizedHtml('<p>a<br><em>b</em> c<br>d</p><p>e</p>')
    const all = linesOf(blocks)
    const removed = removeLines(
      blocks,
      chosen.flatMap(i => all[i] ?? []),
    )
    expect(writeHtml(removed)).toBe(expected)
  })

  it.each([
    ['in one text', [{ start: 1, end: 2, text: 'X' }], '<p>aX<a>cd</a>e<br>f</p>'],
    ['over elements', [{ start: 1, end: 5, text: 'X' }], '<p>aX<br>f</p>'],
    ['over a line break', [{ start: 4, end: 7, text: 'X' }], '<p>ab<a>cd</a>X</p>'],
    ['at a border', [{ start: 2, end: 2, text: 'X' }], '<p>abX<a>cd</a>e<br>f</p>'],
    ['after a link', [{ start: 4, end: 4, text: 'X' }], '<p>ab<a>cd</a>Xe<br>f</p>'],
    [
      'at both ends',
      [
        { start: 0, end: 0, text: 'X' },
        { start: 7, end: 7, text: 'Y' },
      ],
      '<p>Xab<a>cd</a>e<br>fY</p>',
    ],
    [
      'one after another',
      [
        { start: 1, end: 2, text: '' },
        { start: 2, end: 3, text: 'Y' },
      ],
      '<p>a<a>Yd</a>e<br>f</p>',
    ],
  ])('[TEXT1] is changed where an edit says: %s', (_title, edits, expected) => {
    const blocks = parseSanitizedHtml('<p>ab<a>cd</a>e<br>f</p>')
    expect(writeHtml(editRuns(blocks, new Map([[0, edits]])))).toBe(expected)
  })

  it('[TEXT1] is changed as a string would be, wherever the elements are', () => {
    const piece = fc.constantFrom('a', 'bc', '<em>d</em>', '<a>e<em>fg</em></a>', '<br>', '<code>h</code>')
    const cuts = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.constantFrom('', 'X', 'YZ')), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), cuts, (pieces, chosen) => {
        const blocks = parseSanitizedHtml(`<p>${pieces.join('')}</p>`)
        const text = runsOf(blocks)[0]?.text ?? ''
        let at = 0
        const edits = chosen.flatMap(([skip, length, put]) => {
          const start = at + skip
          at = start + length + 1
          return start + length > text.length ? [] : [{ start, end: start + length, text: put }]
        })
        const expected = edits.reduceRight(
          (s, { start, end, text: put }) => s.slice(0, start) + put + s.slice(end),
          text,
        )
        expect(runsOf(editRuns(blocks, new Map([[0, edits]])))[0]?.text ?? '').toBe(expected)
      }),
    )
  })
})
