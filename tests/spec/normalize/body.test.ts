import { describe, expect, it } from 'vitest'
import { normalized, warningsOf } from './submissions.ts'

const REL = 'rel="noopener nofollow ugc"'

describe('a plain text body', () => {
  it.each([
    ['escapes everything', 'a < b & "c" <script>', '<p>a &lt; b &amp; “c” &lt;script&gt;</p>'],
    ['breaks lines and paragraphs', 'a\nb\n\nc', '<p>a<br>b</p><p>c</p>'],
    ['takes a line of any white space for empty', 'a\n\u202f\n\u2009\n\u202f\nb', '<p>a<br><br>b</p>'],
    [
      'links addresses',
      'see https://a.b/c?d=e&f.',
      `<p>see <a href="https://a.b/c?d=e&amp;f" ${REL}>https://a.b/c?d=e&amp;f</a>.</p>`,
    ],
    ['links no other scheme', 'javascript:alert(1) ftp://a.b //a.b', '<p>javascript:alert(1) ftp://a.b //a.b</p>'],
    ['takes no full stop for an address', 'He is in Moscow.in Minsk', '<p>He is in Moscow.in Minsk</p>'],
  ])('[NORM4] %s', (_title, body, expected) => {
    expect(normalized({ body }).update.bodyHtml).toBe(expected)
  })
})

