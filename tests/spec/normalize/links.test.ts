import { describe, expect, it } from 'vitest'
import { withoutTracking } from '../../../workers/normalize/tracking.ts'
import { normalized, notesOf } from './submissions.ts'

const REL = 'rel="noopener nofollow ugc"'
const bodyHtml = (body: string, bodyFormat: 'text' | 'markdown' | 'html' = 'text') =>
  normalized({ body, bodyFormat }).update.bodyHtml

describe('tracking', () => {
  it.each([
    ['https://a.example/?utm_source=x&utm_medium=y', 'https://a.example/'],
    ['https://a.example/b?id=1&fbclid=x&q=a%20b+c#d', 'https://a.example/b?id=1&q=a%20b+c#d'],
    [
      'https://a.example/?gclid=1&dclid=2&msclkid=3&mc_eid=4&igshid=5&yclid=6&UTM_Campaign=7&utm%5fterm=8',
      'https://a.example/',
    ],
    ['https://a.example/b#utm_source=mail&utm_term=x', 'https://a.example/b'],
    ['https://a.example/b#Echobox=1602', 'https://a.example/b'],
    [
      'https://www.youtube.com/watch?v=XmP56yBy-18&feature=share&t=4',
      'https://www.youtube.com/watch?v=XmP56yBy-18&t=4',
    ],
    ['https://x.com/a/status/7?s=20&t=abc', 'https://x.com/a/status/7'],
    ['https://www.google.com/url?q=https://a.example/b?c%3Dd&sa=D&source=docs', 'https://a.example/b?c=d'],
    [
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fb%3Futm_source%3Dx&data=05%7C01',
      'https://a.example/b',
    ],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F%3Ffbclid%3Dx&h=AT0', 'https://a.example/'],
  ])('[MEDIA6] is taken out of addresses: %s', (address, expected) => {
    expect(withoutTracking(address)).toBe(expected)
  })

  it.each([
    'https://a.example/?t=4&s=20&feature=x&si=y',
    'https://a.example/?q=utm_source&automatic_id=1',
    'https://a.example/?',
    'https://a.example/?a&&b=%zz',
    'https://a.example/#utm',
    'https://a.example/b#d=1&utm_source=x',
    'https://www.google.com/search?q=https://a.example/',
    'https://www.google.com/url?q=javascript:alert(1)',
    'https://www.google.com/url?q=https://user:pw@a.example/',
    'https://a.example/?url=https://b.example/',
  ])('[MEDIA6] is nothing else, and all else stays letter for letter: %s', address => {
    expect(withoutTracking(address)).toBe(address)
  })
})

describe('links', () => {
  it('[MEDIA7] lose their tracking, and their text follows where it shows the address', () => {
    expect(bodyHtml('See https://a.example/b?id=1&utm_source=x now')).toBe(
      `<p>See <a href="https://a.example/b?id=1" ${REL}>https://a.example/b?id=1</a> now</p>`,
    )
    expect(bodyHtml('[**a.example/b?fbclid=x**](https://a.example/b?fbclid=x)', 'markdown')).toBe(
      `<p><a href="https://a.example/b" ${REL}><strong>a.example/b</strong></a></p>`,
    )
    expect(bodyHtml('[more?utm_source=x](https://a.example/b?utm_source=x)', 'markdown')).toBe(
      `<p><a href="https://a.example/b" ${REL}>more?utm_source=x</a></p>`,
    )
  })

  it('[MEDIA7] that change are told with their whole address, once each', () => {
    const body = 'https://a.example/?fbclid=x and https://a.example/?fbclid=x'
    expect(notesOf(normalized({ body }), 'links')).toEqual([
      { step: 'links', before: 'link: https://a.example/?fbclid=x', after: 'link: https://a.example/' },
    ])
  })

  it('[MEDIA7] that have run into a sentence stay as typed', () => {
    const body = 'https://youtu.be/XmP56yBy-18?si=abc外交部长抵达奥斯陆。'
    expect(normalized({ body: `x ${body}` }).update.bodyText).toBe(`x ${body}`)
  })

  it('[MEDIA7] in code, and the addresses of pictures, stay', () => {
    const url = 'https://a.example/b.jpg?utm_source=x'
    const { update } = normalized({ body: `\`${url}\``, bodyFormat: 'markdown', media: [{ url }] })
    expect(update.bodyText).toBe(url)
    expect(update.media[0]?.url).toBe(url)
  })

  it('[MEDIA7] stay where the editor keeps them as typed', () => {
    const body = 'See https://a.example/?fbclid=x'
    expect(normalized({ body, keepAsTyped: ['links'] }).update.bodyText).toBe(body)
  })

  it.each([
    ['text', 'See www.a.example/b?c.', `<p>See <a href="https://www.a.example/b?c" ${REL}>www.a.example/b?c</a>.</p>`],
    ['markdown', 'See www.a.example', `<p>See <a href="https://www.a.example/" ${REL}>www.a.example</a></p>`],
    ['markdown', '[See](www.a.example)', `<p><a href="https://www.a.example/" ${REL}>See</a></p>`],
    ['html', '<a href="www.a.example">See</a>', `<p><a href="https://www.a.example/" ${REL}>See</a></p>`],
  ] as const)(
    '[MEDIA8] written without a scheme are https where that is sure, in %s: %s',
    (bodyFormat, body, expected) => {
      expect(bodyHtml(body, bodyFormat)).toBe(expected)
    },
  )

  it.each(['a@www.a.example', 'www.', 'www', 'awww.a.example', 'a.example/b', 'www.a', 'xwww.a.example'])(
    '[MEDIA8] are not made of %j',
    body => expect(bodyHtml(body)).toBe(`<p>${body}</p>`),
  )
})
