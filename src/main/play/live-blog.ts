import { z } from 'zod'
import { InstantInput } from '../../protocol/time.ts'
import type { EmbedDraft, MediaDraft } from '../../protocol/update.ts'
import type { Briefing, BriefingItem } from './briefing.ts'
import { BriefingError } from './decode-text.ts'

const TextElement = z.object({ type: z.literal('text'), html: z.string() })
const ImageElement = z.object({
  type: z.literal('image'),
  url: z.string(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  alt: z.string().optional(),
  caption: z.string().optional(),
  credit: z.string().optional(),
})
const EmbedElement = z.object({
  type: z.literal('embed'),
  provider: z.string(),
  url: z.string().optional(),
  assetId: z.string().optional(),
})
const OtherElement = z.object({ type: z.string().refine(type => !['text', 'image', 'embed'].includes(type)) })

const Block = z.object({
  id: z.string().regex(/^[\w.-]{1,100}$/, 'Must be 1 to 100 letters, digits, ".", "_" or "-".'),
  title: z.string().optional(),
  publishedAt: InstantInput,
  keyEvent: z.boolean().default(false),
  summary: z.boolean().default(false),
  contributors: z.array(z.string()).default([]),
  elements: z.array(z.union([TextElement, ImageElement, EmbedElement, OtherElement])),
})
type Block = z.infer<typeof Block>

const LiveBlog = z.object({
  title: z.string().min(1),
  byline: z.string().optional(),
  language: z.string().optional(),
  tags: z.array(z.string()).default([]),
  blocks: z.array(Block),
})

/**
 * A newsroom's live blog as JSON: an object with `title`, `language` and `blocks`, each block with `publishedAt` and
 * `elements` of type text (`html`), image or embed. Blocks may stand newest first: each is posted by its `publishedAt`,
 * which is when it happened, too. Fields that are not known are passed over.
 *
 * Throws BriefingError with the place in the JSON.
 */
export function readLiveBlog(text: string): Briefing {
  const checked = LiveBlog.safeParse(JSON.parse(text))
  if (!checked.success) {
    const { path, message } = checked.error.issues[0] ?? { path: [], message: 'cannot be read' }
    throw new BriefingError(`${path.join('.')}: ${message}`)
  }
  const { title, byline, language, tags, blocks } = checked.data
  // Newest first, and equal times too: turned round, equal ones stand in the order in which they were posted.
  const items = blocks.toReversed().map(toItem)
  const startedAt = blocks.map(({ publishedAt }) => publishedAt).toSorted()[0]
  return {
    event: {
      headline: title,
      ...(language === undefined ? {} : { inLanguage: language }),
      ...(startedAt === undefined ? {} : { coverageStartTime: startedAt }),
      authors: namesIn(byline ?? '').map(name => ({ name })),
      keywords: [...new Set(tags)].slice(0, 50),
    },
    items: items.filter(hasContent),
    leftOut: [...blocks.flatMap(leftOutOf), ...items.filter(item => !hasContent(item)).map(nothingIn)],
  }
}

function toItem({ id, title, publishedAt, keyEvent, summary, contributors, elements }: Block): BriefingItem {
  const html = elements.flatMap(element => (isText(element) ? [element.html] : []))
  const media = elements.flatMap(element => (isImage(element) ? [toMedia(element)] : []))
  const embeds = elements.flatMap(element => (isEmbed(element) ? toEmbed(element) : []))
  return {
    key: `block-${id}`,
    offsetMs: Date.parse(publishedAt),
    draft: {
      ...(html.length === 0 ? {} : { body: html.join('\n'), bodyFormat: 'html' as const }),
      ...(title === undefined || title === '' ? {} : { headline: title }),
      happenedAt: publishedAt,
      ...(keyEvent ? { isKeyEvent: true } : {}),
      ...(summary ? { isSummary: true } : {}),
      ...(contributors.length === 0 ? {} : { authors: contributors.map(name => ({ name })) }),
      ...(media.length === 0 ? {} : { media }),
      ...(embeds.length === 0 ? {} : { embeds }),
    },
  }
}

function toMedia({ type: _, credit, ...image }: z.infer<typeof ImageElement>): z.input<typeof MediaDraft> {
  return { ...image, ...(credit === undefined ? {} : { creditText: credit }) }
}

function toEmbed({ provider, url, assetId }: z.infer<typeof EmbedElement>): EmbedDraft[] {
  if (url === undefined && assetId === undefined) return []
  return [{ provider, url, originalId: assetId }]
}

function leftOutOf({ id, elements }: Block): string[] {
  return elements.flatMap(element => {
    if (isEmbed(element) && toEmbed(element).length === 0) return [`block ${id}: an embed without url and assetId`]
    return isText(element) || isImage(element) || isEmbed(element)
      ? []
      : [`block ${id}: an element of type ${element.type}`]
  })
}

function hasContent({ draft }: BriefingItem): boolean {
  return draft.body !== undefined || draft.media !== undefined || draft.embeds !== undefined
}

function nothingIn({ key }: BriefingItem): string {
  return `${key.replace('-', ' ')}: is empty`
}

type Element = Block['elements'][number]
const isText = (element: Element): element is z.infer<typeof TextElement> => 'html' in element
const isEmbed = (element: Element): element is z.infer<typeof EmbedElement> => 'provider' in element
const isImage = (element: Element): element is z.infer<typeof ImageElement> =>
  'url' in element && !('provider' in element)

/** "Ann Example and Bo Example, Ce Example" */
function namesIn(byline: string): string[] {
  return byline
    .split(/,| and /)
    .map(name => name.trim())
    .filter(name => name !== '')
}
