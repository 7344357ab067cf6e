import type { Embed } from '../../../src/protocol/update.ts'
import type { HtmlNode } from '../body/html-tree.ts'
import { linesOf, removeLines, runsOf, type TextLine } from '../body/text-of-blocks.ts'
import { tidyTree } from '../body/tidy-tree.ts'
import { describeRemoval } from '../describe-change.ts'
import { findPost, findProvider, idIn } from '../embed-providers.ts'
import type { NormalizationStep } from '../step.ts'
import { showsAddress } from '../tracking.ts'

const MAX_EMBEDS = 50
/** As in the schema of an embed. */
const MAX_URL_CHARS = 2_048

/**
 * A link to a post that stands alone on its line becomes an embed, unless it is one already; the line leaves the body.
 * Nothing is fetched. A link that has words of its own is text, and so is one in a list or a quote.
 *
 *     'Watch:' and the line 'https://youtu.be/XmP56yBy-18'  ->  'Watch:' and {youtube, that address, XmP56yBy-18}
 *     'See https://youtu.be/XmP56yBy-18'                    ->  the same
 */
export const findEmbeds: NormalizationStep = {
  name: 'embed-links',
  takesAway: true,
  apply(draft) {
    const embeds: Embed[] = [...draft.embeds]
    const found = embedLines(draft.blocks).filter(({ embed }) => {
      if (embeds.some(other => sameEmbed(other, embed))) return true
      return embeds.length < MAX_EMBEDS && embeds.push(embed) > 0
    })
    if (found.length === 0) return { draft, notes: [] }
    const notes = found.map(({ line, embed }) => {
      const at = embeds.findIndex(other => sameEmbed(other, embed))
      return describeRemoval('body', line.text, `embeds/${at}: ${embed.provider} ${embed.url}`)
    })
    const blocks = tidyTree(
      removeLines(
        draft.blocks,
        found.map(({ line }) => line),
      ),
    )
    return { draft: { ...draft, blocks, embeds }, notes }
  },
}

/** The lines of a body that are nothing but the address of a post somewhere. */
export function embedLines(blocks: readonly HtmlNode[]): { line: TextLine; embed: Embed }[] {
  const lines = linesOf(blocks).filter(
    ({ within, text }) => within.length === 1 && within[0] === 'p' && ALONE.test(text) && text.length <= MAX_URL_CHARS,
  )
  const links = new Map<number, Link[]>()
  return lines.flatMap(line => {
    const own = links.get(line.run) ?? linksIn(runsOf(blocks)[line.run]?.nodes ?? [])
    links.set(line.run, own)
    const url = addressOf(line, own)
    const post = url === undefined || url.length > MAX_URL_CHARS ? undefined : findPost(url)
    return url === undefined || post === undefined
      ? []
      : [{ line, embed: { provider: post.provider, url, originalId: post.originalId } }]
  })
}

const ALONE = /^(?:https?:\/\/|www\.)\S+$/i

interface Link {
  readonly start: number
  readonly end: number
  readonly address: string
}

/** Where the line leads: its link's address, if that is what it shows, or the address it is. */
function addressOf({ start, end, text }: TextLine, links: readonly Link[]): string | undefined {
  const [link, another] = links.filter(other => other.start < end && other.end > start)
  if (link === undefined) return /^https?:/i.test(text) && URL.canParse(text) ? new URL(text).href : undefined
  const covers = another === undefined && link.start <= start && link.end >= end
  return covers && showsAddress(text, link.address) ? link.address : undefined
}

function linksIn(nodes: readonly HtmlNode[]): Link[] {
  const links: Link[] = []
  let at = 0
  const walk = (node: HtmlNode): void => {
    const start = at
    if (node.kind === 'text') at += node.text.length
    else if (node.name === 'br') at += 1
    else for (const child of node.children) walk(child)
    if (node.kind === 'element' && node.name === 'a')
      links.push({ start, end: at, address: node.attributes['href'] ?? '' })
  }
  for (const node of nodes) walk(node)
  return links
}

function sameEmbed(a: Embed, b: Embed): boolean {
  if (a.url !== '' && bare(a.url) === bare(b.url)) return true
  const [one, other] = [findProvider(a.provider), findProvider(b.provider)]
  if (one === undefined || one !== other) return false
  const [idOfA, idOfB] = [a, b].map(embed => embed.originalId || (embed.url === '' ? '' : idIn(one, embed.url)))
  return idOfA !== '' && idOfA === idOfB
}

function bare(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '')
}
