import type { Operation } from '../operation.ts'

const REPLAYS = '/v1/events/:eventId/replays'
const common = { tag: 'Replays', who: ['ops'] } as const

export const replayOperations: readonly Operation[] = [
  {
    ...{ id: 'beginReplay', method: 'post', path: REPLAYS, ...common },
    summary: 'Begin a replay into a rehearsal room',
    description: 'It never touches the live feed or the live room.',
    body: { schema: 'ReplayRequest', isOptional: true },
    answers: { 201: { description: 'The replay.', schema: 'Replay', headers: ['Location'] } },
    problems: ['event-not-found', 'too-many'],
  },
  {
    ...{ id: 'listReplays', method: 'get', path: REPLAYS, ...common },
    summary: 'List the replays of an event, 50 at most',
    answers: { 200: { description: 'All of them.', schema: 'ReplayList' } },
    problems: ['event-not-found'],
  },
  {
    ...{ id: 'readReplay', method: 'get', path: `${REPLAYS}/:replayId`, ...common },
    summary: 'Read where a replay stands',
    answers: { 200: { description: 'The replay.', schema: 'Replay' } },
    problems: ['not-found'],
  },
  {
    ...{ id: 'steerReplay', method: 'patch', path: `${REPLAYS}/:replayId`, ...common },
    summary: 'Pause, resume, seek, step or change the speed',
    body: { schema: 'ReplayPatch' },
    answers: { 200: { description: 'The replay.', schema: 'Replay' } },
    problems: ['not-found'],
  },
  {
    ...{ id: 'endReplay', method: 'delete', path: `${REPLAYS}/:replayId`, ...common },
    summary: 'End a replay',
    answers: { 204: { description: 'It is gone.' } },
    problems: ['not-found'],
  },
]
