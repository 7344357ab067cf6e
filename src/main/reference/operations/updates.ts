import { MAX_WAIT_SECONDS } from '../../../foundation/http/preferences.ts'
import type { ProblemCode } from '../../../protocol/problems.ts'
import { type Answer, type Operation, WRITE_PROBLEMS } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const UPDATES = '/v1/events/:eventId/updates'

const accepted: Answer = {
  description: 'Accepted; `links.submission` tells what becomes of it.',
  schema: 'Receipt',
  headers: ['Location', 'Idempotency-Replayed', 'RateLimit'],
}

const waitedFor: Answer = {
  description: 'The update as it stands: its end was waited for.',
  schema: 'Update',
  headers: ['Location', 'ETag', 'Preference-Applied', 'Idempotency-Replayed', 'RateLimit'],
}

const changeProblems: readonly ProblemCode[] = [
  ...WRITE_PROBLEMS,
  ...(['event-not-found', 'update-not-found', 'event-closed', 'update-retracted'] as const),
  ...(['version-mismatch', 'version-needed', 'key-reused', 'submission-failed'] as const),
]

export const updateOperations: readonly Operation[] = [
  {
    ...{ id: 'publishUpdate', method: 'post', path: UPDATES, tag: 'Updates', who: ['contributor', 'editor'] },
    summary: 'Publish an update',
    headers: ['Idempotency-Key', 'Prefer'],
    body: { schema: 'UpdateDraft' },
    answers: { 201: waitedFor, 202: accepted },
    problems: [
      ...WRITE_PROBLEMS,
      ...(['event-not-found', 'event-closed', 'update-exists', 'update-retracted'] as const),
      ...(['key-reused', 'submission-failed'] as const),
    ],
  },
  {
    ...{ id: 'reviseUpdate', method: 'patch', path: `${UPDATES}/:updateId`, tag: 'Updates' },
    who: ['contributor', 'editor'],
    summary: 'Revise an update',
    description: 'A merge patch (RFC 7396) of what was last accepted. A contributor may revise updates of their own.',
    headers: ['Idempotency-Key', 'If-Match', 'Prefer'],
    body: { schema: 'UpdatePatch' },
    answers: { 200: waitedFor, 202: accepted },
    problems: changeProblems,
  },
  {
    ...{ id: 'retractUpdate', method: 'delete', path: `${UPDATES}/:updateId`, tag: 'Updates' },
    who: ['contributor', 'editor'],
    summary: 'Retract an update',
    description: 'It leaves a tombstone, without its words and media. A contributor may retract updates of their own.',
    headers: ['Idempotency-Key', 'If-Match', 'Prefer'],
    body: { schema: 'Retraction', isOptional: true },
    answers: { 200: waitedFor, 202: accepted },
    problems: changeProblems,
  },
  {
    ...{ id: 'readUpdate', method: 'get', path: `${UPDATES}/:updateId`, tag: 'Updates', who: 'readers' },
    summary: 'Read the current version of an update',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The update; of a retracted one its tombstone.', schema: 'Update', headers: ['ETag'] },
    },
    problems: ['event-not-found', 'update-not-found'],
  },
  {
    ...{ id: 'readDraft', method: 'get', path: `${UPDATES}/:updateId/draft`, tag: 'Updates' },
    who: ['contributor', 'editor', 'ops'],
    summary: 'Read what was typed last for an update, and what was done to it',
    answers: { 200: { description: 'The draft.', schema: 'TypedDraft', headers: ['ETag'] } },
    problems: ['event-not-found', 'update-not-found'],
  },
  {
    ...{ id: 'readSubmission', method: 'get', tag: 'Updates', who: ['contributor', 'editor', 'ops'] },
    path: '/v1/events/:eventId/submissions/:acceptNumber',
    summary: 'Read where a submission stands',
    description: 'For whoever sent it, for editors and ops.',
    query: { wait: wholeNumber(0, MAX_WAIT_SECONDS, 0).describe('Seconds to wait for its end.') },
    answers: { 200: { description: 'Where it stands.', schema: 'SubmissionStatus' } },
    problems: ['submission-not-found'],
  },
]
