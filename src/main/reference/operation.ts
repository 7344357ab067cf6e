import type { z } from 'zod'
import type { Role } from '../../foundation/tokens.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { RequestName, SchemaName } from './schemas/named-schemas.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** The parts of the reference, in the order in which they are shown, each with a sentence. */
export const TAGS = {
  Events: 'Coverages: made, changed and read.',
  Updates: 'What editors send to an event, and what became of it.',
  Cleaning: 'How updates are cleaned, what waits for an editor, and pages that were pasted.',
  Feeds: 'What viewers read: snapshots, entries and streams.',
  Replays: 'A feed sent again, into a rehearsal room. For ops.',
  'Dead letters': 'What could not be published. For ops.',
  Repair: 'Finding and mending gaps, and who did what. For ops.',
  Archives: 'Whole events as files. For ops.',
  Operations: 'All that runs, and steering it. For ops.',
  Processes: 'For load balancers and Prometheus.',
  Pages: 'For people with a browser, and this reference.',
} as const
export type Tag = keyof typeof TAGS

/** A header of requests that several routes take. */
export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'Prefer' | 'If-None-Match' | 'Last-Event-ID'

/** A header of answers. X-Request-Id has every one, and RateLimit brings RateLimit-Policy. */
export type AnswerHeader =
  | 'ETag'
  | 'Location'
  | 'Link'
  | 'RateLimit'
  | 'Idempotency-Replayed'
  | 'Preference-Applied'
  | 'Retry-After'
  | 'Set-Cookie'
  | 'WWW-Authenticate'

export interface Answer {
  readonly description: string
  /** Of several, it is one of them. */
  readonly schema?: SchemaName | readonly SchemaName[]
  /** What it is where it is not JSON. */
  readonly type?: string
  readonly headers?: readonly AnswerHeader[]
}

/**
 * Who may: `everybody`; `readers`, who need a token for what is private only; or the roles of which a token needs one.
 */
export type Who = 'everybody' | 'readers' | readonly Role[]

/** One route of the API. What all routes of its kind have in common is added when the document is made. */
export interface Operation {
  /** A verb and a noun: the name that generators give its function. */
  readonly id: string
  readonly method: Method
  /** As Express has it. */
  readonly path: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  readonly who: Who
  /** Each may be left out. */
  readonly query?: Readonly<Record<string, z.ZodType>>
  readonly headers?: readonly RequestHeader[]
  readonly body?: { readonly schema: RequestName; readonly isOptional?: true } | { readonly type: string }
  readonly answers: Readonly<Record<number, Answer>>
  /** Beside those that every route of its kind has. */
  readonly problems?: readonly ProblemCode[]
}

/** A route of editors: it is counted, and refused while intake is paused. */
export const WRITE_PROBLEMS: readonly ProblemCode[] = ['intake-paused', 'too-many']
