import type { Position } from '../protocol/position.ts'

export type Step =
  | { readonly do: 'show'; readonly cursor: Position }
  | { readonly do: 'ignore'; readonly why: 'already seen' }
  | { readonly do: 'rejoin'; readonly why: 'gap' | 'other epoch' | 'other chain' }

/** Pure: decides what one incoming entry means for a viewer that stands at `cursor`. */
export function step(cursor: Position, epoch: string, entry: { seq: number; chain: string }): Step {
  const { seq, chain } = entry
  if (epoch !== cursor.epoch) return { do: 'rejoin', why: 'other epoch' }
  if (seq === cursor.seq && differ(chain, cursor.chain)) return { do: 'rejoin', why: 'other chain' }
  if (seq <= cursor.seq) return { do: 'ignore', why: 'already seen' }
  if (seq > cursor.seq + 1) return { do: 'rejoin', why: 'gap' }
  return { do: 'show', cursor: { epoch, seq, chain } }
}

export type RoomStep =
  | { readonly do: 'stay' }
  | { readonly do: 'rejoin'; readonly why: 'missed entries' | 'ahead of feed' | 'other epoch' | 'other chain' }

/**
 * Pure: compares a viewer with where its room says it stands (a beacon, or the end of an
 * answer to a join). A connection keeps its order, so whoever is not exactly
 * there lost something, or has what the feed lost: either way the answer to a join settles it.
 */
export function compareWithRoom(cursor: Position, room: Position): RoomStep {
  if (room.epoch !== cursor.epoch) return { do: 'rejoin', why: 'other epoch' }
  if (room.seq > cursor.seq) return { do: 'rejoin', why: 'missed entries' }
  if (room.seq < cursor.seq) return { do: 'rejoin', why: 'ahead of feed' }
  return differ(room.chain, cursor.chain) ? { do: 'rejoin', why: 'other chain' } : { do: 'stay' }
}

/** An empty chain is one that is not known: it differs from none. */
function differ(a: string, b: string): boolean {
  return a !== '' && b !== '' && a !== b
}
