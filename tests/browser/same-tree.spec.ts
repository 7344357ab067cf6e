import fc from 'fast-check'
import { type HtmlNode, parseSanitizedHtml } from '../../workers/normalize/body/html-tree.ts'
import { normalizeUpdate } from '../../workers/normalize/normalize.ts'
import { aSubmission } from '../spec/normalize/submissions.ts'
import { hostileHtml, hostileMarkdown } from '../support/hostile-html.ts'
import { dirtyDraft } from '../support/newsroom-dirt.ts'
import { expect, test } from './server.ts'

const RUNS = 2_000
const BATCH = 200

test.describe.configure({ timeout: 120_000 })
test.skip(({ hasTouch }) => hasTouch, 'the same parser, whatever the width')

test('[PROP6] a browser builds the very tree that was written', async ({ page }) => {
  const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now())
  const dirty = fc
    .sample(dirtyDraft, { numRuns: RUNS, seed })
    .map(({ draft, settings, inLanguage }) => aSubmission(draft, { settings, inLanguage }))
  const hostile = [...Object.values(hostileHtml).flat(), ...hostileMarkdown]
    .filter(body => !body.includes('\u0000'))
    .flatMap(body =>
      (['html', 'markdown', 'text'] as const).map(bodyFormat => aSubmission({ body, bodyFormat, media })),
    )
  const written = [...dirty, ...hostile].map(submission => normalizeUpdate(submission).update.bodyHtml)
  for (let from = 0; from < written.length; from += BATCH) {
    const batch = written.slice(from, from + BATCH)
    const built = await page.evaluate(buildTrees, batch)
    batch.forEach((html, i) => {
      const tree = parseSanitizedHtml(html).map(plainly)
      expect(built.parsed[i], `parsed as a page, seed ${seed}: ${html}`).toEqual(tree)
      expect(built.inserted[i], `put into a page, seed ${seed}: ${html}`).toEqual(tree)
    })
  }
})

/** So that no draft is empty, whatever happens to its body. */
const media = [{ url: 'https://pictures.example/a.jpg' }]

type Plain = string | readonly [name: string, attributes: Readonly<Record<string, string>>, children: readonly Plain[]]

function plainly(node: HtmlNode): Plain {
  return node.kind === 'text' ? node.text : [node.name, node.attributes, node.children.map(plainly)]
}

/** In the browser: as its parser reads them in a whole page, and as the viewer page puts them in. */
function buildTrees(list: readonly string[]): { parsed: Plain[][]; inserted: Plain[][] } {
  const read = (node: Node): Plain => {
    if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : ['?', {}, []]
    const attributes = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]))
    return [
      node.namespaceURI?.endsWith('xhtml') === true ? node.localName : '?',
      attributes,
      [...node.childNodes].map(read),
    ]
  }
  const parser = new DOMParser()
  const parsed = list.map(html => {
    const page = parser.parseFromString(`<!doctype html><body><div>${html}</div></body>`, 'text/html')
    if (page.body.childNodes.length !== 1) return ['?']
    return [...(page.body.firstElementChild?.childNodes ?? [])].map(read)
  })
  const inserted = list.map(html => {
    const place = document.createElement('div')
    place.innerHTML = html
    return [...place.childNodes].map(read)
  })
  return { parsed, inserted }
}
