import sanitizeHtml from 'sanitize-html'
import { parseSanitizedHtml, writeHtml } from './html-tree.ts'
import { LIST_ATTRIBUTE, MARKER_TAG, PASTED_TAGS } from './pasted-styles.ts'
import { safeLink } from './safe-link.ts'
import { readWordLists } from './word-lists.ts'

/** Deeper tags are dropped and their text kept. No honest update comes near it. */
const NESTING_LIMIT = 32
/** Tidying puts items, cells and paragraphs between what was nested, so its result may be deeper than what was read. */
const TIDY_NESTING_LIMIT = 3 * NESTING_LIMIT
/** HTML may not grow beyond this: a few characters can ask for thousands of table cells, or of links around links. */
export const MAX_BODY_HTML_CHARS = 262_144
const MAX_NAMED = 20

export const PARAGRAPHS = ['p', 'h2', 'h3', 'h4'] as const
export const INLINE = ['a', 'strong', 'em', 'cite', 'code', 'sup', 'sub', 'del', 'ins', 'abbr', 'time', 'q'] as const
const STRUCTURE = ['blockquote', 'ul', 'ol', 'li', 'figure', 'figcaption', 'pre'] as const
const TABLE = ['table', 'thead', 'tbody', 'tr', 'th', 'td'] as const
const READERS_TAGS: readonly string[] = ['br', ...PARAGRAPHS, ...INLINE, ...STRUCTURE, ...TABLE]

const KEPT_TAGS: ReadonlySet<string> = new Set(READERS_TAGS)

/** Their content is no text. All other tags that are not allowed go and leave their text. */
const WITHOUT_TEXT = ['script', 'style', 'template', 'iframe', 'noembed', 'noframes', 'xmp', 'xml']

/** Other names for what is allowed. */
export const RENAMED: Readonly<Record<string, string>> = {
  ...{ b: 'strong', i: 'em', s: 'del', strike: 'del', tt: 'code', kbd: 'code', samp: 'code', acronym: 'abbr' },
  ...{ h1: 'h2', h5: 'h4', h6: 'h4', tfoot: 'tbody', dir: 'ul', menu: 'ul' },
}

/** They begin and end a paragraph, so that no two words are glued together where they are dropped. */
const LAYOUT = (
  'address article aside body button caption center dd details dialog div dl dt fieldset footer form header hgroup hr ' +
  'label legend main nav optgroup option search section select summary textarea title'
).split(' ')

const READERS_ATTRIBUTES = {
  '*': ['lang', 'dir'],
  a: ['href', 'rel'],
  abbr: ['title'],
  blockquote: ['cite'],
  ol: ['start'],
  q: ['cite'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
  time: ['datetime'],
}

/** What becomes of tags by their name, and of some by their style. */
const TRANSFORMED: Readonly<
  Record<string, string | ((name: string, attributes: sanitizeHtml.Attributes) => sanitizeHtml.Tag)>
> = { ...RENAMED, ...Object.fromEntries(LAYOUT.map(name => [name, 'p'])), ...PASTED_TAGS }

const policy = {
  allowedTags: [...READERS_TAGS],
  allowedAttributes: READERS_ATTRIBUTES,
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  nestingLimit: TIDY_NESTING_LIMIT,
  nonTextTags: WITHOUT_TEXT,
} satisfies sanitizeHtml.IOptions

/** The last gate: nothing that this does not let through is ever given to readers. Its own output passes unchanged. */
export function keepSafe(html: string): string {
  // A raw `<` is never text or attribute in sanitize-html's output, so this can only be its own way to write the tag.
  return sanitizeHtml(html, policy).replaceAll('<br />', '<br>')
}

/** Safe HTML that still has pictures (to become links), and what was left out, by name. */
export function sanitizeForReading(html: string): { html: string; leftOut: string[] } {
  const leftOut = new Set<string>()
  let depth = 0
  let boundaryLost = false
  const noteBoundary = (name: string) => {
    if (depth >= NESTING_LIMIT && !(INLINE as readonly string[]).includes(name)) boundaryLost = true
  }
  const sanitized = sanitizeHtml(html, {
    ...policy,
    nestingLimit: NESTING_LIMIT,
    allowedTags: [...READERS_TAGS, 'img', MARKER_TAG],
    allowedAttributes: { ...READERS_ATTRIBUTES, a: ['href'], img: ['src', 'alt'], p: [LIST_ATTRIBUTE] },
    // One for all: a table of many is read anew for each text.
    transformTags: { '*': transformTag },
    onOpenTag(name, attributes) {
      noteBoundary(name)
      depth++
      for (const lost of lostIn(name, attributes)) leftOut.add(lost)
    },
    onCloseTag(name) {
      depth--
      noteBoundary(name)
    },
    textFilter(text) {
      const separated = boundaryLost ? ` ${text}` : text
      boundaryLost = false
      return separated
    },
  })
  const names = [...leftOut]
  const more = names.length - MAX_NAMED
  return { html: withLists(sanitized), leftOut: more > 0 ? [...names.slice(0, MAX_NAMED), `${more} more`] : names }
}

/** Lists as Word writes them need a second look; most HTML has none. */
function withLists(html: string): string {
  const mayHave = html.includes(`<${MARKER_TAG}`) || html.includes(` ${LIST_ATTRIBUTE}="`)
  return mayHave ? writeHtml(readWordLists(parseSanitizedHtml(html))) : html
}

function transformTag(name: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const transformed = Object.hasOwn(TRANSFORMED, name) ? TRANSFORMED[name] : undefined
  if (typeof transformed === 'function') return transformed(name, attribs)
  return { tagName: transformed ?? name, attribs }
}

/** What of one tag readers do not get: the tag itself, or some of its attributes. */
function lostIn(name: string, attributes: Readonly<Record<string, string>>): string[] {
  const kept = nameFor(name, attributes)
  if (kept !== 'img' && !KEPT_TAGS.has(kept)) return [`<${name.slice(0, 30)}>`]
  return Object.entries(attributes)
    .filter(([attribute, value]) => !isKept(kept, attribute, value))
    .map(([attribute]) => `${attribute.slice(0, 30)} on <${name}>`)
}

function nameFor(name: string, attributes: Readonly<Record<string, string>>): string {
  const { tagName } = transformTag(name, attributes)
  return tagName === MARKER_TAG ? 'p' : tagName
}

function isKept(tag: string, attribute: string, value: string): boolean {
  if (attribute === 'lang' || attribute === 'dir') return true
  if (attribute === 'cite') return safeLink(value) !== undefined && (tag === 'q' || tag === 'blockquote')
  if (tag === 'a') return attribute === 'href' ? safeLink(value) !== undefined : ['rel', 'target'].includes(attribute)
  // A picture becomes a link, which has no size.
  if (tag === 'img')
    return attribute === 'src' ? safeLink(value) !== undefined : ['alt', 'width', 'height'].includes(attribute)
  const allowed: Readonly<Record<string, readonly unknown[]>> = READERS_ATTRIBUTES
  return Object.hasOwn(allowed, tag) && (allowed[tag] ?? []).includes(attribute)
}
