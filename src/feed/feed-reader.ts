import type { Event } from '../protocol/event.ts'
import type { Position } from '../protocol/position.ts'

/** A page of ready-made lines, oldest first. */
export interface Lines {
  readonly found: true
  readonly epoch: string
  /** One entry of JSON each, as committed. */
  readonly lines: string[]
  /** Of the last line here, or of `after` when there is none. */
  readonly position: Position
  /** Nothing later exists now. */
  readonly complete: boolean
}

/** Why a position does not stand in this feed. */
export interface NoLines {
  readonly found: false
  readonly why: 'no-event' | 'epoch-changed' | 'ahead-of-feed' | 'chain-mismatch'
}

/** An event as it stands at one position, as the JSON text of `GET /feed`. */
export interface SnapshotText {
  readonly json: string
  readonly position: Position
}

/** A line of a feed is lost: neither it nor one that stands for it is there. Nothing behind it can be given in order. */
export class MissingLine extends Error {
  override readonly name = 'MissingLine'
  readonly seq: number

  constructor(eventId: string, seq: number) {
    super(`line ${seq} of the feed of ${eventId} is lost`)
    this.seq = seq
  }
}

/** Reads one event's feed and current state. Every answer comes from one script, so it is of one moment. */
export interface FeedReader {
  /** `before` is the cursor of `links.older`; `limit` is at most 200. Undefined when there is no such event. */
  snapshot(eventId: string, options: { limit: number; before?: string }): Promise<SnapshotText | undefined>
  /** The lines after a seq. Where `epoch` or `chain` is given (not ''), it is checked. Rejects with MissingLine. */
  linesAfter(
    eventId: string,
    after: { seq: number; epoch?: string; chain?: string },
    limit: number,
  ): Promise<Lines | NoLines>
  /** Where the feed ends now. */
  head(eventId: string): Promise<Position | undefined>
  event(eventId: string): Promise<Event | undefined>
  /** The current update as JSON text. */
  update(eventId: string, updateId: string): Promise<string | undefined>
}
