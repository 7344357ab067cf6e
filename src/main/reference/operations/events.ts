import { MAX_EVENTS_LIMIT } from '../../../publish/app.ts'
import { type Operation, WRITE_PROBLEMS } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

export const eventOperations: readonly Operation[] = [
  {
    ...{ id: 'createEvent', method: 'post', path: '/v1/events', tag: 'Events', who: ['editor'] },
    summary: 'Create an event',
    description:
      'Only `headline` is needed; without `id`, it is made from it. The event can be read when the 201 is there.',
    headers: ['Idempotency-Key'],
    body: { schema: 'EventDraft' },
    answers: {
      201: {
        description: 'The event.',
        schema: 'Event',
        headers: ['Location', 'ETag', 'Idempotency-Replayed', 'RateLimit'],
      },
    },
    problems: [...WRITE_PROBLEMS, 'event-exists', 'key-reused'],
  },
  {
    ...{ id: 'changeEvent', method: 'patch', path: '/v1/events/:eventId', tag: 'Events', who: ['editor'] },
    summary: 'Change an event: headline, status, pin, summary points ...',
    description: 'A merge patch (RFC 7396): null removes a field.',
    headers: ['Idempotency-Key', 'If-Match', 'Prefer'],
    body: { schema: 'EventPatch' },
    answers: {
      200: {
        description: 'The event as it stands when the change was waited for.',
        schema: 'Event',
        headers: ['ETag', 'Preference-Applied', 'Idempotency-Replayed', 'RateLimit'],
      },
      202: {
        description: 'Accepted.',
        schema: 'Receipt',
        headers: ['Location', 'Idempotency-Replayed', 'RateLimit'],
      },
    },
    problems: [
      ...WRITE_PROBLEMS,
      ...(['event-not-found', 'event-closed', 'update-not-found', 'update-retracted'] as const),
      ...(['version-mismatch', 'version-needed', 'key-reused', 'submission-failed'] as const),
    ],
  },
  {
    ...{ id: 'listEvents', method: 'get', path: '/v1/events', tag: 'Events', who: 'readers' },
    summary: 'List the events that the sender may see, newest first',
    query: {
      limit: wholeNumber(1, MAX_EVENTS_LIMIT, 100),
      offset: wholeNumber(0, 1_000_000, 0),
    },
    answers: { 200: { description: 'A page of events.', schema: 'EventList', headers: ['Link'] } },
  },
  {
    ...{ id: 'readEvent', method: 'get', path: '/v1/events/:eventId', tag: 'Events', who: 'readers' },
    summary: 'Read an event',
    headers: ['If-None-Match'],
    answers: { 200: { description: 'The event; its tag is its version.', schema: 'Event', headers: ['ETag'] } },
    problems: ['event-not-found'],
  },
]
