import type { SchemaName } from './schemas/named-schemas.ts'

const updateId = '019a1b2c-3d4e-7f50-8a61-b2c3d4e5f607'
const at = '2026-11-24T10:05:00.000Z'
const chain = '9f0c1d2e3b4a59687786a5b4c3d2e1f001234567'

const event = {
  ...{ id: 'harbour-talks', headline: 'Harbour talks', status: 'live', coverageStartTime: '2026-11-24T10:00:00.000Z' },
  ...{ timeZone: 'Europe/Berlin', inLanguage: 'en', authors: [], keywords: [], summaryPoints: [] },
  ...{ visibility: 'public', pinnedUpdateId: null, version: 1 },
  ...{ datePublished: '2026-11-24T10:00:00.000Z', dateModified: '2026-11-24T10:00:00.000Z' },
}

const update = {
  ...{ id: updateId, eventId: 'harbour-talks', version: 1, type: 'text', headline: 'Nordin arrived' },
  ...{ bodyHtml: '<p><strong>Nordin</strong> arrived at noon.</p>', bodyText: 'Nordin arrived at noon.' },
  ...{ datePublished: at, dateModified: at, happenedAt: at, sortTime: at },
  ...{ isKeyEvent: true, isBreaking: false, isSummary: false, authors: [{ name: 'Anna Example' }] },
  ...{ media: [], embeds: [], tags: [], inLanguage: 'en', corrections: [] },
}

const position = { epoch: 'k3Jq8sV2', seq: 2, chain }
const entry = { seq: 2, chain, at, type: 'published', acceptNumber: 2, update }
const snapshot = {
  ...{ event, position, updates: [update], pinned: null },
  keyEvents: [{ id: updateId, headline: 'Nordin arrived', happenedAt: at }],
  links: {},
}

/** By the name of its schema; each is shown wherever that is sent or answered. */
export const EXAMPLES: Readonly<Partial<Record<SchemaName, unknown>>> = {
  EventDraft: { headline: 'Harbour talks', timeZone: 'Europe/Berlin', inLanguage: 'en' },
  EventPatch: { pinnedUpdateId: updateId, summaryPoints: ['Nordin arrived at noon.'] },
  UpdateDraft: {
    body: '**Nordin** arrived at noon.',
    ...{ bodyFormat: 'markdown', headline: 'Nordin arrived', happenedAt: '2026-11-24T11:05', isKeyEvent: true },
  },
  UpdatePatch: { body: '**Nordin** arrived at one.', correction: 'An earlier version said noon.' },
  Retraction: { reason: 'Posted twice.' },
  HeldDecision: { action: 'discard', reason: 'It names a witness.' },
  NormalizationSettingsRequest: { off: ['typography'], callsToAction: 'remove', blockedTerms: ['embargo'] },
  ArticleInput: { text: '10:05 Nordin arrives.\n10:20 The talks begin.', timeZone: 'Europe/Berlin' },
  ReplayRequest: { from: 1, speed: 10, maxSilenceMs: 5_000 },
  ReplayPatch: { state: 'paused' },
  IntakeRequest: { paused: true, reason: 'The store is being moved.' },
  QueueRequest: { paused: true },
  RebroadcastRequest: { from: 2 },
  RevocationRequest: { sub: 'anna', reason: 'Her laptop was lost.' },
  DeadLetterRetry: { draft: { body: 'Nordin arrived at noon.' } },
  DeadLettersRetry: { acceptNumbers: [7, 9] },
  DeadLetterDiscard: { reason: 'Posted again by hand.' },
  JoinRequest: { eventId: 'harbour-talks', after: position },
  LeaveRequest: { eventId: 'harbour-talks' },
  RefreshRequest: { token: 'eyJhbGciOiJIUzI1NiJ9...' },
  Event: event,
  EventList: { events: [event] },
  Update: update,
  Entry: entry,
  Snapshot: snapshot,
  EntryPage: { epoch: position.epoch, entries: [entry], position, complete: true },
  FeedProof: { complete: true, from: 1, to: 2, epoch: position.epoch, chain },
  Receipt: {
    ...{ updateId, acceptNumber: 2, state: 'accepted', durability: 'everysec' },
    links: {
      update: `/v1/events/harbour-talks/updates/${updateId}`,
      submission: '/v1/events/harbour-talks/submissions/2',
    },
  },
  SubmissionStatus: { acceptNumber: 2, updateId, state: 'published', seq: 2 },
  Replay: {
    ...{ id: '4be1c09a77d2f035', eventId: 'harbour-talks', room: 'replay:4be1c09a77d2f035', state: 'running' },
    ...{ from: 1, to: 2, seq: 0, speed: 10, lap: 1 },
  },
  JoinAnswer: { result: 'restarted', reason: 'first-visit', position, snapshot },
  PlainAnswer: { result: 'done' },
  EntryArguments: ['harbour-talks', position.epoch, entry],
  Beacon: { eventId: 'harbour-talks', ...position, viewers: 1_204 },
  Notice: { kind: 'draining', reconnectInMs: 640 },
  StreamResumed: { position },
  StreamRestarted: { reason: 'first-visit', position, snapshot },
  Health: { status: 'ok' },
  Readiness: { status: 'ready', durability: 'everysec', reasons: [] },
}
