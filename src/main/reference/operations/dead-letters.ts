import { z } from 'zod'
import { MAX_ACCEPT_NUMBER } from '../../../ingest/submission-route.ts'
import { MAX_DEAD_LETTERS_LIMIT, MAX_RETRIED } from '../../../ops/dead-letter-routes.ts'
import type { ProblemCode } from '../../../protocol/problems.ts'
import type { Operation } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const LETTERS = '/v1/events/:eventId/dead-letters'
const common = { tag: 'Dead letters', who: ['ops'] } as const
const limit = wholeNumber(1, MAX_DEAD_LETTERS_LIMIT, 50)
const letterProblems: readonly ProblemCode[] = ['event-not-found', 'event-closed', 'submission-not-found', 'not-dead']

export const deadLetterOperations: readonly Operation[] = [
  {
    ...{ id: 'listDeadLetters', method: 'get', path: LETTERS, ...common },
    summary: 'List the dead letters of an event, oldest first',
    query: { limit, after: wholeNumber(0, MAX_ACCEPT_NUMBER, 0) },
    answers: { 200: { description: 'A page.', schema: 'DeadLetterPage', headers: ['Link'] } },
    problems: ['event-not-found', 'event-closed'],
  },
  {
    ...{ id: 'readDeadLetter', method: 'get', path: `${LETTERS}/:acceptNumber`, ...common },
    summary: 'Read a dead letter',
    answers: { 200: { description: 'The dead letter.', schema: 'DeadLetter' } },
    problems: letterProblems,
  },
  {
    ...{ id: 'retryDeadLetter', method: 'post', path: `${LETTERS}/:acceptNumber/retry`, ...common },
    summary: 'Accept a dead letter anew, as it was or edited',
    headers: ['Idempotency-Key', 'If-Match'],
    body: { schema: 'DeadLetterRetry', isOptional: true },
    answers: {
      202: {
        description: 'It has a new accept number.',
        schema: 'Retried',
        headers: ['Location', 'Idempotency-Replayed'],
      },
    },
    problems: [
      ...letterProblems,
      ...(['update-not-found', 'update-exists', 'update-retracted', 'version-mismatch', 'version-needed'] as const),
      ...(['key-reused', 'draft-needed'] as const),
    ],
  },
  {
    ...{ id: 'retryDeadLetters', method: 'post', path: `${LETTERS}/retry`, ...common },
    summary: `Accept up to ${MAX_RETRIED} dead letters anew`,
    headers: ['Idempotency-Key'],
    body: { schema: 'DeadLettersRetry' },
    answers: { 200: { description: 'Each with its own answer.', schema: 'RetriedMany' } },
    problems: ['event-not-found', 'event-closed'],
  },
  {
    ...{ id: 'discardDeadLetter', method: 'post', path: `${LETTERS}/:acceptNumber/discard`, ...common },
    summary: 'Discard a dead letter, with a reason',
    description: 'It is kept whole, with who did it, when and why.',
    headers: ['Idempotency-Key'],
    body: { schema: 'DeadLetterDiscard' },
    answers: {
      200: { description: 'It is discarded.', schema: 'DiscardedDeadLetter', headers: ['Idempotency-Replayed'] },
    },
    problems: [...letterProblems, 'key-reused'],
  },
  {
    ...{ id: 'listAllDeadLetters', method: 'get', path: '/v1/ops/dead-letters', ...common },
    summary: 'List the dead letters of all events, and strays',
    query: { limit, after: z.string().describe('`<event id>:<accept number>`, as the link to the next page has it.') },
    answers: { 200: { description: 'A page.', schema: 'AllDeadLettersPage', headers: ['Link'] } },
  },
  {
    ...{ id: 'discardStray', method: 'post', path: '/v1/ops/strays/:id/discard', ...common },
    summary: 'Discard a stray, with a reason',
    body: { schema: 'DeadLetterDiscard' },
    answers: { 200: { description: 'It is discarded.', schema: 'DiscardedStray' } },
    problems: ['not-found'],
  },
]
