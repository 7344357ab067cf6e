import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { startServer } from '../support/server.ts'
import { type Played, playFile } from './play-samples.ts'

// Pages that belong to others are not part of this project: where they are, rules are checked that hold for any page.
const SHARED = new URL('../../../shared/data/', import.meta.url)
const BRIEFING = new URL('briefing-nasa-2021.json', SHARED)
const ARTICLE = new URL('seed-article.txt', SHARED)

const hasPages = existsSync(BRIEFING) && existsSync(ARTICLE)
const server = hasPages ? await startServer() : undefined
afterAll(() => server?.stop())

interface Block {
  readonly id: string
  readonly publishedAt: string
  readonly summary: boolean
  readonly elements: readonly { type: string; html?: string; url?: string; assetId?: string; caption?: string }[]
}

const INLINE = /<\/?(?:a|strong|em|b|i|span|sup|sub)(?:\s[^>]*)?>/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&nbsp;': ' ',
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
}

/** The words of a block as a browser shows them, read without any code of ours. */
function wordsOfHtml(html: string): string[] {
  const text = html
    .replace(INLINE, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&[a-z]+;/g, entity => ENTITIES[entity] ?? ' ')
  return wordsOf(text)
}

const wordsOf = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []

const TAGS = /<\/?([a-z][a-z0-9]*)/g
const ALLOWED =
  /^(?:p|br|h2|h3|h4|a|strong|em|cite|code|sup|sub|del|ins|abbr|time|q|blockquote|ul|ol|li|figure|figcaption|pre|table|thead|tbody|tr|th|td)$/

/** Only allowed tags, and links that lead to the web, say what they are and track nobody. */
function expectSafe({ bodyHtml }: Played['update']): void {
  for (const [, name = ''] of bodyHtml.matchAll(TAGS)) expect(name).toMatch(ALLOWED)
  for (const [, attributes = ''] of bodyHtml.matchAll(/<a([^>]*)>/g)) {
    expect(attributes).toMatch(/ href="(?:https?:\/\/|mailto:)[^"]+" rel="noopener nofollow ugc"/)
    expect(attributes).not.toMatch(/utm_|fbclid|gclid|ref_src/)
  }
  expect(bodyHtml).not.toMatch(/ on[a-z]+=|javascript:|style=|class=/i)
}

describe.skipIf(!hasPages)('the 13 blocks of a live briefing', async () => {
  const { blocks } = (hasPages ? JSON.parse(readFileSync(BRIEFING, 'utf8')) : { blocks: [] }) as { blocks: Block[] }
  const played = server === undefined ? [] : await playFile(server, BRIEFING, 'briefing')
  const pairs = played.map(one => {
    const block = blocks.find(({ id }) => one.key === `block-${id}`)
    if (block === undefined) throw new Error(one.key)
    return { ...one, block, html: block.elements.map(({ html, type }) => (type === 'text' ? html : '')).join('\n') }
  })

  it('[GOLDEN2] are all there, in the order in which they were published, at their times', () => {
    expect(pairs).toHaveLength(13)
    const times = pairs.map(({ update }) => update.happenedAt)
    expect(times).toEqual(pairs.map(({ block }) => block.publishedAt))
    expect(times).toEqual(times.toSorted())
  })

  it('[GOLDEN2] keep every word, in order, and glue none together', () => {
    for (const { update, html, notes } of pairs) {
      const words = wordsOf(update.bodyText)
      const quoted = notes.flatMap(note => ('before' in note ? wordsOf(note.before) : []))
      const source = wordsOfHtml(html)
      const missing = source.filter(word => !words.includes(word) && !quoted.includes(word))
      expect(missing).toEqual([])
      expect(words.filter(word => !source.includes(word))).toEqual([])
      expect(words).toEqual(source.filter(word => words.includes(word)))
    }
  })

  it('[GOLDEN2] have safe markup and links', () => {
    for (const { update } of pairs) expectSafe(update)
  })

  it('[GOLDEN2] keep their pictures, embeds and flags', () => {
    for (const { update, block } of pairs) {
      const count = (type: string) => block.elements.filter(element => element.type === type).length
      expect(update.media).toHaveLength(count('image'))
      expect(update.embeds.length).toBeGreaterThanOrEqual(count('embed'))
      expect(update.isSummary).toBe(block.summary)
      for (const embed of update.embeds) {
        expect(embed.url).toMatch(/^https:\/\//)
        expect(embed.originalId).not.toBe('')
      }
      const captions = block.elements.flatMap(({ type, caption }) => (type === 'image' && caption ? [caption] : []))
      const told = update.media.map(({ caption, creditText, sourceOrganization = '' }) =>
        wordsOf([caption, creditText, sourceOrganization].join(' ')),
      )
      expect(captions.flatMap(wordsOfHtml).filter(word => !told.flat().includes(word))).toEqual([])
    }
  })
})

describe.skipIf(!hasPages)('the page of a press conference', async () => {
  const lines = hasPages ? readFileSync(ARTICLE, 'utf8').split('\n') : []
  const played = server === undefined ? [] : await playFile(server, ARTICLE, 'press-conference')
  const straight = (text: string) => text.replace(/[“”]/g, '"').replace(/[‘’]/g, "'").replace(/[–—]/g, '-')

  it('[GOLDEN3] becomes four updates, the words of its lines, at the time of the page', () => {
    expect(played.map(({ update }) => straight(update.bodyText))).toEqual(lines.slice(16, 20))
    expect(new Set(played.map(({ update }) => update.happenedAt))).toEqual(new Set(['2023-12-15T10:00:00.000Z']))
    for (const { update } of played) expectSafe(update)
  })

  it('[GOLDEN3] becomes an event with its picture and keywords', async () => {
    const event = await server?.store.reader.event('press-conference')
    expect(event).toMatchObject({
      headline: lines[0],
      alternativeHeadline: lines[4],
      description: lines[2],
      status: 'scheduled',
      coverageStartTime: '2023-12-15T10:00:00.000Z',
      image: { caption: lines[11], width: 1920, datePublished: '2023-12-15', creditText: lines[13] },
    })
    expect(event?.keywords.join(', ').toLowerCase()).toBe(lines[6])
  })
})
