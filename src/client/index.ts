/** Dateline's SDK, for Node and browsers: follow an event's feed without holes or repeats, and write to it safely. */
export type { Verified } from './chain-check.ts'
export { createClient } from './client.ts'
export type { Editing } from './editing.ts'
export type { Playback, PlaybackChange, PlaybackState, Playing, PlayOptions, PlayPlace } from './playing.ts'
export { ProblemError } from './problem-error.ts'
export type { TransportKind } from './transport.ts'
export type {
  ClientOptions,
  ConnectionState,
  DatelineClient,
  EventWritten,
  FeedOptions,
  LiveBy,
  Watch,
  WatchChange,
  WatchOptions,
  WriteOptions,
  Written,
} from './types.ts'
