import type { Position } from '../../src/protocol/position.ts'

/** Remembers for each event, in this browser alone, how far its reader has read. */
export interface SeenStorage {
  read(eventId: string): Position | undefined
  write(eventId: string, position: Position): void
}

/** Grows when what is kept changes its form: a page of another version leaves it alone. */
const KEPT_UNDER = 'dateline-viewer/1/'

/** Where nothing can be kept, every visit is a first one. */
export function createSeenStorage(open: () => Storage): SeenStorage {
  return {
    read(eventId) {
      try {
        const kept: unknown = JSON.parse(open().getItem(KEPT_UNDER + eventId) ?? 'null')
        return isPosition(kept) ? kept : undefined
      } catch {
        // Switched off, or written by something else.
        return undefined
      }
    },
    write(eventId, position) {
      try {
        open().setItem(KEPT_UNDER + eventId, JSON.stringify(position))
      } catch {
        // Full or switched off: the next visit counts as a first one.
      }
    },
  }
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false
  const { epoch, seq, chain } = value as Partial<Record<keyof Position, unknown>>
  return typeof epoch === 'string' && Number.isSafeInteger(seq) && typeof chain === 'string'
}
