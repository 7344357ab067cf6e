import { z } from 'zod'
import { Event } from './event.ts'
import { DEFAULT_SETTINGS, NormalizationSettings } from './normalization.ts'
import type { Problem } from './problems.ts'
import { Instant } from './time.ts'
import { DraftContent, EventId, UpdateId } from './update.ts'

export type SubmissionState =
  | 'accepted'
  | 'published'
  | 'revised'
  | 'retracted'
  | 'applied'
  | 'dead'
  | 'held'
  | 'released'
  | 'retried'
  | 'discarded'
  | 'superseded'

/** `GET /v1/events/:id/submissions/:acceptNumber`. */
export interface SubmissionStatus {
  acceptNumber: number
  updateId?: string
  state: SubmissionState
  seq?: number
  /** Of a released one: the accept number that it has now. */
  releasedAs?: number
  /** The same of a dead letter that was retried. */
  retriedAs?: number
  problem?: Problem
}

/** The 202 to a submission. */
export interface Receipt {
  updateId?: string
  version?: number
  acceptNumber: number
  state: 'accepted'
  durability: 'always' | 'everysec' | 'no'
  links: { update?: string; event?: string; submission: string }
}

const common = {
  submissionId: z.uuid(),
  eventId: EventId,
  acceptedAt: Instant,
  requestId: z.string().min(1).max(200),
  subject: z.strictObject({ sub: z.string(), name: z.string() }),
}

/** What a submission about an update carries, so that no job needs another: the whole draft and its history. */
const aboutUpdate = {
  ...common,
  updateId: UpdateId,
  version: z.int().positive(),
  /** As the event was when this was accepted: local times and language are read with it. */
  timeZone: z.string(),
  inLanguage: z.string(),
  draft: DraftContent,
  datePublished: Instant,
  dateModified: Instant,
  corrections: z.array(z.strictObject({ text: z.string(), datePublished: Instant })),
  /** How the event's updates were to be cleaned at that time. */
  settings: NormalizationSettings.default(DEFAULT_SETTINGS),
  /** When the event's coverage began, or will. */
  coverageStartTime: Instant.optional(),
  /** An editor let it out of `held`: blocked terms hold it no more. */
  released: z.literal(true).optional(),
}

/** One accepted submission: the outbox record, and the data of its job. */
export const Submission = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('publish'), ...aboutUpdate }),
  z.strictObject({ kind: z.literal('revise'), ...aboutUpdate }),
  z.strictObject({ kind: z.literal('retract'), ...aboutUpdate, reason: z.string().optional() }),
  z.strictObject({ kind: z.literal('event'), ...common, event: Event }),
])
export type Submission = z.infer<typeof Submission>
