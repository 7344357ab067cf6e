import { z } from 'zod'
import { SWITCHABLE_STEPS, SwitchableStep } from './normalization.ts'
import { LanguageTag, Line, Text, WebUrl } from './text.ts'
import { Instant, MomentOrDay, MomentOrDayInput, TimeInput } from './time.ts'

/** Limits of one update. The whole request is limited to 64 KB as well. */
export const MAX_BODY_CHARS = 65_536
export const MAX_HTML_BYTES = 32_768
const MAX_LIST = 50

/** The slug that names an event. `import` is a route, so it is no id. */
export const EventId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'Must be a slug: a-z, 0-9 and -, at most 64 characters.')
  .refine(id => id !== 'import', '`import` is no event id.')
export type EventId = z.infer<typeof EventId>

export const UpdateId = z.uuid()

export const Author = z.strictObject({ name: Line(200), role: Line(200).optional(), url: WebUrl.optional() })
export type Author = z.infer<typeof Author>

const mediaFields = {
  width: z.int().positive().max(100_000).optional(),
  height: z.int().positive().max(100_000).optional(),
  creator: Text(300).optional(),
  sourceOrganization: Text(300).optional(),
}

/** A picture as an editor sends it: it may still lack its url. */
export const MediaDraft = z.strictObject({
  url: WebUrl.optional(),
  ...mediaFields,
  alt: Text(2_000).optional(),
  caption: Text(2_000).optional(),
  creditText: Text(300).optional(),
  copyrightHolder: Text(300).optional(),
  datePublished: MomentOrDayInput.optional(),
})
export type MediaDraft = z.infer<typeof MediaDraft>

export const Media = z.strictObject({
  url: WebUrl.optional(),
  ...mediaFields,
  alt: z.string(),
  caption: z.string(),
  creditText: z.string(),
  copyrightHolder: z.string(),
  datePublished: MomentOrDay.optional(),
})
export type Media = z.infer<typeof Media>

export const EmbedDraft = z
  .strictObject({ provider: Line(60), url: WebUrl.optional(), originalId: Line(300).optional() })
  .refine(embed => embed.url !== undefined || embed.originalId !== undefined, 'Needs url or originalId.')
export type EmbedDraft = z.infer<typeof EmbedDraft>

export const Embed = z.strictObject({ provider: z.string(), url: z.string(), originalId: z.string() })
export type Embed = z.infer<typeof Embed>

const draftFields = {
  body: Text(MAX_BODY_CHARS).optional(),
  bodyFormat: z.enum(['text', 'markdown', 'html']).default('text'),
  headline: Line(300).optional(),
  happenedAt: TimeInput.optional(),
  isKeyEvent: z.boolean().optional(),
  isBreaking: z.boolean().optional(),
  isSummary: z.boolean().optional(),
  authors: z.array(Author).max(MAX_LIST).optional(),
  source: Line(300).optional(),
  media: z.array(MediaDraft).max(MAX_LIST).optional(),
  embeds: z.array(EmbedDraft).max(MAX_LIST).optional(),
  tags: z.array(Line(100)).max(MAX_LIST).optional(),
  inLanguage: LanguageTag.optional(),
  /** Normalization steps that are not run for this update. */
  keepAsTyped: z.array(SwitchableStep).max(SWITCHABLE_STEPS.length).optional(),
}

/** An update as editors know it, without what belongs to one request only (`updateId`, `correction`). */
export const DraftContent = z.strictObject(draftFields).superRefine(hasContent).superRefine(keepsHtmlLimit)
export type DraftContent = z.infer<typeof DraftContent>

/** Body of `POST /v1/events/:eventId/updates`. */
export const UpdateDraft = z
  .strictObject({ ...draftFields, updateId: UpdateId.optional() })
  .superRefine(hasContent)
  .superRefine(keepsHtmlLimit)
export type UpdateDraft = z.infer<typeof UpdateDraft>

/** Body of `PATCH .../updates/:updateId`: an RFC 7396 merge patch, where null removes a field. */
export const UpdatePatch = z.strictObject({
  ...nullable(draftFields),
  correction: Line(1_000).optional(),
})
export type UpdatePatch = z.infer<typeof UpdatePatch>

/** Body of `DELETE .../updates/:updateId`. */
export const Retraction = z.strictObject({ reason: Line(1_000).optional() })

/** One update as readers get it (schema.org BlogPosting, ninjs 3). */
export const Update = z.strictObject({
  id: UpdateId,
  eventId: EventId,
  version: z.int().positive(),
  type: z.enum(['text', 'quote', 'image', 'embed']),
  headline: z.string().optional(),
  /** The headline was made from the first words: for feeds and lists, not to be shown above those same words. */
  headlineDerived: z.literal(true).optional(),
  bodyHtml: z.string(),
  bodyText: z.string(),
  datePublished: Instant,
  dateModified: Instant,
  happenedAt: Instant,
  sortTime: Instant,
  isKeyEvent: z.boolean(),
  isBreaking: z.boolean(),
  isSummary: z.boolean(),
  authors: z.array(Author),
  source: z.string().optional(),
  media: z.array(Media),
  embeds: z.array(Embed),
  tags: z.array(z.string()),
  inLanguage: z.string(),
  corrections: z.array(z.strictObject({ text: z.string(), datePublished: Instant })),
  retracted: z.strictObject({ datePublished: Instant, reason: z.string().optional() }).optional(),
})
export type Update = z.infer<typeof Update>

interface HasContent {
  body?: string | undefined
  bodyFormat?: string | undefined
  media?: readonly unknown[] | undefined
  embeds?: readonly unknown[] | undefined
}

function hasContent(draft: HasContent, context: z.core.$RefinementCtx): void {
  if ((draft.body ?? '').trim() !== '' || draft.media?.length || draft.embeds?.length) return
  context.addIssue({
    code: 'custom',
    path: ['body'],
    message: 'A body is needed unless media or embeds are given.',
    input: draft.body,
  })
}

function keepsHtmlLimit(draft: HasContent, context: z.core.$RefinementCtx): void {
  if (draft.bodyFormat !== 'html' || new TextEncoder().encode(draft.body ?? '').length <= MAX_HTML_BYTES) return
  context.addIssue({
    code: 'custom',
    path: ['body'],
    message: `HTML may have ${MAX_HTML_BYTES} bytes at most.`,
    input: draft.body,
    params: { tooLarge: true },
  })
}

/** The same fields, each allowed to be absent or null, and without defaults. */
export function nullable<S extends Record<string, z.ZodType>>(fields: S) {
  const entries = Object.entries(fields).map(([name, schema]) => {
    const bare = schema instanceof z.ZodDefault ? schema.unwrap() : schema
    return [name, (bare as z.ZodType).nullable().optional()]
  })
  return Object.fromEntries(entries) as { [K in keyof S]: z.ZodOptional<z.ZodNullable<S[K]>> }
}
