import type { Position } from '../protocol/position.ts'
import type { RestartReason } from '../protocol/socket.ts'
import { ReadyJson } from './ready-json.ts'

/** What a room answers to a join; the entries and the snapshot are text that was made once. */
export type Joined = {
  readonly position: Position
  /** Redis does not answer: this is what the room knew last. */
  readonly isStale: boolean
} & (
  | { readonly result: 'resumed'; readonly lines: readonly string[] }
  | { readonly result: 'restarted'; readonly reason: RestartReason; readonly snapshot: string }
)

/** The same as the ack of `join`. */
export function joinedJson(joined: Joined): ReadyJson {
  const position = `"position":${JSON.stringify(joined.position)}`
  const stale = joined.isStale ? ',"stale":true' : ''
  if (joined.result === 'resumed') {
    return new ReadyJson(`{"result":"resumed",${position},"entries":[${joined.lines.join(',')}]${stale}}`)
  }
  const { reason, snapshot } = joined
  return new ReadyJson(`{"result":"restarted","reason":"${reason}",${position},"snapshot":${snapshot}${stale}}`)
}
