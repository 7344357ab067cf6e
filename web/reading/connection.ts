import type { TransportKind } from '../../src/client/transport.ts'
import type { ConnectionState } from '../../src/client/types.ts'
import type { Problem } from '../../src/protocol/problems.ts'

/** How the page stands to the newsroom, as a reader is told it. */
export type Connection =
  /** Not live: rendered by the server, or a page of older updates. */
  | { readonly name: 'still' }
  | { readonly name: 'connecting' }
  | { readonly name: 'live'; readonly stale: boolean; readonly by?: TransportKind }
  /** `untilMs` is a time since 1970. */
  | { readonly name: 'waiting'; readonly untilMs: number }
  | { readonly name: 'offline' }
  | { readonly name: 'refused'; readonly problem: Problem }

/** Pure: the connection after the watch, or the browser (online or not), told something. */
export function connectionAfter(before: Connection, told: ConnectionState | boolean, nowMs = 0): Connection {
  if (told === false) return { name: 'offline' }
  if (told === true) return before.name === 'offline' ? { name: 'connecting' } : before
  switch (told.name) {
    case 'live':
      return { name: 'live', stale: told.stale, by: told.by }
    case 'refused':
      return { name: 'refused', problem: told.problem }
    case 'waiting':
      return before.name === 'offline' ? before : { name: 'waiting', untilMs: nowMs + told.retryInMs }
    case 'connecting':
      // A first try is told; a repeat keeps what the reader sees, so that it does not flicker.
      return before.name === 'offline' || before.name === 'waiting' ? before : { name: 'connecting' }
    case 'stopped':
      return { name: 'still' }
  }
}

/** Whole seconds until the next try; 0 when it is being made now. */
export function secondsLeft(connection: { untilMs: number }, nowMs: number): number {
  return Math.max(0, Math.ceil((connection.untilMs - nowMs) / 1_000))
}
