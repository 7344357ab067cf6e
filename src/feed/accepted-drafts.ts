import { z } from 'zod'
import { Event } from '../protocol/event.ts'
import { NormalizationSettings } from '../protocol/normalization.ts'
import { DraftContent } from '../protocol/update.ts'

/** What `drafts` holds of an update: what was last accepted, which may be ahead of what readers see. */
export const AcceptedUpdate = z.object({
  version: z.int().positive(),
  /** Whose update it is: who published it first. */
  sub: z.string(),
  draft: DraftContent,
  datePublished: z.string(),
  dateModified: z.string(),
  corrections: z.array(z.strictObject({ text: z.string(), datePublished: z.string() })),
  retracted: z.boolean(),
})
export type AcceptedUpdate = z.infer<typeof AcceptedUpdate>

/** What `drafts` holds under `event`. */
export const AcceptedEvent = z.object({
  version: z.int().positive(),
  event: Event,
  /** It was live once: from then on the start of its coverage stands. */
  hasBegun: z.boolean().default(true),
})
export type AcceptedEvent = z.infer<typeof AcceptedEvent>

/** What `drafts` holds under `normalization`; nothing until an editor has changed it. */
export const AcceptedSettings = z.object({ version: z.int().positive(), settings: NormalizationSettings })
export type AcceptedSettings = z.infer<typeof AcceptedSettings>

/** The draft as kept, or undefined when nothing was accepted under that name. */
export function readAccepted<S extends z.ZodType>(schema: S, json: string | null | undefined): z.output<S> | undefined {
  return json === null || json === undefined ? undefined : schema.parse(JSON.parse(json))
}
