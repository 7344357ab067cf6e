import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAlreadySafe } from '../../../workers/normalize/body/already-safe.ts'
import { sanitizeAgain } from '../../../workers/normalize/body/html-policy.ts'
import { normalizeUpdate } from '../../../workers/normalize/normalize.ts'
import { hostileHtml } from '../../support/hostile-html.ts'
import { dirtyDraft } from '../../support/newsroom-dirt.ts'
import { aSubmission } from './submissions.ts'

const REL = 'rel="noopener nofollow ugc"'

describe('the short cut of the last gate', () => {
  it.each([
    '',
    'a &lt; b &amp; "c"',
    '<p>a<br>b</p><p dir="rtl" lang="ar">c</p>',
    `<p><a href="https://a.b/?c=d&amp;e" ${REL}>a</a> <a href="mailto:a@b.c" ${REL}>b</a></p>`,
    '<ol start="7"><li>a<ul><li><p>b</p></li></ul></li></ol>',
    '<table><thead><tr><th colspan="2">a</th></tr></thead><tbody><tr><td></td></tr></tbody></table>',
    '<blockquote><p>a</p><cite>b</cite></blockquote><figure><p>a</p><figcaption>b</figcaption></figure>',
  ])('[SAFE7] is taken for %s', html => {
    expect(isAlreadySafe(html)).toBe(true)
    expect(sanitizeAgain(html)).toBe(html)
  })

  it.each([
    ['an element that is not allowed', '<p><script>a</script></p>'],
    ['capitals', '<P>a</P>'],
    ['an attribute that is not allowed', '<p onclick="a">b</p>'],
    ['an attribute that another element has', '<p href="https://a.b/">b</p>'],
    ['an attribute twice', '<a href="https://a.b/" href="https://c.d/">b</a>'],
    ['an attribute without quotation marks', '<p lang=en>b</p>'],
    ['an empty attribute', '<p lang="">b</p>'],
    ['a scheme that is not allowed', '<a href="javascript:a">b</a>'],
    ['an address without a scheme', '<a href="//a.b/">c</a>'],
    ['a disguised scheme', '<a href="&#106;avascript:a">b</a>'],
    ['a bare <', 'a < b'],
    ['a bare >', 'a > b'],
    ['a bare &', 'a & b'],
    ['an entity that needs none', '<p>&quot;&nbsp;</p>'],
    ['an element left open', '<p>a'],
    ['an element closed twice', '<p>a</p></p>'],
    ['elements closed in the wrong order', '<p><em>a</p></em>'],
    ['a closing tag with attributes', '<p>a</p lang="en">'],
    ['a paragraph in a paragraph', '<p>a<p>b</p></p>'],
    ['a link in a link', `<a href="https://a.b/">a<em><a href="https://c.d/">b</a></em></a>`],
    ['an item outside of a list', '<p>a</p><li>b</li>'],
    ['text between rows', '<table>a<tbody></tbody></table>'],
    ['a comment', '<!--a-->'],
    ['an end of a comment', '--><p>a</p>'],
    ['a closed void', '<br></br>'],
    ['a slash', '<br/>'],
    ['a line end in a tag', '<p\nlang="en">a</p>'],
    ['too deep nesting', `${'<blockquote>'.repeat(65)}${'</blockquote>'.repeat(65)}`],
  ])('[SAFE7] is not taken for %s', (_title, html) => {
    expect(isAlreadySafe(html)).toBe(false)
  })

  it('[SAFE7] is taken for what normalizing gives', () => {
    for (const html of Object.values(hostileHtml).flat()) {
      if (isAlreadySafe(html)) expect(sanitizeAgain(html)).toBe(html)
    }
    fc.assert(
      fc.property(dirtyDraft, ({ draft }) => {
        expect(isAlreadySafe(normalizeUpdate(aSubmission(draft)).update.bodyHtml)).toBe(true)
      }),
    )
  })

  it('[SAFE7] changes nothing of what the gate gives, however the HTML is broken', () => {
    const piece = fc.constantFrom(
      ...[
        '<p>',
        '</p>',
        '<a href="https://a.b/">',
        '<a href="javascript:x">',
        '</a>',
        '<',
        '>',
        '&',
        '&lt;',
        '"',
        '&quot;',
      ],
      ...[
        ' onclick="x"',
        ' lang="en"',
        '<br>',
        '<br/>',
        '<ul>',
        '<li>',
        '</li>',
        '</ul>',
        '<script>',
        'a',
        '<td>',
        '<b>',
      ],
      ...[
        '<strong>',
        '</strong>',
        ' href="//a.b"',
        '&amp;',
        '\u0000',
        '<!--',
        '\n',
        '<h2>',
        '</h2>',
        ' ',
        '<P>',
        '/',
        '=',
      ],
    )
    const cut = fc.tuple(fc.nat(2_000), fc.nat(9), piece)
    const clean = fc.sample(dirtyDraft, 100).map(({ draft }) => normalizeUpdate(aSubmission(draft)).update.bodyHtml)
    fc.assert(
      fc.property(fc.constantFrom(...clean), fc.array(cut, { minLength: 1, maxLength: 4 }), (whole, cuts) => {
        let html = whole
        for (const [at, length, put] of cuts) {
          const start = at % (html.length + 1)
          html = html.slice(0, start) + put + html.slice(start + length)
        }
        if (isAlreadySafe(html)) expect(sanitizeAgain(html)).toBe(html)
      }),
      { numRuns: 500 },
    )
  })
})
