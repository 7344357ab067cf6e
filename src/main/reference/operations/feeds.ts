import { z } from 'zod'
import { MAX_WAIT_SECONDS } from '../../../foundation/http/preferences.ts'
import { DEFAULT_FEED_LIMIT, MAX_FEED_LIMIT } from '../../../publish/app.ts'
import { MAX_ENTRIES_LIMIT } from '../../../publish/entries.ts'
import type { Operation } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const after = z.string().describe('A seq, or a position as `epoch:seq:chain`.')

export const feedOperations: readonly Operation[] = [
  {
    ...{ id: 'readFeed', method: 'get', path: '/v1/events/:eventId/feed', tag: 'Feeds', who: 'readers' },
    summary: 'Read an event as it stands: a snapshot',
    headers: ['If-None-Match'],
    query: {
      limit: wholeNumber(1, MAX_FEED_LIMIT, DEFAULT_FEED_LIMIT),
      before: z.string().describe('A cursor of a link: the page of older updates.'),
      at: z.string().describe('A seq, or a moment (RFC 3339): the event as readers saw it then.'),
    },
    answers: { 200: { description: 'The snapshot.', schema: 'Snapshot', headers: ['ETag', 'Link'] } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'readEntries', method: 'get', path: '/v1/events/:eventId/entries', tag: 'Feeds', who: 'readers' },
    summary: 'Read the entries after a position, oldest first',
    description: 'With `wait` the request is kept until there is one, or the time is over (long-poll).',
    headers: ['If-None-Match'],
    query: {
      after,
      limit: wholeNumber(1, MAX_ENTRIES_LIMIT, 100),
      wait: wholeNumber(0, MAX_WAIT_SECONDS, 0).describe('Seconds.'),
    },
    answers: { 200: { description: 'A page of the feed.', schema: 'EntryPage', headers: ['ETag'] } },
    problems: ['event-not-found', 'position-unknown', 'too-many'],
  },
  {
    ...{ id: 'followFeed', method: 'get', path: '/v1/events/:eventId/stream', tag: 'Feeds', who: 'readers' },
    summary: 'Follow an event as a stream of server-sent events',
    description: 'At the gateways. What is sent on it is told by the AsyncAPI document, /asyncapi.json.',
    headers: ['Last-Event-ID'],
    query: { after: after.describe('As Last-Event-ID, for a first connection.') },
    answers: { 200: { description: 'The stream.', type: 'text/event-stream' } },
    problems: ['not-allowed', 'event-not-found', 'too-many'],
  },
  {
    ...{ id: 'proveFeed', method: 'get', path: '/v1/events/:eventId/proof', tag: 'Feeds', who: 'readers' },
    summary: "Check a feed's chain",
    description: 'It shows loss, reordering and alteration. It is no signature.',
    query: { after: wholeNumber(0, 999_999_999, 0).describe('The seq after which is checked.') },
    answers: { 200: { description: 'It is complete, or the first entry that differs.', schema: 'FeedProof' } },
    problems: ['event-not-found', 'position-unknown'],
  },
  {
    ...{ id: 'readAudience', method: 'get', path: '/v1/events/:eventId/audience', tag: 'Feeds' },
    who: ['contributor', 'editor', 'ops'],
    summary: 'Read how many look on',
    answers: { 200: { description: 'Over all processes.', schema: 'Audience' } },
    problems: ['event-not-found'],
  },
]
