import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import { formatPastCursor, type PastCursor, snapshotText } from './snapshot-text.ts'
import { type StandingUpdate, standingOf } from './standing-update.ts'

interface Standing extends StandingUpdate {
  /** Among equal times: the accept number under which it was first committed. */
  readonly place: number
}

/**
 * An event as it stood at some entry: the entries up to there, taken in order. It gives the same snapshot as the current
 * state does, at any place of the history. A purged entry takes its update with it: what was taken down stays down.
 */
export class FeedFold {
  readonly #eventId: string
  readonly #shown = new Map<string, Standing>()
  readonly #places = new Map<string, number>()
  #event: Extract<Entry, { type: 'event' }>['event'] | undefined
  #seq = 0

  constructor(eventId: string) {
    this.#eventId = eventId
  }

  /** The last entry that was taken. */
  get seq(): number {
    return this.#seq
  }

  get event() {
    return this.#event
  }

  /** Takes the next line, as committed. */
  take(line: string): void {
    const entry = JSON.parse(line) as Entry
    if (entry.seq !== this.#seq + 1) throw new Error(`entry ${entry.seq} does not follow ${this.#seq}`)
    this.#seq = entry.seq
    switch (entry.type) {
      case 'event':
        this.#event = entry.event
        return
      case 'retracted':
      case 'purged':
        this.#shown.delete(entry.updateId)
        return
      default:
        this.#show(entry)
    }
  }

  /** The JSON of `GET /feed` as of now; with `before` the page behind that update. Undefined before the first entry. */
  snapshot(position: Position, limit: number, before?: PastCursor): string | undefined {
    if (this.#event === undefined) return undefined
    const newestFirst = [...this.#shown].toSorted(([, a], [, b]) => b.sortMs - a.sortMs || b.place - a.place)
    const first = before === undefined ? 0 : placeBehind(newestFirst, before)
    const page = newestFirst.slice(first, first + limit)
    const last = first + limit < newestFirst.length ? page.at(-1) : undefined
    const pinned = this.#shown.get(this.#event.pinnedUpdateId ?? '')
    return snapshotText({
      eventId: this.#eventId,
      position,
      eventJson: JSON.stringify(this.#event),
      updates: page.map(([, { json }]) => json),
      pinned: pinned?.json ?? '',
      keyEvents: newestFirst.flatMap(([, { keyEvent }]) => (keyEvent === undefined ? [] : [keyEvent])),
      older: last === undefined ? '' : formatPastCursor({ updateId: last[0], sortMs: last[1].sortMs }),
      at: this.#seq,
      limit,
    })
  }

  #show({ update, acceptNumber }: Extract<Entry, { type: 'published' | 'revised' }>): void {
    const place = this.#places.get(update.id) ?? acceptNumber
    this.#places.set(update.id, place)
    this.#shown.set(update.id, { ...standingOf(update), place })
  }
}

/** Where a page goes on. An update that was taken down since is no place any more: those of its time come once more. */
function placeBehind(newestFirst: readonly [string, Standing][], { updateId, sortMs }: PastCursor): number {
  const own = newestFirst.findIndex(([id]) => id === updateId)
  if (own >= 0) return own + 1
  const behind = newestFirst.findIndex(([, standing]) => standing.sortMs <= sortMs)
  return behind < 0 ? newestFirst.length : behind
}
