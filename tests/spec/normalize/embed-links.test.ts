import { describe, expect, it } from 'vitest'
import { normalized, notesOf } from './submissions.ts'

describe('a link alone on its line', () => {
  it.each([
    ['https://www.youtube.com/watch?v=XmP56yBy-18', 'youtube', 'XmP56yBy-18'],
    ['https://youtu.be/XmP56yBy-18', 'youtube', 'XmP56yBy-18'],
    ['https://m.youtube.com/shorts/XmP56yBy-18', 'youtube', 'XmP56yBy-18'],
    ['https://www.youtube.com/live/XmP56yBy-18', 'youtube', 'XmP56yBy-18'],
    ['https://twitter.com/NASA/status/1362831783444717568', 'twitter', '1362831783444717568'],
    ['https://x.com/i/web/status/7', 'twitter', '7'],
    ['https://vimeo.com/76979871', 'vimeo', '76979871'],
    ['https://player.vimeo.com/video/76979871', 'vimeo', '76979871'],
    ['https://www.instagram.com/p/CLeH3mXnrZt/', 'instagram', 'CLeH3mXnrZt'],
    ['https://www.instagram.com/nasa/reel/CLeH3mXnrZt/', 'instagram', 'CLeH3mXnrZt'],
    ['https://www.tiktok.com/@nasa/video/6931234567890123456', 'tiktok', '6931234567890123456'],
    ['https://vm.tiktok.com/ZMabc123/', 'tiktok', ''],
    ['https://bsky.app/profile/nasa.gov/post/3l6oveex3ii2l', 'bluesky', '3l6oveex3ii2l'],
    ['https://mastodon.example/@nasa/109876543210987654', 'mastodon', '109876543210987654'],
    ['https://social.example/@nasa@other.example/109876543210987654', 'mastodon', '109876543210987654'],
    ['https://www.facebook.com/NASA/posts/pfbid02abc', 'facebook', 'pfbid02abc'],
    ['https://www.facebook.com/NASA/videos/1234567890', 'facebook', '1234567890'],
    ['https://www.facebook.com/watch/?v=1234567890', 'facebook', '1234567890'],
    ['https://fb.watch/3Qabc-def/', 'facebook', ''],
    ['https://soundcloud.com/nasa/first-sounds-from-mars', 'soundcloud', 'nasa/first-sounds-from-mars'],
    ['https://soundcloud.com/nasa/sets/mars', 'soundcloud', 'nasa/sets/mars'],
    ['https://datawrapper.dwcdn.net/aBc12/3/', 'datawrapper', 'aBc12'],
    ['https://www.datawrapper.de/_/aBc12/', 'datawrapper', 'aBc12'],
    ['https://www.google.com/maps/place/Minsk/@53.88,27.5,11z', 'google-maps', ''],
    ['https://www.google.co.uk/maps/d/viewer?mid=1a-B_c', 'google-maps', '1a-B_c'],
    ['https://maps.app.goo.gl/abcDEF123', 'google-maps', ''],
  ])('[MEDIA9] to a known provider becomes an embed and leaves the body: %s', (url, provider, originalId) => {
    const result = normalized({ body: `They met.\n${url}\n\nThey left.` })
    expect(result.update).toMatchObject({ type: 'text', bodyText: 'They met.\nThey left.' })
    expect(result.update.embeds).toEqual([{ provider, url, originalId }])
    expect(notesOf(result, 'embed-links')).toEqual([
      { step: 'embed-links', before: `body: ${url}`, after: `embeds/0: ${provider} ${url}` },
    ])
  })

  it.each([
    'https://www.youtube.com/',
    'https://www.youtube.com/@nasa',
    'https://www.youtube.com/somechannel',
    'https://www.youtube.com/playlist?list=PL123',
    'https://youtube.com.evil.example/watch?v=XmP56yBy-18',
    'https://x.com/NASA',
    'https://vimeo.com/nasa',
    'https://www.instagram.com/nasa/',
    'https://www.tiktok.com/@nasa',
    'https://bsky.app/profile/nasa.gov',
    'https://medium.example/@nasa/my-story-1a2b3c',
    'https://www.facebook.com/NASA',
    'https://soundcloud.com/nasa',
    'https://soundcloud.com/nasa/tracks',
    'https://soundcloud.com/discover/mars',
    'https://www.google.com/maps',
    'https://www.google.com/search?q=maps',
    'https://a.example/watch?v=XmP56yBy-18',
  ])('[MEDIA9] to anything else stays a link: %s', url => {
    const { update } = normalized({ body: `They met.\n${url}` })
    expect(update.embeds).toEqual([])
    expect(update.bodyText).toBe(`They met.\n${url}`)
  })

  const VIDEO = 'https://youtu.be/XmP56yBy-18'

  it.each([
    ['a link in a sentence', 'text', `See ${VIDEO}`],
    ['a link with words of its own', 'html', `<p><a href="${VIDEO}">Watch</a></p>`],
    ['a link that shows another address', 'html', `<p><a href="https://a.example/">${VIDEO}</a></p>`],
    ['a link in a list', 'markdown', `- ${VIDEO}`],
    ['two links on a line', 'text', `${VIDEO} ${VIDEO}`],
    ['code', 'markdown', `\`\`\`\n${VIDEO}\n\`\`\``],
  ] as const)('[MEDIA10] is not %s', (_title, bodyFormat, body) => {
    const { update } = normalized({ body, bodyFormat })
    expect(update.embeds).toEqual([])
    expect(update.bodyText).toMatch(/youtu\.be|Watch/)
  })

  it('[MEDIA10] may be written in any format, and with tracking', () => {
    for (const [bodyFormat, body] of [
      ['html', `<p><b><a href="${VIDEO}?si=x">${VIDEO}?si=x</a></b></p>`],
      ['html', `<div>${VIDEO}</div>`],
      ['markdown', `<${VIDEO}>`],
    ] as const) {
      const { update } = normalized({ body, bodyFormat })
      expect(update).toMatchObject({ type: 'embed', bodyHtml: '' })
      expect(update.embeds).toEqual([{ provider: 'youtube', url: VIDEO, originalId: 'XmP56yBy-18' }])
    }
  })

  it('[MEDIA11] makes no double of an embed that is given, and no more than 50', () => {
    const body = `${VIDEO}\nhttps://www.youtube.com/watch?v=XmP56yBy-18\nhttps://x.com/a/status/7`
    for (const given of [
      { provider: 'YouTube', originalId: 'XmP56yBy-18' },
      { provider: 'video', url: VIDEO },
    ]) {
      const { embeds, bodyText } = normalized({ body, embeds: [given] }).update
      expect(embeds.filter(embed => embed.provider === 'twitter')).toHaveLength(1)
      expect(embeds.length).toBeLessThanOrEqual(3)
      expect(bodyText).toBe('')
    }
    const many = Array.from({ length: 60 }, (_, i) => `https://x.com/a/status/${i}`).join('\n')
    const { embeds, bodyText } = normalized({ body: many }).update
    expect(embeds).toHaveLength(50)
    expect(bodyText.split('\n')).toHaveLength(10)
  })

  it('[MEDIA11] stays where the editor keeps it as typed', () => {
    expect(normalized({ body: VIDEO, keepAsTyped: ['embed-links'] }).update).toMatchObject({ type: 'text', embeds: [] })
  })
})
