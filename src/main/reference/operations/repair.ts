import { z } from 'zod'
import { MAX_NUMBERS, MAX_REBROADCAST } from '../../../ops/repair-routes.ts'
import type { Operation } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const common = { who: ['ops'] } as const
const auditQuery = {
  limit: wholeNumber(1, 500, 100),
  before: z.string().describe('The id of an entry of the trail.'),
}
const archive = { tag: 'Archives', ...common } as const

export const repairOperations: readonly Operation[] = [
  {
    ...{ id: 'findGaps', method: 'get', path: '/v1/events/:eventId/gaps', tag: 'Repair', ...common },
    summary: 'Find out where every accept number went',
    query: { limit: wholeNumber(1, MAX_NUMBERS, 100), before: wholeNumber(1, 999_999_999) },
    answers: { 200: { description: 'The audit, with a page of numbers.', schema: 'GapAudit', headers: ['Link'] } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'rebroadcast', method: 'post', path: '/v1/events/:eventId/rebroadcast', tag: 'Repair', ...common },
    summary: `Send viewers the last entries once more, ${MAX_REBROADCAST} at most`,
    body: { schema: 'RebroadcastRequest' },
    answers: { 202: { description: 'What is sent.', schema: 'EntryRange' } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'readEventAudit', method: 'get', path: '/v1/events/:eventId/audit', tag: 'Repair', ...common },
    summary: 'Read what ops did to an event, newest first',
    query: auditQuery,
    answers: { 200: { description: 'A page of the trail.', schema: 'AuditPage' } },
  },
  {
    ...{ id: 'readAudit', method: 'get', path: '/v1/ops/audit', tag: 'Repair', ...common },
    summary: 'Read what was done to intake, queues, processes and tokens, newest first',
    query: auditQuery,
    answers: { 200: { description: 'A page of the trail.', schema: 'AuditPage' } },
  },
  {
    ...{ id: 'exportArchive', method: 'get', path: '/v1/events/:eventId/archive', ...archive },
    summary: 'Export an event as a file',
    answers: { 200: { description: 'Lines of JSON, gzipped.', type: 'application/gzip' } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'importArchive', method: 'post', path: '/v1/archives', ...archive },
    summary: 'Take in an event from a file',
    description: 'All of it, or nothing.',
    query: { replace: z.enum(['true', 'false']).default('false').describe('Replace the event that has its id.') },
    body: { type: 'application/gzip' },
    answers: {
      200: { description: 'It replaced the event of its id.', schema: 'Event', headers: ['Location', 'ETag'] },
      201: { description: 'The event.', schema: 'Event', headers: ['Location', 'ETag'] },
    },
    problems: ['event-exists', 'event-open', 'archive-broken'],
  },
  {
    ...{ id: 'storeEvent', method: 'put', path: '/v1/events/:eventId/stored', ...archive },
    summary: 'Move an ended event into the archive store',
    description: 'It is served from there. It may be repeated.',
    answers: { 200: { description: 'What is in the store.', schema: 'StoredEvent' } },
    problems: ['event-not-found', 'event-open'],
  },
  {
    ...{ id: 'restoreEvent', method: 'delete', path: '/v1/events/:eventId/stored', ...archive },
    summary: 'Take an event back from the archive store',
    answers: { 200: { description: 'The event.', schema: 'Event', headers: ['ETag'] } },
    problems: ['event-not-found', 'not-stored', 'archive-broken'],
  },
]
