import { z } from 'zod'
import { MAX_ACCEPT_NUMBER } from '../../ingest/submission-route.ts'
import { QueueName } from '../../protocol/ops.ts'
import { ReplayId } from '../../protocol/replay.ts'
import { EventId, UpdateId } from '../../protocol/update.ts'
import type { AnswerHeader, RequestHeader } from './operation.ts'

/** What stands in paths. A new one is added here. */
export const PATH_PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  eventId: EventId.describe('The slug of an event.'),
  updateId: UpdateId.describe('The id of an update.'),
  acceptNumber: z.int().min(1).max(MAX_ACCEPT_NUMBER).describe('The accept number of a submission of the event.'),
  replayId: ReplayId.describe('The id of a replay.'),
  processId: z.uuid().describe('The id of a process, as the overview tells it.'),
  name: QueueName.describe('A queue.'),
  id: z.string().describe('The id of a stray, as the list tells it.'),
  sub: z.string().describe('Whom tokens stand for.'),
}

interface Described {
  readonly description: string
  readonly schema: z.ZodType
}

export const REQUEST_HEADERS: Readonly<Record<RequestHeader, Described>> = {
  'Idempotency-Key': {
    description:
      'Chosen by the sender: a repeat with the same key is answered as the first was. 1 to 200 printable ASCII characters.',
    schema: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  },
  'If-Match': {
    description: 'The version that the sender saw, such as `"3"`; `*` is whatever stands now.',
    schema: z.string().regex(/^(\*|"\d{1,15}")$/),
  },
  Prefer: {
    description: '`wait=5` waits so many seconds, at most 25, for the end of the submission (RFC 7240).',
    schema: z.string(),
  },
  'If-None-Match': { description: 'The entity tag that the sender has: 304 while it still holds.', schema: z.string() },
  'Last-Event-ID': {
    description: 'The position behind the last entry that was seen, as `id:` gave it.',
    schema: z.string(),
  },
}

export const ANSWER_HEADERS: Readonly<Record<AnswerHeader | 'X-Request-Id' | 'RateLimit-Policy', Described>> = {
  'X-Request-Id': {
    description: "The request's id, in the log too: the sender's own, or one made up.",
    schema: z.string(),
  },
  'Retry-After': { description: 'After how many seconds to repeat the request.', schema: z.string() },
  ETag: { description: 'The version, or the position, that this is.', schema: z.string() },
  Location: { description: 'Where what was made is read.', schema: z.string() },
  Link: { description: 'The next page, as `rel="next"` (RFC 8288); none on the last.', schema: z.string() },
  RateLimit: { description: 'What is left to the sender, and when all of it is back.', schema: z.string() },
  'RateLimit-Policy': { description: 'How much may be sent in which time.', schema: z.string() },
  'WWW-Authenticate': { description: 'That a bearer token is needed (RFC 6750).', schema: z.string() },
  'Idempotency-Replayed': { description: '`true` when this key had been answered before.', schema: z.literal('true') },
  'Preference-Applied': { description: 'How long the end was waited for.', schema: z.string() },
  'Set-Cookie': { description: 'A session for pages that cannot send a header.', schema: z.string() },
}

/** A whole number in a query string. */
export function wholeNumber(min: number, max: number, byDefault?: number): z.ZodType {
  const schema = z.int().min(min).max(max)
  return byDefault === undefined ? schema : schema.default(byDefault)
}
