import { z } from 'zod'
import { EventDraft } from './event.ts'
import { LanguageTag, Line, TimeZone, WebUrl } from './text.ts'
import { TimeInput } from './time.ts'
import { MAX_BODY_CHARS, MAX_HTML_BYTES } from './update.ts'

/** Body of `POST /v1/events/import`: a page somebody copied, as text or as HTML, and what they know about it. */
export const ArticleInput = z
  .strictObject({
    text: Line(MAX_BODY_CHARS).optional(),
    html: Line(MAX_BODY_CHARS).optional(),
    /** Without it, it is told from the words, and warned about where it is not plain English. */
    inLanguage: LanguageTag.optional(),
    /** Times on the page that name no zone are read in it. Default UTC. */
    timeZone: TimeZone.optional(),
    /** Where the page stands: relative addresses in `html` are read with it. */
    url: WebUrl.optional(),
  })
  .refine(input => (input.text === undefined) !== (input.html === undefined), 'Needs either text or html.')
  .superRefine(keepsHtmlLimit)
export type ArticleInput = z.infer<typeof ArticleInput>

/** Numbers of lines of the page, counted from 1; of HTML, its blocks are the lines. */
const Lines = z.array(z.int().positive())

/** An update of the page, ready for `POST /v1/events/:eventId/updates` but for `bodyText` and `lines`. */
export const ArticleUpdate = z.strictObject({
  /** As it stands on the page. */
  body: Line(MAX_BODY_CHARS),
  bodyFormat: z.enum(['text', 'html']),
  /** The words alone, in clean characters. */
  bodyText: Line(MAX_BODY_CHARS),
  happenedAt: TimeInput.optional(),
  lines: Lines,
})
export type ArticleUpdate = z.infer<typeof ArticleUpdate>

/** What an editor should look at before it is posted. `detail` is a sentence. */
export const ArticleWarning = z.strictObject({
  code: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  detail: z.string(),
  lines: Lines,
})
export type ArticleWarning = z.infer<typeof ArticleWarning>

/** Lines that are in no draft, and why: `repeat of line 1`, `page chrome`, `call to action` ... */
export const DroppedLines = z.strictObject({ lines: Lines, text: z.string(), reason: z.string() })
export type DroppedLines = z.infer<typeof DroppedLines>

/** A draft of an event and its updates, in posting order. Every line that is not empty is in use, or dropped. */
export const ArticleImport = z.strictObject({
  event: EventDraft,
  updates: z.array(ArticleUpdate),
  warnings: z.array(ArticleWarning),
  dropped: z.array(DroppedLines),
})
export type ArticleImport = z.input<typeof ArticleImport>

function keepsHtmlLimit({ html }: { html?: string | undefined }, context: z.core.$RefinementCtx): void {
  if (html === undefined || new TextEncoder().encode(html).length <= MAX_HTML_BYTES) return
  context.addIssue({
    code: 'custom',
    path: ['html'],
    message: `HTML may have ${MAX_HTML_BYTES} bytes at most.`,
    input: html,
    params: { tooLarge: true },
  })
}