describe('a Markdown body', () => {
  it.each([
    ['is CommonMark', '# News\n\n**now** _here_', '<h2>News</h2><p><strong>now</strong> <em>here</em></p>'],
    ['shows HTML as text', '<b>x</b>', '<p>&lt;b&gt;x&lt;/b&gt;</p>'],
    ['has links', '[x](https://a.b)', `<p><a href="https://a.b/" ${REL}>x</a></p>`],
    ['has no unsafe link', '[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['has no protocol-relative link', '[x](//a.b)', '<p>x</p>'],
    ['makes pictures links', '![a cat](https://a.b/c.jpg)', `<p><a href="https://a.b/c.jpg" ${REL}>a cat</a></p>`],
    [
      'has tables',
      'a|b\n-|-:\n1|2',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
    ['keeps a number that begins a line', '15. December', '<ol start="15"><li>December</li></ol>'],
  ])('[NORM5] %s', (_title, body, expected) => {
    expect(normalized({ body, bodyFormat: 'markdown' }).update.bodyHtml).toBe(expected)
  })

  it.each([
    ['a line that looks like a link definition', '[Update]: Arrived', '[Update]: Arrived'],
    ['a number that begins a line', '15. December', '15. December'],
    ['words on the first line of a code fence', '``` two words\nx\n```', 'two words\nx'],
  ])('[NORM5] keeps %s', (_title, body, expected) => {
    expect(normalized({ body, bodyFormat: 'markdown' }).update.bodyText).toBe(expected)
  })

  it.each([
    ['nested too deeply', `${'> '.repeat(40)}deep`],
    ['lists nested too deeply', Array.from({ length: 30 }, (_, i) => `${' '.repeat(2 * i)}- w${i}`).join('\n')],
    ['of too many parts', '- a\n'.repeat(8_000)],
    ['of too many parts in one line', '*a'.repeat(16_000)],
    ['growing too large', `${'a|'.repeat(5_000)}\n${'-|'.repeat(5_000)}\n${'|\n'.repeat(5_000)}`],
  ])('[NORM6] is read as plain text, with a warning, when it is %s', (_title, body) => {
    const result = normalized({ body, bodyFormat: 'markdown' })
    expect(warningsOf(result)[0]).toMatch(/^The Markdown was read as plain text/)
    const words = (text: string) => text.match(/\w+/g)
    expect(words(result.update.bodyText)).toEqual(words(body))
  })
})

describe('an HTML body', () => {
  it.each([
    ['drops scripts with their content', '<p>a</p><script>alert(1)</script><style>b{}</style>', '<p>a</p>'],
    ['drops handlers and styles', '<p onclick="x()" style="color:red" class="y">a</p>', '<p>a</p>'],
    ['keeps the text of tags it does not know', '<font>a</font><my-tag> b</my-tag>', '<p>a b</p>'],
    ['renames', '<h1>a</h1><h6>b</h6><b>c</b> <i>d</i>', '<h2>a</h2><h4>b</h4><p><strong>c</strong> <em>d</em></p>'],
    [
      'drops unsafe links',
      '<a href="javascript:x">a</a> <a href="//b.c">d</a> <a href="/e">f</a> <a href="data:,g">h</a>',
      '<p>a d f h</p>',
    ],
    ['drops links with credentials', '<a href="https://bank.example@evil.example/">a</a>', '<p>a</p>'],
    ['sees through disguised schemes', '<a href=" java\nscript:x">a</a><a href="&#106;avascript:x">b</a>', '<p>ab</p>'],
    ['keeps mailto', '<a href="mailto:a@b.example">a</a>', `<p><a href="mailto:a@b.example" ${REL}>a</a></p>`],
    [
      'makes pictures links',
      '<img src="https://a.b/c%20d.jpg">',
      `<p><a href="https://a.b/c%20d.jpg" ${REL}>c d.jpg</a></p>`,
    ],
    [
      'never nests links',
      '<a href="https://a.b/"><span><a href="https://c.d/">e</a></span></a>',
      `<p><a href="https://a.b/" ${REL}>e</a></p>`,
    ],
    ['removes empty paragraphs', '<p></p><p> &nbsp;</p><p><br></p><p>a</p>', '<p>a</p>'],
    ['puts loose text into paragraphs', 'a<div>b</div>c', '<p>a</p><p>b</p><p>c</p>'],
    [
      'takes paragraphs out of inline tags',
      '<b><p>a</p><p>b</p></b>',
      '<p><strong>a</strong></p><p><strong>b</strong></p>',
    ],
    [
      'mends lists',
      '<ul><li>a</li><ul><li>b</ul>loose</ul><li>c',
      '<ul><li>a<ul><li>b</li></ul></li><li>loose</li></ul><p>c</p>',
    ],
    [
      'mends tables',
      '<table><tr><td>a</td><th>b</table><td>c',
      '<table><tbody><tr><td>a</td><th>b</th></tr></tbody></table><p>c</p>',
    ],
    [
      'keeps figures',
      '<figure><img src="https://a.b/c.jpg" alt="d"><figcaption>e</figcaption></figure>',
      `<figure><a href="https://a.b/c.jpg" ${REL}>d</a><figcaption>e</figcaption></figure>`,
    ],
    ['keeps language and direction', '<div dir="rtl" lang="ar"><p>سلام</p></div>', '<p dir="rtl" lang="ar">سلام</p>'],
    [
      'keeps quotes, code and times',
      '<blockquote>a</blockquote><p><q>b</q> <time datetime="2026">c</time> <abbr title="d">e</abbr></p>',
      '<blockquote><p>a</p></blockquote><p><q>b</q> <time datetime="2026">c</time> <abbr title="d">e</abbr></p>',
    ],
    ['reads entities once', '&amp;lt;b&amp;gt; &lt;b&gt; e&#x301;', '<p>&amp;lt;b&amp;gt; &lt;b&gt; é</p>'],
    ['begins pre with its first words', '<pre>\n\n  a\n</pre>', '<pre>  a\n</pre>'],
    ['keeps half-typed tags from hurting', '<p>a<b', '<p>a</p>'],
  ])('[NORM7] %s', (_title, body, expected) => {
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyHtml).toBe(expected)
  })

  it.each([
    ['a heading and a paragraph', '<h1>A</h1><p>b</p>', 'A\nb'],
    ['divisions', '<div>A</div><div>b</div>', 'A\nb'],
    ['cells and rows', '<table><tr><td>A</td><td>b</td></tr><tr><td>c</td></tr></table>', 'A b\nc'],
    ['items', '<ul><li>A</li><li>b</li></ul>', 'A\nb'],
    ['line breaks', 'A<br>b', 'A\nb'],
    ['pictures', 'A<img src="https://a.b/c.jpg" alt="pic">b', 'A pic b'],
    ['sections and rules', '<section>A</section>b<hr>c<p></p>d<ul></ul>e', 'A\nb\nc\nd\ne'],
    ['a title and options', '<title>A</title><select><option>b<option>c</select>', 'A\nb\nc'],
    ['blocks deeper than the nesting limit', `${'<div>'.repeat(50)}<p>A</p><p>b</p>`, 'A b'],
    ['entities and quotation marks', '<q>A</q> &amp; b', '"A" & b'],
  ])('[NORM8] never glues words together: %s', (_title, body, expected) => {
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyText).toBe(expected)
  })

  it('[NORM9] says what was left out, by name', () => {
    const body =
      '<script>x</script><p onclick="y" class="z">a <a href="javascript:x">b</a></p><iframe src="https://a.b"></iframe>'
    expect(warningsOf(normalized({ body, bodyFormat: 'html' }))).toEqual([
      'Left out of the body: <script>, onclick on <p>, class on <p>, href on <a>, <iframe>.',
    ])
  })

  it('[NORM9] says nothing when nothing was left out', () => {
    expect(warningsOf(normalized({ body: '<h1>a</h1><div>b</div>', bodyFormat: 'html' }))).toEqual([])
  })

  it('[NORM9] warns when nothing is left to read', () => {
    const result = normalized({ body: '<script>x</script>', bodyFormat: 'html' })
    expect(result.update).toMatchObject({ bodyHtml: '', bodyText: '', type: 'text' })
    expect(warningsOf(result)).toContain('Nothing in the body can be shown to readers.')
  })

  it('[NORM6] keeps only the words when formatting would make it many times longer', () => {
    const body = `<a href="https://a.example/${'x'.repeat(10_000)}">${'<p>w'.repeat(4_000)}</a>`
    const result = normalized({ body, bodyFormat: 'html' })
    expect(warningsOf(result).at(-1)).toMatch(/^The body was read as plain text/)
    expect(result.update.bodyHtml.length).toBeLessThan(300_000)
    expect(result.update.bodyText.match(/w/g)).toHaveLength(4_000)
  })
})
