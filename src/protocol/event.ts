import { z } from 'zod'
import { LanguageTag, Line, Text, TimeZone, WebUrl } from './text.ts'
import { Instant, InstantInput } from './time.ts'
import { Author, EventId, MediaDraft, nullable, UpdateId } from './update.ts'

export const EVENT_STATUSES = ['scheduled', 'live', 'paused', 'ended', 'archived'] as const
export const EventStatus = z.enum(EVENT_STATUSES)
export type EventStatus = z.infer<typeof EventStatus>

/** Ended and archived events take no more updates. */
export const OPEN_STATUSES: readonly EventStatus[] = ['scheduled', 'live', 'paused']

const aboutFields = {
  name: Line(300),
  startDate: InstantInput.optional(),
  location: Line(300).optional(),
  organizer: Line(300).optional(),
}

const publisherFields = { name: Line(200), url: WebUrl.optional() }

const changeable = {
  headline: Line(300),
  description: Text(2_000).optional(),
  status: EventStatus.default('live'),
  coverageStartTime: InstantInput.optional(),
  coverageEndTime: InstantInput.optional(),
  timeZone: TimeZone.default('UTC'),
  inLanguage: LanguageTag.default('en'),
  about: z.strictObject(aboutFields).optional(),
  authors: z.array(Author).max(50).default([]),
  publisher: z.strictObject(publisherFields).optional(),
  image: MediaDraft.optional(),
  keywords: z.array(Line(100)).max(50).default([]),
  section: Line(100).optional(),
  alternativeHeadline: Line(300).optional(),
  summaryPoints: z.array(Line(500)).max(20).default([]),
  visibility: z.enum(['public', 'private']).default('public'),
}

/** Body of `POST /v1/events`. Without `id` it is made from the headline. */
export const EventDraft = z.strictObject({
  id: EventId.optional(),
  ...changeable,
  datePublished: InstantInput.optional(),
})
export type EventDraft = z.infer<typeof EventDraft>

const patchOf = <S extends Record<string, z.ZodType>>(fields: S) =>
  z.strictObject(nullable(fields)).nullable().optional()

/** Body of `PATCH /v1/events/:id`: an RFC 7396 merge patch, where null removes a field, or a member of one. */
export const EventPatch = z.strictObject({
  ...nullable(changeable),
  headline: Line(300).optional(),
  about: patchOf(aboutFields),
  publisher: patchOf(publisherFields),
  image: patchOf(MediaDraft.shape),
  pinnedUpdateId: UpdateId.nullable().optional(),
})
export type EventPatch = z.infer<typeof EventPatch>

/** One event as readers get it (schema.org LiveBlogPosting). */
export const Event = z.strictObject({
  id: EventId,
  ...changeable,
  status: EventStatus,
  coverageStartTime: Instant,
  coverageEndTime: Instant.optional(),
  pinnedUpdateId: UpdateId.nullable(),
  version: z.int().positive(),
  datePublished: Instant,
  dateModified: Instant,
})
export type Event = z.infer<typeof Event>
