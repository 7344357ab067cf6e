import { z } from 'zod'
import { MAX_MINUTES } from '../../../ops/latency-route.ts'
import { MAX_OVERVIEW_EVENTS } from '../../../ops/overview-routes.ts'
import { EventId } from '../../../protocol/update.ts'
import type { Operation } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const common = { tag: 'Operations', who: ['ops'] } as const

export const opsOperations: readonly Operation[] = [
  {
    ...{ id: 'readOverview', method: 'get', path: '/v1/ops/overview', ...common },
    summary: 'Read what runs, and how it stands with the events',
    query: {
      limit: wholeNumber(1, MAX_OVERVIEW_EVENTS, MAX_OVERVIEW_EVENTS),
      after: z.string().describe('The cursor of the link to the next page.'),
    },
    answers: { 200: { description: 'The overview.', schema: 'Overview', headers: ['Link'] } },
  },
  {
    ...{ id: 'readLatency', method: 'get', path: '/v1/ops/latency', ...common },
    summary: 'Read how long submissions took, minute by minute',
    query: { eventId: EventId, minutes: wholeNumber(1, MAX_MINUTES, 60) },
    answers: { 200: { description: 'A series.', schema: 'LatencySeries' } },
  },
  {
    ...{ id: 'setIntake', method: 'put', path: '/v1/ops/intake', ...common },
    summary: 'Pause the intake of all events, or open it',
    body: { schema: 'IntakeRequest' },
    answers: { 200: { description: 'The intake now.', schema: 'Intake' } },
  },
  {
    ...{ id: 'setQueue', method: 'put', path: '/v1/ops/queues/:name', ...common },
    summary: 'Pause a queue, or resume it',
    body: { schema: 'QueueRequest' },
    answers: { 200: { description: 'The queue now.', schema: 'QueueState' } },
    problems: ['not-found'],
  },
  {
    ...{ id: 'drainProcess', method: 'post', path: '/v1/ops/processes/:processId/drain', ...common },
    summary: 'Have a process end, as by SIGTERM',
    answers: { 202: { description: 'It hears of it within 2 s.', schema: 'Draining' } },
    problems: ['process-not-found'],
  },
  {
    ...{ id: 'openSession', method: 'post', path: '/v1/ops/session', ...common },
    summary: 'Open a session for /ops/queues',
    answers: { 204: { description: 'It is in a cookie.', headers: ['Set-Cookie'] } },
  },
  {
    ...{ id: 'endSession', method: 'delete', path: '/v1/ops/session', tag: 'Operations', who: 'everybody' },
    summary: 'End the session for /ops/queues',
    answers: { 204: { description: 'The cookie is gone.', headers: ['Set-Cookie'] } },
  },
  {
    ...{ id: 'listRevocations', method: 'get', path: '/v1/ops/revocations', ...common },
    summary: 'List the tokens that hold no more, newest first',
    query: { limit: wholeNumber(1, 500, 100), offset: wholeNumber(0, 1_000_000, 0) },
    answers: { 200: { description: 'A page.', schema: 'RevocationPage', headers: ['Link'] } },
  },
  {
    ...{ id: 'revokeTokens', method: 'post', path: '/v1/ops/revocations', ...common },
    summary: 'Revoke a token, or all that were issued to somebody until now',
    body: { schema: 'RevocationRequest' },
    answers: { 201: { description: 'They hold no more.', schema: 'Revocation' } },
  },
]
