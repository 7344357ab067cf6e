import type { Entry } from '../../../src/protocol/entry.ts'
import type { Event } from '../../../src/protocol/event.ts'
import type { Snapshot } from '../../../src/protocol/snapshot.ts'
import type { Update } from '../../../src/protocol/update.ts'

const START = Date.UTC(2026, 10, 24, 10)

export function anEvent(over: Partial<Event> = {}): Event {
  const at = new Date(START).toISOString()
  return {
    id: 'harbour-opening',
    headline: 'The harbour opens',
    status: 'live',
    coverageStartTime: at,
    timeZone: 'UTC',
    inLanguage: 'en',
    authors: [],
    keywords: [],
    summaryPoints: [],
    visibility: 'public',
    pinnedUpdateId: null,
    version: 1,
    datePublished: at,
    dateModified: at,
    ...over,
  }
}

export function anUpdate(number: number, over: Partial<Update> = {}): Update {
  const at = new Date(START + number * 1_000).toISOString()
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    eventId: 'harbour-opening',
    version: 1,
    type: 'text',
    headline: `Update ${number}`,
    bodyHtml: `<p>Update ${number}</p>`,
    bodyText: `Update ${number}`,
    datePublished: at,
    dateModified: at,
    happenedAt: at,
    sortTime: at,
    isKeyEvent: false,
    isBreaking: false,
    isSummary: false,
    authors: [],
    media: [],
    embeds: [],
    tags: [],
    inLanguage: 'en',
    corrections: [],
    ...over,
  }
}

/** The chain that stands for `seq` in tests: it links nothing, it only differs. */
export function chainOf(seq: number, feed = 'a'): string {
  return feed + String(seq).padStart(39, '0')
}

/** A feed written down plainly: what stands after each entry is worked out anew, in the order that design gives it. */
export class FeedModel {
  readonly epoch: string
  readonly entries: Entry[] = []
  readonly feed: string
  #event = anEvent()
  readonly #updates = new Map<string, { update: Update; acceptNumber: number }>()

  constructor(epoch = 'e1', feed = 'a') {
    this.epoch = epoch
    this.feed = feed
    this.append({ type: 'event', event: this.#event })
  }

  get event(): Event {
    return this.#event
  }
  get updates(): Update[] {
    return [...this.#updates.values()].map(({ update }) => update)
  }

  append(part: EntryPart): Entry {
    const seq = this.entries.length + 1
    const at = new Date(START + seq * 1_000).toISOString()
    const entry = { seq, chain: chainOf(seq, this.feed), at, acceptNumber: seq, ...part } as Entry
    this.entries.push(entry)
    this.#apply(entry)
    return entry
  }

  /** As GET feed would answer now; `edge` is the place of the last update in it, when there are older ones. */
  snapshot(limit: number): Snapshot & { edge: Placed | undefined } {
    const all = this.placed()
    const updates = all.slice(0, limit)
    const edge = all.length > limit ? updates.at(-1) : undefined
    return {
      event: this.#event,
      position: { epoch: this.epoch, seq: this.entries.length, chain: chainOf(this.entries.length, this.feed) },
      updates: updates.map(({ update }) => update),
      pinned: this.pinned(),
      keyEvents: this.keyEvents(),
      links: edge === undefined ? {} : { older: '/older' },
      edge,
    }
  }

  /** Every update that readers see, newest sortTime first, of equal ones the later accepted first. */
  placed(): Placed[] {
    return [...this.#updates.values()].toSorted(
      (a, b) => compare(b.update.sortTime, a.update.sortTime) || b.acceptNumber - a.acceptNumber,
    )
  }

  pinned(): Update | null {
    return this.#updates.get(this.#event.pinnedUpdateId ?? '')?.update ?? null
  }

  keyEvents(): Snapshot['keyEvents'] {
    return [...this.#updates.values()]
      .filter(({ update }) => update.isKeyEvent)
      .map(({ update: { id, headline, happenedAt } }) => ({ id, headline: headline ?? '', happenedAt }))
      .toSorted((a, b) => compare(b.happenedAt, a.happenedAt))
  }

  #apply(entry: Entry): void {
    if (entry.type === 'event') this.#event = entry.event
    else if (entry.type === 'retracted' || entry.type === 'purged') this.#updates.delete(entry.updateId)
    else {
      const { update } = entry
      const acceptNumber = this.#updates.get(update.id)?.acceptNumber ?? entry.acceptNumber
      this.#updates.set(update.id, { update, acceptNumber })
    }
  }
}

export interface Placed {
  readonly update: Update
  readonly acceptNumber: number
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type EntryPart =
  | { type: 'published' | 'revised'; update: Update; acceptNumber?: number; late?: true }
  | { type: 'retracted'; updateId: string; version: number }
  | { type: 'purged'; updateId: string; digest: string }
  | { type: 'event'; event: Event }
