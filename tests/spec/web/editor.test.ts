import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UpdateDraft, UpdatePatch } from '../../../src/protocol/update.ts'
import { draftOf, isUntouched, revisionOf } from '../../../web/desk/draft.ts'
import {
  type EditorFields,
  EMPTY_FIELDS,
  fieldsOf,
  isBlank,
  toDraft,
  toPatch,
} from '../../../web/desk/editor-fields.ts'
import { faultOf, fieldAt, otherFaults } from '../../../web/desk/fault-places.ts'
import { plainTextOf } from '../../../web/desk/html-as-text.ts'
import { providerOf } from '../../../web/desk/provider-of.ts'
import { anUpdate, at } from './build-view.ts'

const typed = (over: Partial<EditorFields>): EditorFields => ({ ...EMPTY_FIELDS, ...over })

const photo = {
  url: 'https://p.example/a.jpg',
  width: 1200,
  height: 800,
  alt: 'Flags',
  caption: 'The hall.',
  creditText: 'Ana Lind',
  copyrightHolder: 'Example',
}
const second = { ...photo, url: 'https://p.example/b.jpg' }

describe('the editor, of a new update', () => {
  it('[PAGE12] sends what was typed, and leaves out what was left empty', () => {
    const fields = typed({
      body: ' They came. ',
      bodyFormat: 'markdown',
      isKeyEvent: true,
      happenedAt: '2026-11-24T13:05',
    })
    expect(toDraft(fields)).toEqual({
      body: ' They came. ',
      bodyFormat: 'markdown',
      happenedAt: '2026-11-24T13:05',
      isKeyEvent: true,
    })
  })

  it('[PAGE12] sends a picture and a link without a text', () => {
    const draft = toDraft(typed({ mediaUrl: photo.url, mediaAlt: 'Flags', embedUrl: 'https://youtu.be/abc' }))
    expect(UpdateDraft.safeParse(draft).success).toBe(true)
    expect(draft).toMatchObject({
      media: [{ url: photo.url, alt: 'Flags' }],
      embeds: [{ provider: 'youtube', url: 'https://youtu.be/abc' }],
    })
  })

  it('[PAGE12] is blank as long as no words are in it', () => {
    expect(isBlank(typed({ isKeyEvent: true, bodyFormat: 'html', body: ' \n' }))).toBe(true)
    expect(isBlank(typed({ mediaCaption: 'x' }))).toBe(false)
  })

  it.each([
    ['https://www.youtube.com/watch?v=a', 'youtube'],
    ['https://x.com/a/status/1', 'twitter'],
    ['https://vimeo.com/1', 'vimeo'],
    ['nonsense', 'link'],
  ])('[PAGE12] knows that %s is of %s', (url, provider) => {
    expect(providerOf(url)).toBe(provider)
  })
})

describe('the editor, of a revision', () => {
  const update = anUpdate(1, { source: 'Agency', media: [photo, second], bodyHtml: '<p>One &amp; two<br>three</p>' })
  const before = fieldsOf(update, 'Europe/Moscow')

  it('[PAGE13] starts from the published text, its time by the clocks of the event', () => {
    expect(before).toMatchObject({
      body: 'One & two\nthree',
      bodyFormat: 'text',
      headline: 'Headline 1',
      happenedAt: '2026-11-24T13:01',
    })
  })

  it('[PAGE13] sends nothing that was not touched', () => {
    expect(toPatch(update, before, 'Europe/Moscow')).toEqual({})
    expect(toPatch(update, { ...before, headline: 'Other' }, 'Europe/Moscow')).toEqual({ headline: 'Other' })
    expect(isUntouched(draftOf(update, 'Europe/Moscow'), 'Europe/Moscow')).toBe(true)
  })

  it('[PAGE13] removes what was emptied', () => {
    const emptied = { ...before, headline: '', source: ' ' }
    const patch = toPatch(update, emptied, 'Europe/Moscow')
    expect(patch).toEqual({ headline: null, source: null })
    expect(UpdatePatch.safeParse(patch).success).toBe(true)
  })

  it('[PAGE13] keeps the other pictures, and the size of one whose caption is mended', () => {
    const patch = toPatch(update, { ...before, mediaCaption: 'The old hall.' }, 'Europe/Moscow')
    expect(patch).toEqual({ media: [{ ...photo, caption: 'The old hall.' }, second] })
    expect(UpdatePatch.safeParse(patch).success).toBe(true)
    const other = toPatch(update, { ...before, mediaUrl: 'https://p.example/c.jpg' }, 'Europe/Moscow')
    expect(other.media?.[0]).not.toHaveProperty('width')
  })

  it('[PAGE13] does not take a headline that was made from the text for one that was typed', () => {
    expect(fieldsOf(anUpdate(1, { headlineDerived: true }), 'UTC').headline).toBe('')
  })

  it('[PAGE14] is based on the version now when what changed meanwhile is something else', () => {
    const marked = { ...update, version: 2, isKeyEvent: true }
    const mine = { ...before, headline: 'Mine' }
    expect(revisionOf(update, marked, mine, 'Europe/Moscow')).toEqual({ version: 2, patch: { headline: 'Mine' } })
  })

  it('[PAGE14] keeps its own version when both changed the same, so that the server refuses the second', () => {
    const theirs = { ...update, version: 2, headline: 'Theirs' }
    const mine = { ...before, headline: 'Mine' }
    expect(revisionOf(update, theirs, mine, 'Europe/Moscow')).toEqual({ version: 1, patch: { headline: 'Mine' } })
  })
})

