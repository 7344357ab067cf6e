import type { PositionInput } from '../protocol/position.ts'
import type { RestartReason } from '../protocol/socket.ts'
import type { Tail } from './tail.ts'

/** A viewer further behind than this is given a snapshot instead. */
export const MAX_CATCH_UP_ENTRIES = 1_000
/** So is one whose entries are larger than this: they would wait for it here, however slowly it reads. */
export const MAX_CATCH_UP_BYTES = 4_194_304

export type JoinPlan =
  /** Everything after it is in the tail: answered in this tick. */
  | { readonly do: 'resume'; readonly seq: number }
  /** Older than the tail: read from Redis. */
  | { readonly do: 'page' }
  /** The viewer may know more than this room: it came from a gateway that is ahead. Compare with Redis, then plan again. */
  | { readonly do: 'compare' }
  | { readonly do: 'restart'; readonly reason: RestartReason }

/**
 * Pure: what a join means. `compared` says that the room has just been compared with Redis.
 * The no-gap rule: whatever is done, the viewer is added to the room in the same tick in which the entries that it is
 * given are taken from the tail.
 */
export function planJoin(
  after: PositionInput | null,
  room: { epoch: string; tail: Tail },
  compared: boolean,
): JoinPlan {
  const { epoch, tail } = room
  if (after === null) return { do: 'restart', reason: 'first-visit' }
  if (after.epoch !== epoch) return compared ? { do: 'restart', reason: 'epoch-changed' } : { do: 'compare' }
  if (after.seq > tail.seq) return compared ? { do: 'restart', reason: 'ahead-of-feed' } : { do: 'compare' }
  if (tail.seq - after.seq > MAX_CATCH_UP_ENTRIES) return { do: 'restart', reason: 'too-far-behind' }
  if (after.seq < tail.baseSeq) return { do: 'page' }
  const chain = after.chain ?? ''
  if (chain !== '' && chain !== tail.chainAt(after.seq)) return { do: 'restart', reason: 'chain-mismatch' }
  return { do: 'resume', seq: after.seq }
}
