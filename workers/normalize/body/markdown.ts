import MarkdownIt, { type Token } from 'markdown-it'
import { MAX_BODY_HTML_CHARS } from './html-policy.ts'

/** Blocks in blocks (a list is two), and the same again for emphasis and links. */
const MAX_NESTING = 16
/** More than this is no text that anybody wrote (4,000 items of a list), and costs every later step its time. */
const MAX_TOKENS = 20_000

const markdown = new MarkdownIt({ html: false, linkify: true, maxNesting: MAX_NESTING })
  // `[Update]: Arrived.` would be read as the definition of a link, and vanish.
  .disable('reference')
markdown.linkify
  .set({ fuzzyLink: false, fuzzyEmail: false }) // "in Moscow.In" is no address
  .add('//', null)
  .add('ftp:', null)
  // People write addresses like this by heart; behind another part of an address or a word it is none.
  .add('www.', {
    validate(text, at, linkify) {
      if (/[\p{L}\p{N}@/._:-]/u.test(text.slice(at - 5, at - 4))) return 0
      const host = linkify.re.get_relative_proto_validator()
      host.lastIndex = at
      return host.exec(text)?.[0].length ?? 0
    },
    normalize(match) {
      match.url = `https://${match.url}`
    },
  })

export type MarkdownResult = { readonly ok: true; readonly html: string } | { readonly ok: false; readonly why: string }

/**
 * HTML (not yet sanitized) of Markdown as in CommonMark with tables and strikethrough; HTML in it is text. Where
 * markdown-it would leave words out, or write far more than it was given, it is not used.
 */
export function renderMarkdown(text: string): MarkdownResult {
  const environment = {}
  const tokens = markdown.parse(text, environment)
  // markdown-it drops whatever stands in blocks at its nesting limit.
  if (tokens.some(token => token.level >= MAX_NESTING - 1)) return { ok: false, why: 'it is nested too deeply' }
  if (partsOf(tokens) > MAX_TOKENS) return { ok: false, why: 'it has too many parts' }
  for (const token of tokens) dropDecoration(token)
  const html = markdown.renderer.render(tokens, markdown.options, environment)
  if (html.length > MAX_BODY_HTML_CHARS) return { ok: false, why: 'it grows too large' }
  return { ok: true, html }
}

/** Blocks, and what stands in their lines. */
function partsOf(tokens: readonly Token[]): number {
  return tokens.reduce((sum, { children }) => sum + 1 + (children?.length ?? 0), 0)
}

/** Classes and styles that markdown-it adds are not the author's. Words on a fence's first line are, so they stay. */
function dropDecoration(token: Token): void {
  if (token.type === 'th_open' || token.type === 'td_open') token.attrs = null
  if (token.type !== 'fence') return
  if (/\s/.test(token.info.trim())) token.content = `${token.info.trim()}\n${token.content}`
  token.info = ''
}

/** The web addresses in plain text, in order. */
export function findLinks(text: string): { start: number; end: number; address: string }[] {
  const matches = markdown.linkify.match(text) ?? []
  return matches.map(({ index, lastIndex, url }) => ({ start: index, end: lastIndex, address: url }))
}
