import slugify from '@sindresorhus/slugify'

const MAX_ID_CHARS = 64

/**
 * Pure: the id an event gets when nobody chose one: `Lavrov talks to media` -> `lavrov-talks-to-media`, cut on a word at 64
 * characters. `fallbackId` is taken when the headline has nothing to make a slug of.
 */
export function idFromHeadline(headline: string, fallbackId: string): string {
  const slug = slugify(headline)
  if (slug === '') return fallbackId
  if (slug === 'import') return 'import-event'
  if (slug.length <= MAX_ID_CHARS) return slug
  const cut = slug.slice(0, MAX_ID_CHARS + 1)
  const word = cut.lastIndexOf('-')
  return cut.slice(0, word > 0 ? word : MAX_ID_CHARS)
}
