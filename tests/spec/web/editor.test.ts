import { describe, expect, it } from 'vitest'
import { DraftContent, UpdateDraft, UpdatePatch } from '../../../src/protocol/update.ts'
import {
  type Draft,
  draftOf,
  EMPTY_DRAFT,
  isUntouched,
  type Revised,
  revisionOf,
  wholeDraft,
} from '../../../web/desk/draft.ts'
import {
  asDraft,
  type EditorFields,
  EMPTY_FIELDS,
  fieldsOf,
  isBlank,
  toDraft,
  toPatch,
} from '../../../web/desk/editor-fields.ts'
import { faultOf, fieldAt, otherFaults } from '../../../web/desk/fault-places.ts'
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
  const zone = 'Europe/Moscow'
  const typed = DraftContent.parse({
    ...{ body: 'One *and*  two', bodyFormat: 'markdown', headline: 'Headline 1', happenedAt: '2026-11-24T10:01:00Z' },
    ...{ source: 'Agency', media: [photo, second], tags: ['kept'], authors: [{ name: 'Anna' }] },
  })
  const update = anUpdate(1, { source: 'Agency', media: [photo, second], bodyHtml: '<p>One <em>and</em> two</p>' })
  const revised: Revised = { update, typed, version: 1 }
  const before = fieldsOf(typed, zone)

  it('[PAGE13] starts from what was typed, its time by the clocks of the event', () => {
    expect(before).toMatchObject({
      body: 'One *and*  two',
      bodyFormat: 'markdown',
      headline: 'Headline 1',
      happenedAt: '2026-11-24T13:01',
    })
    expect(fieldsOf({ ...typed, happenedAt: '2026-11-24t13:05:30' }, zone).happenedAt).toBe('2026-11-24T13:05')
    expect(fieldsOf({ body: 'x', bodyFormat: 'text' }, zone).happenedAt).toBe('')
  })

  it('[PAGE13] sends nothing that was not touched', () => {
    expect(toPatch(typed, before, zone)).toEqual({})
    expect(toPatch(typed, { ...before, headline: 'Other' }, zone)).toEqual({ headline: 'Other' })
    expect(isUntouched(draftOf(revised, zone), zone)).toBe(true)
  })

  it('[PAGE13] removes what was emptied', () => {
    const emptied = { ...before, headline: '', source: ' ' }
    const patch = toPatch(typed, emptied, zone)
    expect(patch).toEqual({ headline: null, source: null })
    expect(UpdatePatch.safeParse(patch).success).toBe(true)
  })

  it('[PAGE13] keeps the other pictures, and the size of one whose caption is mended', () => {
    const patch = toPatch(typed, { ...before, mediaCaption: 'The old hall.' }, zone)
    expect(patch).toEqual({ media: [{ ...photo, caption: 'The old hall.' }, second] })
    expect(UpdatePatch.safeParse(patch).success).toBe(true)
    const other = toPatch(typed, { ...before, mediaUrl: 'https://p.example/c.jpg' }, zone)
    expect(other.media?.[0]).not.toHaveProperty('width')
  })

  it('[PAGE14] is based on the version now when what changed meanwhile is something else', () => {
    const marked = { ...update, version: 2, isKeyEvent: true }
    const mine = { ...before, headline: 'Mine' }
    expect(revisionOf(revised, marked, mine, zone)).toEqual({ version: 2, patch: { headline: 'Mine' } })
  })

  it('[PAGE14] keeps its own version when both changed the same, so that the server refuses the second', () => {
    const mine = { ...before, headline: 'Mine' }
    const theirs = { ...update, version: 2, headline: 'Theirs' }
    expect(revisionOf(revised, theirs, mine, zone)).toEqual({ version: 1, patch: { headline: 'Mine' } })
    const words = { ...update, version: 2, bodyHtml: '<p>Three</p>' }
    const patch = { body: 'Four', bodyFormat: 'markdown' }
    expect(revisionOf(revised, words, { ...before, body: 'Four' }, zone)).toEqual({ version: 1, patch })
  })

  it('[PAGE14] is based on the version that was accepted last, though readers do not see it yet', () => {
    const ahead = { ...revised, version: 3 }
    expect(revisionOf(ahead, update, { ...before, headline: 'Mine' }, zone).version).toBe(3)
  })

  it('[DESK1] is previewed as a whole, with what the form does not show, under its own id', () => {
    const draft: Draft = { fields: { ...before, headline: '', body: 'Two' }, revises: revised }
    const { headline: _, ...others } = typed
    expect(wholeDraft(draft, zone)).toEqual({ ...others, body: 'Two', updateId: update.id })
    expect(UpdateDraft.safeParse(wholeDraft(draft, zone)).success).toBe(true)
    expect(wholeDraft(EMPTY_DRAFT, zone)).toBeUndefined()
  })

  it('[PAGE14] does not take a headline that was made from the text for one that was typed', () => {
    expect(asDraft(anUpdate(1, { headlineDerived: true })).headline).toBeUndefined()
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
    expect(fieldsOf(asDraft(anUpdate(1, { happenedAt: at('22:30') })), 'Europe/Moscow').happenedAt).toBe(
      '2026-11-25T01:30',
    )
  })
})
