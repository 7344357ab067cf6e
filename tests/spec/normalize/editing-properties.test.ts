import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UpdateDraft } from '../../../src/protocol/update.ts'
import { expectSafe } from './safe-html.ts'
import { normalized } from './submissions.ts'

type Format = NonNullable<UpdateDraft['bodyFormat']>

const RUNS = 300

/** What the steps about commands, quotes, keywords, links, embeds and pasted markup look for, whole and in parts. */
const fragment = fc.constantFrom(
  ...['/key', '/breaking ', ' /summary', 'FOR PUB:', 'FOR PUB: x'],
  ...[
    '“We have agreed.”',
    ' — Sergey Lavrov',
    ', minister',
    '"We have agreed on it" - Lavrov',
    '„Ja, das ist so.“',
    '— Anna Berg',
    '– Name',
  ],
  ...['sergey lavrov, minsk', 'Sergey Lavrov met in Minsk. ', '#Moscow ', '#1', 'https://youtu.be/XmP56yBy-18'],
  ...['https://x.com/a/status/77?s=20', 'https://a.example/?utm_source=x&b=1', 'www.a.example/c?fbclid=1'],
  ...[
    '[t](https://a.example/?gclid=2)',
    '<a href="https://www.google.com/url?q=https://a.example/">https://a.example/</a>',
  ],
  ...[
    '<b style="font-weight:normal">',
    '</b>',
    '<span style="font-weight:700">',
    '</span>',
    '<marker>',
    '</marker>',
    '<p list="2">',
  ],
  "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>item</p>",
  "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.</span>item</p>",
  ...[
    '<blockquote>',
    '</blockquote>',
    '> ',
    '<cite>',
    '</cite>',
    '<q cite="https://a.example/b">',
    '</q>',
    '<pre>',
    '</pre>',
    '`',
    '- ',
    '<li>',
  ],
  ...['<code>', '</code>', '**', '<em>', '</em>', '<br>', '<p>', '</p>', '\n', '\n', '\n\n', ' '],
)
const word = fc.stringMatching(/^[a-z]{3,8}$/).map(letters => `zq${letters}`)
const body = fc
  .array(fc.oneof({ weight: 4, arbitrary: fragment }, word), { maxLength: 16 })
  .map(pieces => pieces.join(''))
const format = fc.constantFrom<Format>('text', 'markdown', 'html')
const media = [{ url: 'https://a.example/c.jpg' }]

describe('whatever is edited', () => {
  it('[EDIT13] stays as it is when it is normalized again', { timeout: 60_000 }, () => {
    const again = fc.property(body, format, (text, bodyFormat) => {
      const { type, bodyHtml, tags, embeds, isKeyEvent } = normalized({ body: text, bodyFormat, media }).update
      expectSafe(bodyHtml)
      if (bodyHtml === '') return
      const given = embeds.map(({ provider, url }) => ({ provider, url }))
      const second = normalized({ body: bodyHtml, bodyFormat: 'html', media, tags, embeds: given, isKeyEvent })
      expect(second.update).toMatchObject({ type, bodyHtml, tags, embeds, isKeyEvent })
    })
    fc.assert(again, { numRuns: RUNS })
  })

  it('[EDIT13] loses no word that is not quoted in a note', { timeout: 60_000 }, () => {
    const kept = fc.property(body, format, (text, bodyFormat) => {
      const { update, normalization } = normalized({ body: text, bodyFormat, media })
      const notes = normalization.map(note => ('warning' in note ? note.warning : note.before))
      const found = [update.bodyHtml, ...notes].join(' ')
      const withoutTags = text.replace(/<[^>]*(?:>|$)/g, ' ')
      expect((withoutTags.match(/zq[a-z]{3,8}/g) ?? []).filter(one => !found.includes(one))).toEqual([])
    })
    fc.assert(kept, { numRuns: RUNS })
  })
})