describe('published HTML', () => {
  it.each([
    ['<p>One</p>', 'One'],
    ['<p>One<br>two</p>\n<p>Three</p>', 'One\ntwo\n\nThree'],
    ['<p>a &lt;b&gt; &amp;amp; &quot;c&quot; &#39;d&#39; &#x1F600;</p>', 'a <b> &amp; "c" \'d\' 😀'],
    ['<p>See <a href="https://x.example/a" rel="noopener">https://x.example/a</a>.</p>', 'See https://x.example/a.'],
    ['', ''],
  ])('[PAGE13] %s is edited as text', (html, text) => {
    expect(plainTextOf(html)).toBe(text)
  })

  it.each(['<p>a <strong>b</strong></p>', '<ul><li>a</li></ul>', '<p><a href="https://x.example">here</a></p>'])(
    '[PAGE13] %s is edited as HTML, as text would lose something',
    html => {
      expect(plainTextOf(html)).toBeUndefined()
    },
  )

  it('[PAGE13] of any plain paragraphs gives their words back', () => {
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const paragraph = fc.string({ minLength: 1 }).filter(text => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(paragraph, { minLength: 1 }), paragraphs => {
        const html = paragraphs.map(text => `<p>${escaped(text)}</p>`).join('')
        expect(plainTextOf(html)).toBe(paragraphs.join('\n\n'))
      }),
    )
  })
})

describe('what the server finds wrong', () => {
  it.each([
    ['#/body', 'body'],
    ['#/happenedAt', 'happenedAt'],
    ['#/media/0/url', 'mediaUrl'],
    ['#/media/0/creditText', 'mediaCredit'],
    ['#/embeds/0', 'embedUrl'],
    ['#/tags/0', undefined],
  ])('[PAGE15] at %s stands at its field of the editor', (pointer, field) => {
    expect(fieldAt(pointer)).toBe(field)
  })

  it('[PAGE15] is shown whole, also where no field is meant', () => {
    const errors = [
      { pointer: '#/body', detail: 'Too long.' },
      { pointer: '#/body', detail: 'Not well-formed.' },
      { pointer: '#/tags', detail: 'Too many.' },
    ]
    expect(faultOf(errors, 'body')).toBe('Too long. Not well-formed.')
    expect(faultOf(errors, 'headline')).toBeUndefined()
    expect(otherFaults(errors)).toEqual([errors[2]])
  })
})

describe('a time that was typed', () => {
  it('[PAGE12] is sent as it stands, for the server to read by the clocks of the event', () => {
    expect(toDraft(typed({ body: 'x', happenedAt: '2026-11-24T13:05' })).happenedAt).toBe('2026-11-24T13:05')
    expect(fieldsOf(anUpdate(1, { happenedAt: at('22:30') }), 'Europe/Moscow').happenedAt).toBe('2026-11-25T01:30')
  })
})
