import { describe, expect, it } from 'vitest'
import { normalized, notesOf } from './submissions.ts'

/** Typography is another step's. */
const html = (body: string, bodyFormat: 'text' | 'markdown' | 'html' = 'text') =>
  normalized({ body, bodyFormat, keepAsTyped: ['typography', 'consistency'] }).update

describe('quotations', () => {
  it.each([
    ['“We have agreed.” — Sergey Lavrov, foreign minister', '“We have agreed.”', 'Sergey Lavrov', ', foreign minister'],
    ['"We have agreed." - Sergey Lavrov', '"We have agreed."', 'Sergey Lavrov', ''],
    ['"We will never agree" -- Lavrov (minister)', '"We will never agree"', 'Lavrov', ' (minister)'],
    [
      '«Мы обо всём договорились.» — Сергей Лавров, министр',
      '«Мы обо всём договорились.»',
      'Сергей Лавров',
      ', министр',
    ],
    [
      '„Wir sind uns einig.“ – Annalena von Baerbock, Ministerin',
      '„Wir sind uns einig.“',
      'Annalena von Baerbock',
      ', Ministerin',
    ],
    ['»Wir sind uns einig.« – Baerbock', '»Wir sind uns einig.«', 'Baerbock', ''],
    ['„Zgadzamy się na wszystko” — Radosław Sikorski', '„Zgadzamy się na wszystko”', 'Radosław Sikorski', ''],
    ['«لقد اتفقنا على كل شيء.» — سيرغي لافروف، الوزير', '«لقد اتفقنا على كل شيء.»', 'سيرغي لافروف، الوزير', ''],
    ['「会談は成功した。」— 林芳正', '「会談は成功した。」', '林芳正', ''],
    ['“He said “yes” to it.” — Jean-Luc O’Neil', '“He said “yes” to it.”', 'Jean-Luc O’Neil', ''],
  ])('[EDIT3] alone in an update are quotes with their source: %s', (body, quote, name, role) => {
    const { type, bodyHtml } = html(body)
    expect(type).toBe('quote')
    expect(bodyHtml).toBe(`<blockquote><p>${quote}</p><p>— <cite>${name}</cite>${role}</p></blockquote>`)
  })

  it('[EDIT3] may have their source on the next line, or in the next paragraph', () => {
    for (const body of [
      '“We have agreed.”\n— Sergey Lavrov, minister',
      '“We have agreed.”\n\n– Sergey Lavrov, minister',
    ]) {
      const { type, bodyHtml, bodyText } = html(body)
      expect(type).toBe('quote')
      expect(bodyHtml).toBe(
        '<blockquote><p>“We have agreed.”</p><p>— <cite>Sergey Lavrov</cite>, minister</p></blockquote>',
      )
      expect(bodyText).toBe('“We have agreed.”\n— Sergey Lavrov, minister')
    }
  })

  it('[EDIT3] keep the markup that they have', () => {
    const { bodyHtml } = html('**“We *have* agreed.” — Sergey Lavrov**, minister', 'markdown')
    expect(bodyHtml).toBe(
      '<blockquote><p><strong>“We <em>have</em> agreed.”</strong></p>' +
        '<p>— <cite><strong>Sergey Lavrov</strong></cite>, minister</p></blockquote>',
    )
  })

  it('[EDIT3] are quotes already where they come as such, with their source below', () => {
    const { type, bodyHtml } = html('> We have agreed.\n> — Sergey Lavrov, minister', 'markdown')
    expect(type).toBe('quote')
    expect(bodyHtml).toBe(
      '<blockquote><p>We have agreed.</p><p>— <cite>Sergey Lavrov</cite>, minister</p></blockquote>',
    )
    expect(html(bodyHtml, 'html')).toMatchObject({ type: 'quote', bodyHtml })
  })

  it('[EDIT4] alone on their line in a longer text are set apart, and the text stays a text', () => {
    const { type, bodyHtml } = html('They met.\n“We have agreed.” — Sergey Lavrov\nThey left.')
    expect(type).toBe('text')
    expect(bodyHtml).toBe(
      '<p>They met.</p><blockquote><p>“We have agreed.”</p><p>— <cite>Sergey Lavrov</cite></p></blockquote><p>They left.</p>',
    )
  })

  it.each([
    '“We agreed,” he said — and left.',
    'He said “We have agreed.” — Sergey Lavrov',
    '“We have agreed.” — Sergey Lavrov, who left the room. Then they ate.',
    '“We have agreed.” — and that was all',
    '"The Crown" – Netflix',
    '"We have agreed" – Sergey Lavrov',
    '“Titanic” — 1997',
    '"Talks" - "Deal"',
    '"One" and "Two are here." — Lavrov',
    '“We have agreed.”',
    '“We have agreed. — Sergey Lavrov',
    '“We have agreed.”\nSergey Lavrov left.',
    '— Sergey Lavrov, minister',
  ])('[EDIT5] are left alone when they may be something else: %j', body => {
    const result = normalized({ body, keepAsTyped: ['typography', 'consistency'] })
    expect(result.update.type).toBe('text')
    expect(result.update.bodyHtml).not.toContain('blockquote')
    expect(notesOf(result, 'quotes')).toEqual([])
  })

  it('[EDIT5] stay where the editor keeps the text as typed', () => {
    expect(normalized({ body: '“We have agreed.” — Lavrov', keepAsTyped: ['quotes'] }).update.type).toBe('text')
  })
})
