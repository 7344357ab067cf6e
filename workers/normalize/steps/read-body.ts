import { MAX_BODY_HTML_CHARS, sanitizeForReading } from '../body/html-policy.ts'
import { type HtmlNode, htmlLength, parseSanitizedHtml } from '../body/html-tree.ts'
import { renderMarkdown } from '../body/markdown.ts'
import { readPlainText } from '../body/plain-text.ts'
import { readRenderedMarkdown } from '../body/rendered-markdown.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { readText } from '../body/tree-text.ts'
import type { NormalizationStep, StepNote } from '../step.ts'
import { cleanProse } from '../text-cleaning.ts'
import type { WorkingDraft } from '../working-draft.ts'

/**
 * The body as a tidy tree of what readers may be given. Words are never refused or lost, only markup is.
 *
 *     text      'a < b\nc'                       ->  <p>a &lt; b<br>c</p>
 *     markdown  '# News\n**now**'                ->  <h2>News</h2><p><strong>now</strong></p>
 *     html      '<div onclick=x>a</div><b>b</b>'  ->  <p>a</p><p><strong>b</strong></p>
 *     html      '<img src="https://a.b/c.jpg">'   ->  <p><a href="https://a.b/c.jpg" ...>c.jpg</a></p>
 */
export const readBody: NormalizationStep = {
  name: 'body',
  apply(draft) {
    const reading = read(draft)
    const { tree, notes } = keepSmall(tidyTree(reading.nodes), reading.notes, draft)
    return { draft: { ...draft, blocks: tree }, notes }
  },
}

interface Reading {
  readonly nodes: readonly HtmlNode[]
  readonly notes: readonly StepNote[]
}

function read({ body, bodyFormat }: WorkingDraft): Reading {
  switch (bodyFormat) {
    case 'text':
      return { nodes: readPlainText(body), notes: [] }
    case 'html':
      return readHtml(body)
    case 'markdown': {
      const rendered = renderMarkdown(body)
      if (rendered.ok) return withNotes(readRenderedMarkdown(rendered.html))
      const warning = `The Markdown was read as plain text, because ${rendered.why}.`
      return { nodes: readPlainText(cleanProse(body)), notes: [{ warning }] }
    }
  }
}

/** A format that covers every part of a long body can be many times longer than the body: then only its words stay. */
function keepSmall(tree: readonly HtmlNode[], notes: readonly StepNote[], { bodyFormat }: WorkingDraft) {
  if (bodyFormat === 'text' || htmlLength(tree) <= MAX_BODY_HTML_CHARS) return { tree, notes }
  const lines = readText(tree).replaceAll('\n', '\n\n')
  const warning = `The body was read as plain text, because its HTML has over ${MAX_BODY_HTML_CHARS} characters.`
  return { tree: tidyTree(readPlainText(cleanProse(lines))), notes: [...notes, { warning }] }
}

function readHtml(markup: string): Reading {
  const { html, leftOut } = sanitizeForReading(markup)
  return withNotes({ nodes: parseSanitizedHtml(html), leftOut })
}

function withNotes({ nodes, leftOut }: { nodes: readonly HtmlNode[]; leftOut: readonly string[] }): Reading {
  const notes = leftOut.length === 0 ? [] : [{ warning: `Left out of the body: ${leftOut.join(', ')}.` }]
  return { nodes, notes }
}
