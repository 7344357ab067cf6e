import type { Entry } from '../../protocol/entry.ts'
import { standingOf } from '../standing-update.ts'

/** Where a page of older updates begins: time in ms, then the place among equal times. */
export interface OrderCursor {
  readonly sortMs: number
  readonly place: number
}

interface Standing extends OrderCursor {
  readonly seq: number
  readonly keyEvent: string | undefined
}

/** Which updates readers see after the last entry, and in which order. It knows their entries by number only. */
export class StoredOrder {
  readonly #standing = new Map<string, Standing>()
  readonly #places = new Map<string, number>()
  #oldestFirst: Standing[] = []

  /** The next entry; `keep-update.lua` says the same of a feed in Redis. */
  take(entry: Entry): void {
    switch (entry.type) {
      case 'event':
        return
      case 'retracted':
      case 'purged':
        this.#standing.delete(entry.updateId)
        return
      default: {
        const { sortMs, keyEvent } = standingOf(entry.update)
        const place = this.#places.get(entry.update.id) ?? entry.acceptNumber
        this.#places.set(entry.update.id, place)
        this.#standing.set(entry.update.id, { seq: entry.seq, sortMs, place, keyEvent })
      }
    }
  }

  /** After the last entry. */
  close(): this {
    this.#places.clear()
    this.#oldestFirst = [...this.#standing.values()].sort((a, b) => a.sortMs - b.sortMs || a.place - b.place)
    return this
  }

  /** The entry that an update stands in; undefined when readers do not see it. */
  seqOf(updateId: string): number | undefined {
    return this.#standing.get(updateId)?.seq
  }

  /** Their lines in the list of key events. */
  keyEvents(): string[] {
    return this.#oldestFirst.flatMap(({ keyEvent }) => (keyEvent === undefined ? [] : [keyEvent]))
  }

  /** At most `limit`, newest first, of those before the cursor; and where the next page begins, if there is one. */
  page(limit: number, before?: OrderCursor): { seqs: number[]; older: OrderCursor | undefined } {
    const end = before === undefined ? this.#oldestFirst.length : this.#countBefore(before)
    const shown = this.#oldestFirst.slice(Math.max(0, end - limit), end)
    return { seqs: shown.map(({ seq }) => seq).reverse(), older: end > limit ? shown[0] : undefined }
  }

  #countBefore({ sortMs, place }: OrderCursor): number {
    let [low, high] = [0, this.#oldestFirst.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const at = this.#oldestFirst[middle]
      if (at !== undefined && (at.sortMs < sortMs || (at.sortMs === sortMs && at.place < place))) low = middle + 1
      else high = middle
    }
    return low
  }
}
