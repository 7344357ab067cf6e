import { importArticle } from '../../workers/normalize/article/import-article.ts'
import { type ArticleImport, ArticleInput } from '../protocol/article.ts'
import { MAX_HTML_BYTES } from '../protocol/update.ts'

export interface PageOptions {
  readonly isHtml: boolean
  readonly inLanguage?: string | undefined
  readonly timeZone?: string | undefined
}

export type PageReading =
  | { readonly ok: true; readonly article: ArticleImport }
  | { readonly ok: false; readonly fault: string }

/** Pure: the drafts that a page's file makes, or why it cannot be read. */
export function readPage(content: string, { isHtml, ...options }: PageOptions, now: Date): PageReading {
  const input = ArticleInput.safeParse({ ...(isHtml ? { html: slimHtml(content) } : { text: content }), ...options })
  if (!input.success) return { ok: false, fault: input.error.issues.map(({ message }) => message).join(' ') }
  return { ok: true, article: importArticle(input.data, now) }
}

const WITHOUT_WORDS = [
  ['<!--', '-->'],
  ['<script', '</script>'],
  ['<style', '</style>'],
  ['<svg', '</svg>'],
  ['<noscript', '</noscript>'],
] as const

/** Pages are saved with scripts and styles, which are no part of the text; a page that is still too large, as its article. */
function slimHtml(html: string): string {
  const slim = WITHOUT_WORDS.reduce((rest, [start, end]) => withoutParts(rest, start, end), html)
  if (new TextEncoder().encode(slim).length <= MAX_HTML_BYTES) return slim
  const [start, end] = [slim.search(/<article[\s>]/i), slim.toLowerCase().lastIndexOf('</article>')]
  return start >= 0 && end > start ? slim.slice(start, end) : slim
}

function withoutParts(html: string, start: string, end: string): string {
  const lower = asciiLower(html)
  let kept = ''
  let from = 0
  for (let at = lower.indexOf(start); at >= 0; at = lower.indexOf(start, from)) {
    const close = lower.indexOf(end, at)
    if (close < 0) break
    kept += html.slice(from, at)
    from = close + end.length
  }
  return kept + html.slice(from)
}

/** Of the same length as the text, which toLowerCase is not. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, letter => letter.toLowerCase())
}
