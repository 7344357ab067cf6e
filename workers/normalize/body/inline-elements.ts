import { cleanText } from '../text-cleaning.ts'
import { INLINE } from './html-policy.ts'
import { type ElementNode, element, type HtmlNode, NO_ATTRIBUTES, textNode } from './html-tree.ts'
import { nameOfFile, safeLink } from './safe-link.ts'

export const INLINE_NAMES: ReadonlySet<string> = new Set(INLINE)

/** The inline elements around something, none of which may stand in itself. */
export type Inside = ReadonlySet<string>

/** Pages never load foreign pictures by themselves: a picture in a body becomes a link to it. */
export function pictureLink({ attributes }: ElementNode, inside: Inside): HtmlNode[] {
  const source = safeLink(attributes['src'] ?? '')
  const words = (attributes['alt'] ?? '').trim()
  const text = textNode(words === '' && source !== undefined ? nameOfFile(source) : words)
  const link = source === undefined || inside.has('a') ? text : element('a', [text], linkTo(source))
  return [textNode(' '), link, textNode(' ')]
}

function linkTo(href: string): Record<string, string> {
  return { href, rel: 'noopener nofollow ugc' }
}

/** Undefined for a link that leads nowhere safe: it is no element then. */
export function inlineAttributes({ name, attributes }: ElementNode): ElementNode['attributes'] | undefined {
  if (name !== 'a') return plain(attributes)
  const href = safeLink(attributes['href'] ?? '')
  return href === undefined ? undefined : { ...plain({ ...attributes, href: '', rel: '' }), ...linkTo(href) }
}

const LANGUAGE = /^[a-z\d-]{1,35}$/i

const NUMBER = /^\d{1,4}$/
const VALUES: Readonly<Record<string, RegExp>> = {
  lang: LANGUAGE,
  dir: /^(?:ltr|rtl|auto)$/,
  start: NUMBER,
  colspan: NUMBER,
  rowspan: NUMBER,
}

/** Attributes whose values say something that pages understand. */
export function plain(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (attributes === NO_ATTRIBUTES) return NO_ATTRIBUTES
  return Object.fromEntries(
    Object.entries(attributes)
      .map(([name, value]) => [name, name === 'cite' ? (safeLink(value) ?? '') : cleanText(value)] as const)
      .filter(([name, value]) => value !== '' && (VALUES[name]?.test(value) ?? true)),
  )
}
