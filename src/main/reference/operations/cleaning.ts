import { MAX_HELD_LIMIT } from '../../../ingest/held-routes.ts'
import { MAX_ACCEPT_NUMBER } from '../../../ingest/submission-route.ts'
import { type Operation, WRITE_PROBLEMS } from '../operation.ts'
import { wholeNumber } from '../parameters.ts'

const SETTINGS = '/v1/events/:eventId/normalization'

export const cleaningOperations: readonly Operation[] = [
  {
    ...{ id: 'previewUpdate', method: 'post', path: '/v1/events/:eventId/normalize', tag: 'Cleaning' },
    who: ['contributor', 'editor'],
    summary: 'See what would become of an update',
    description: 'Nothing of it is stored.',
    body: { schema: 'UpdateDraft' },
    answers: { 200: { description: 'The update, and what each step did.', schema: 'Preview', headers: ['RateLimit'] } },
    problems: ['event-not-found', 'cannot-normalize', 'too-many'],
  },
  {
    ...{ id: 'readSettings', method: 'get', path: SETTINGS, tag: 'Cleaning', who: ['editor'] },
    summary: "Read how an event's updates are cleaned",
    answers: { 200: { description: 'The settings.', schema: 'SettingsNow', headers: ['ETag'] } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'changeSettings', method: 'put', path: SETTINGS, tag: 'Cleaning', who: ['editor'] },
    summary: "Change how an event's updates are cleaned",
    description: 'It counts for what is accepted from now on. Repeating it is harmless.',
    headers: ['If-Match'],
    body: { schema: 'NormalizationSettingsRequest' },
    answers: {
      200: { description: 'The settings as they stand now.', schema: 'SettingsNow', headers: ['ETag', 'RateLimit'] },
    },
    problems: [...WRITE_PROBLEMS, 'event-not-found', 'event-closed', 'version-mismatch', 'version-needed'],
  },
  {
    ...{ id: 'listHeld', method: 'get', path: '/v1/events/:eventId/held', tag: 'Cleaning', who: ['editor'] },
    summary: 'List what waits for an editor, oldest first',
    query: {
      limit: wholeNumber(1, MAX_HELD_LIMIT, 50),
      after: wholeNumber(0, MAX_ACCEPT_NUMBER, 0).describe('The last accept number of the page before.'),
    },
    answers: { 200: { description: 'A page.', schema: 'HeldPage' } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'decideHeld', method: 'post', path: '/v1/events/:eventId/held/:acceptNumber', tag: 'Cleaning' },
    who: ['editor'],
    summary: 'Release a held submission, or discard it',
    description:
      'Released, it is accepted anew. When the update was changed meanwhile, If-Match must name the version that stands.',
    headers: ['Idempotency-Key', 'If-Match', 'Prefer'],
    body: { schema: 'HeldDecision' },
    answers: {
      200: {
        description: 'It was discarded; or it was released, and its end was waited for.',
        schema: ['Discarded', 'Update'],
        headers: ['ETag', 'Preference-Applied', 'Idempotency-Replayed', 'RateLimit'],
      },
      202: {
        description: 'It was accepted anew.',
        schema: 'Receipt',
        headers: ['Location', 'Idempotency-Replayed', 'RateLimit'],
      },
    },
    problems: [
      ...WRITE_PROBLEMS,
      ...(['event-not-found', 'submission-not-found', 'not-held', 'event-closed', 'update-retracted'] as const),
      ...(['version-mismatch', 'key-reused', 'submission-failed'] as const),
    ],
  },
  {
    ...{ id: 'importPage', method: 'post', path: '/v1/events/import', tag: 'Cleaning', who: ['editor'] },
    summary: 'Read a copied page as the draft of an event and its updates',
    description: 'Nothing of it is stored. Every line of the page is in a draft, or told as dropped.',
    body: { schema: 'ArticleInput' },
    answers: { 200: { description: 'The drafts.', schema: 'ArticleImport', headers: ['RateLimit'] } },
    problems: ['too-many'],
  },
]
