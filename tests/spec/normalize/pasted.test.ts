import { describe, expect, it } from 'vitest'
import { normalized } from './submissions.ts'

const REL = 'rel="noopener nofollow ugc"'
const bodyHtml = (body: string) => normalized({ body, bodyFormat: 'html', keepAsTyped: ['typography'] }).update.bodyHtml

const WORD_HEAD = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* Font Definitions */ @font-face {font-family:Calibri;} p.MsoNormal {margin:0cm;} --></style></head>
<body style='tab-interval:36.0pt'><!--StartFragment-->`
const WORD_TAIL = '<!--EndFragment--></body></html>'

const wordItem = (marker: string, text: string, level = 1, part = 'Middle') =>
  `<p class=MsoListParagraphCxSp${part} style='text-indent:-18.0pt;mso-list:l0 level${level} lfo1'>` +
  `<![if !supportLists]><span style='font-family:Symbol;mso-bidi-font-family:Symbol'><span style='mso-list:Ignore'>${marker}` +
  `<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>\n`

describe('a paste from Word', () => {
  it('[EDIT10] keeps words, links and emphasis, and nothing of what Word needs', () => {
    const body = `${WORD_HEAD}
<h1><span style='mso-fareast-font-family:"Times New Roman"'>Talks in Moscow<o:p></o:p></span></h1>
<p class=MsoNormal style='margin-bottom:8.0pt'><span lang=EN-GB style='font-size:11.0pt;line-height:107%'>The <b style='mso-bidi-font-weight:normal'>ministers</b> met
<i>today</i><a style='mso-comment-reference:A_1'></a>. <a href="https://a.example/b" title="x">More</a></span><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<xml><w:View>Normal</w:View></xml>
<!--[if gte vml 1]><v:shape id="p"><v:imagedata src="file:///C:/a.png"/></v:shape><![endif]-->
${WORD_TAIL}`
    expect(bodyHtml(body)).toBe(
      '<h2>Talks in Moscow</h2>' +
        `<p>The <strong>ministers</strong> met <em>today</em>. <a href="https://a.example/b" ${REL}>More</a></p>`,
    )
  })

  it('[EDIT11] makes lists of paragraphs with bullets', () => {
    const items =
      wordItem('·', 'First', 1, 'First') + wordItem('·', 'Second <b>one</b>') + wordItem('·', 'Third', 1, 'Last')
    expect(
      bodyHtml(`${WORD_HEAD}<p class=MsoNormal>They said:</p>${items}<p class=MsoNormal>End.</p>${WORD_TAIL}`),
    ).toBe('<p>They said:</p><ul><li>First</li><li>Second <strong>one</strong></li><li>Third</li></ul><p>End.</p>')
  })

  it('[EDIT11] makes numbered and nested lists', () => {
    const items =
      wordItem('1.', 'One') +
      wordItem('o', 'Below', 2) +
      wordItem('o', 'Below too', 2) +
      wordItem('2.', 'Two') +
      wordItem('·', 'Other')
    expect(bodyHtml(items)).toBe(
      '<ol><li>One<ul><li>Below</li><li>Below too</li></ul></li><li>Two</li></ol><ul><li>Other</li></ul>',
    )
    expect(bodyHtml(wordItem('4)', 'Four') + wordItem('5)', 'Five'))).toBe(
      '<ol start="4"><li>Four</li><li>Five</li></ol>',
    )
  })

  it('[EDIT11] leaves letters and Roman numbers as they are, with the paragraphs', () => {
    expect(bodyHtml(wordItem('a)', 'One') + wordItem('iv.', 'Two'))).toBe('<p>a) One</p><p>iv. Two</p>')
    expect(bodyHtml('<p class=MsoListParagraph>No list</p>')).toBe('<p>No list</p>')
    expect(bodyHtml('<p list="1">No</p><marker>list</marker>')).toBe('<p>No</p><p>list</p>')
  })
})

describe('a paste from Outlook', () => {
  it('[EDIT10] keeps the words, and the links behind its filter', () => {
    const link =
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fb&amp;data=05%7C02&amp;reserved=0'
    const body = `<div class=WordSection1><p class=MsoNormal><span style='font-size:11.0pt;mso-fareast-language:EN-US'>See
<a href="${link}">the paper</a><o:p></o:p></span></p><p class=MsoNormal><span><o:p>&nbsp;</o:p></span></p>
<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b><span lang=EN-US>From:</span></b><span> Ann</span></p></div></div>`
    expect(bodyHtml(body)).toBe(
      `<p>See <a href="https://a.example/b" ${REL}>the paper</a></p><p><strong>From:</strong> Ann</p>`,
    )
  })
})

describe('a paste from Google Docs', () => {
  const docs = (content: string) =>
    `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b"><meta charset="utf-8">${content}<br /></b>`
  const span = (style: string, text: string) =>
    `<span style="font-size:11pt;font-family:Arial,sans-serif;color:#000000;${style}vertical-align:baseline;white-space:pre-wrap;">${text}</span>`

  it('[EDIT10] is not bold as a whole, and keeps what is', () => {
    const paragraph = `<p dir="ltr" style="line-height:1.38;margin-top:0pt;">${span('font-weight:400;font-style:normal;', 'They ')}${span('font-weight:700;', 'met')}${span('font-weight:400;font-style:italic;', ' today')}</p>`
    expect(bodyHtml(docs(`${paragraph}<br>`))).toBe('<p dir="ltr">They <strong>met</strong><em> today</em></p>')
  })

  it('[EDIT10] keeps its lists and headings, without the weight that headings have anyway', () => {
    const body = docs(
      `<h1 dir="ltr" style="margin-top:20pt;">${span('font-weight:400;', 'Talks')}</h1>` +
        `<ul style="padding-inline-start:48px;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" role="presentation">${span('font-weight:400;', 'One')}</p></li></ul>`,
    )
    expect(bodyHtml(body)).toMatch(/^<h2 dir="ltr">Talks<\/h2><ul><li dir="ltr">(?:<p dir="ltr">)?One/)
    expect(bodyHtml(body)).not.toMatch(/strong|style|role/)
  })

  it('[EDIT10] keeps struck, raised and lowered text', () => {
    const styled =
      '<p><span style="text-decoration:line-through">a</span> <span style="vertical-align: super">b</span> <span style="vertical-align:sub">c</span></p>'
    expect(bodyHtml(styled)).toBe('<p><del>a</del> <sup>b</sup> <sub>c</sub></p>')
  })
})

describe('a quote in HTML', () => {
  it('[EDIT12] keeps the address of its source where it is safe', () => {
    expect(
      bodyHtml('<blockquote cite="https://a.example/b"><p>One <q cite="https://a.example">two</q></p></blockquote>'),
    ).toBe('<blockquote cite="https://a.example/b"><p>One <q cite="https://a.example/">two</q></p></blockquote>')
    expect(
      bodyHtml(
        '<blockquote cite="javascript:alert(1)">One <cite>two</cite></blockquote><p cite="https://a.example/">x</p>',
      ),
    ).toBe('<blockquote><p>One <cite>two</cite></p></blockquote><p>x</p>')
  })
})
