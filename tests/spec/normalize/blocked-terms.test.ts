import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { DraftContent } from '../../../src/protocol/update.ts'
import { normalized } from './submissions.ts'

const settings = (...blockedTerms: string[]) => ({
  settings: { off: [], callsToAction: 'flag' as const, blockedTerms },
})
const heldWith = (draft: z.input<typeof DraftContent>, ...terms: string[]) => normalized(draft, settings(...terms)).held

describe('a blocked term', () => {
  it('[HOLD1] holds the submission with a reason that names the term and the field', () => {
    expect(heldWith({ body: 'Aleinik arrived' }, 'Lavrov', 'Aleinik')).toEqual({
      step: 'blocked-terms',
      reason: 'Has the blocked term "Aleinik" (body).',
    })
    expect(heldWith({ body: 'Aleinik and Lavrov' }, 'Lavrov', 'Aleinik')?.reason).toBe(
      'Has the blocked terms "Lavrov" (body), "Aleinik" (body).',
    )
    expect(heldWith({ body: 'Nobody arrived' }, 'Lavrov')).toBeUndefined()
  })

  it.each([
    ['case', 'ALEINIK arrived', 'aleinik'],
    ['accents', 'Aleïnik arrivéd', 'Aleinik arrived'],
    ['letters with strokes', 'Łukasz Sørensen', 'lukasz sorensen'],
    ['ß', 'In der STRASSE', 'Straße'],
    ['full-width letters', 'Ａｌｅｉｎｉｋ', 'Aleinik'],
    ['punctuation between words', 'Jean–Luc', 'jean luc'],
    ['line ends', 'Sergey\nAleinik', 'Sergey Aleinik'],
    ['invisible characters', 'Alei\u00ad\u200bnik', 'Aleinik'],
    ['Arabic vowels', 'قال مُحَمَّد', 'محمد'],
    ['Russian ё', 'Всё', 'все'],
    ['scripts without spaces', '今天李明说', '李明'],
    ['no letters at all', 'Brand ★ news', '★'],
  ])('[HOLD2] is found whatever the %s', (_title, body, term) => {
    expect(heldWith({ body }, term)).toBeDefined()
  })

  it.each([
    ['Aleinikov arrived', 'Aleinik'],
    ['Kaleinik', 'Aleinik'],
    ['Sergey and Aleinik', 'Sergey Aleinik'],
    ['Aleinik2', 'Aleinik'],
  ])('[HOLD2] is a whole word: %j has no %j', (body, term) => {
    expect(heldWith({ body }, term)).toBeUndefined()
  })

  const url = 'https://a.example/c.jpg'
  it.each<[string, z.input<typeof DraftContent>]>([
    ['headline', { body: 'x', headline: 'The secret' }],
    ['media/0/caption', { media: [{ url, caption: 'A secret' }] }],
    ['media/0/alt', { media: [{ url, alt: 'A secret' }] }],
    ['media/0/creditText', { media: [{ url, creditText: 'Secret/AP' }] }],
    ['media/0/url', { media: [{ url: 'https://a.example/the-secret.jpg' }] }],
    ['embeds/0/url', { embeds: [{ provider: 'x', url: 'https://x.com/secret/status/7' }] }],
    ['tags/0', { body: 'x', tags: ['secret'] }],
    ['source', { body: 'x', source: 'Secret' }],
    ['authors/0/name', { body: 'x', authors: [{ name: 'Ann Secret' }] }],
    ['authors/0/role', { body: 'x', authors: [{ name: 'Ann', role: 'secret agent' }] }],
  ])('[HOLD3] is found in %s', (field, draft) => {
    expect(heldWith(draft, 'secret')?.reason).toBe(`Has the blocked term "secret" (${field}).`)
  })

  it.each([
    ['markup inside of the word', { body: '<p>sec<b>r</b>et</p>', bodyFormat: 'html' }],
    ['entities', { body: 's&#101;cret', bodyFormat: 'html' }],
    ['what is left out of the text', { body: '<p title="secret">x</p>', bodyFormat: 'html' }],
    ['an address', { body: '[x](https://a.example/%73ecret)', bodyFormat: 'markdown' }],
    ['a line that a step removes', { body: 'The Secret of Minsk\nsecret, minsk' }],
  ] as [string, z.input<typeof DraftContent>][])('[HOLD3] is found through %s', (_title, draft) => {
    expect(heldWith(draft, 'secret')).toBeDefined()
  })

  it('[HOLD4] holds nothing that an editor has released', () => {
    expect(normalized({ body: 'secret' }, { ...settings('secret'), released: true }).held).toBeUndefined()
  })
})
