import type { Entry } from './entry.ts'
import type { Event } from './event.ts'
import type { Position } from './position.ts'
import type { Update } from './update.ts'

/** `GET /v1/events/:id/feed`: an event as it stands at one position. */
export interface Snapshot {
  event: Event
  position: Position
  /** Newest sortTime first, retracted ones left out. */
  updates: Update[]
  /** The pinned update, wherever it stands, or null. */
  pinned: Update | null
  /** Newest first. */
  keyEvents: { id: string; headline: string; happenedAt: string }[]
  links: { older?: string }
}

/** `GET /v1/events/:id/entries`: a page of the feed, oldest first. */
export interface EntryPage {
  epoch: string
  entries: Entry[]
  /** Of the last entry here, or of `after` when there is none. */
  position: Position
  /** Nothing later exists now. */
  complete: boolean
}
