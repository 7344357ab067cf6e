import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { Refusal } from '../foundation/errors.ts'

/** How many updates a snapshot shows. */
export const SNAPSHOT_LIMIT = 50

/** A room's newest snapshot: read once for all who ask at the same time, and kept until the feed has moved on. */
export class LatestSnapshot {
  readonly #reader: FeedReader
  readonly #eventId: string
  #latest: SnapshotText
  #onItsWay: Promise<SnapshotText> | undefined

  constructor(reader: FeedReader, eventId: string, first: SnapshotText) {
    this.#reader = reader
    this.#eventId = eventId
    this.#latest = first
  }

  /** What was read last, whatever has happened since. */
  get latest(): SnapshotText {
    return this.#latest
  }

  /** One that was read at `seq` or later, or not before this call. Rejects while Redis is away. */
  async atLeast(epoch: string, seq: number): Promise<SnapshotText> {
    const { position } = this.#latest
    if (position.epoch === epoch && position.seq >= seq) return this.#latest
    this.#onItsWay ??= this.#read().finally(() => {
      this.#onItsWay = undefined
    })
    return this.#onItsWay
  }

  async #read(): Promise<SnapshotText> {
    const snapshot = await this.#reader.snapshot(this.#eventId, { limit: SNAPSHOT_LIMIT })
    if (snapshot === undefined) throw eventNotFound(this.#eventId)
    this.#latest = snapshot
    return snapshot
  }
}

export function eventNotFound(eventId: string): Refusal {
  return new Refusal('event-not-found', `There is no event ${eventId}.`)
}
