import { z } from 'zod'
import { ReplayId } from '../../../protocol/replay.ts'
import type { Operation } from '../operation.ts'

const page = { method: 'get', tag: 'Pages', who: 'everybody' } as const
const html = { description: 'A page.', type: 'text/html' } as const
const health = { method: 'get', tag: 'Processes', who: 'everybody' } as const

export const pageOperations: readonly Operation[] = [
  {
    ...{ id: 'readHealth', path: '/healthz', ...health },
    summary: 'Ask whether the process lives',
    answers: { 200: { description: 'It does.', schema: 'Health' } },
  },
  {
    ...{ id: 'readReadiness', path: '/readyz', ...health },
    summary: 'Ask whether the process can do its work now',
    answers: {
      200: { description: 'It can.', schema: 'Readiness' },
      503: { description: 'It cannot, and why.', schema: 'Readiness' },
    },
  },
  {
    ...{ id: 'readMetrics', method: 'get', path: '/metrics', tag: 'Processes', who: ['ops'] },
    summary: 'Read the metrics',
    description: 'With METRICS_PORT they are on that port only, without a token.',
    answers: { 200: { description: 'The text format of Prometheus.', type: 'text/plain' } },
  },
  { ...{ id: 'showHome', path: '/', ...page }, summary: 'See all live coverage', answers: { 200: html } },
  {
    ...{ id: 'showEvent', path: '/events/:eventId', ...page },
    summary: 'See an event',
    query: {
      before: z.string().describe('A page of older updates.'),
      at: z.string().describe('A seq, or a moment: the event as it stood then.'),
      replay: ReplayId.describe('The rehearsal room of a replay.'),
    },
    answers: { 200: html },
    problems: ['token-needed', 'event-not-found'],
  },
  { ...{ id: 'showDesk', path: '/desk', ...page }, summary: 'Write and change updates', answers: { 200: html } },
  { ...{ id: 'showOps', path: '/ops', ...page }, summary: 'See and steer what runs', answers: { 200: html } },
  {
    ...{ id: 'showReference', path: '/docs/api', ...page },
    summary: 'Read this reference',
    headers: ['If-None-Match'],
    answers: { 200: { ...html, headers: ['ETag'] } },
  },
  {
    ...{ id: 'readOpenApi', path: '/openapi.json', ...page },
    summary: 'Read the OpenAPI 3.1 document',
    headers: ['If-None-Match'],
    answers: { 200: { description: 'The document.', type: 'application/json', headers: ['ETag'] } },
  },
  {
    ...{ id: 'readAsyncApi', path: '/asyncapi.json', ...page },
    summary: 'Read the AsyncAPI 3 document, of sockets and event streams',
    headers: ['If-None-Match'],
    answers: { 200: { description: 'The document.', type: 'application/json', headers: ['ETag'] } },
  },
]
