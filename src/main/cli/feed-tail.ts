import type { Http } from '../../client/http.ts'
import { ProblemError, type WatchChange } from '../../client/index.ts'
import type { Entry } from '../../protocol/entry.ts'
import type { Position } from '../../protocol/position.ts'
import { readEntries } from './read-entries.ts'

/** What is shown: an entry, or that what comes does not follow on what was shown. */
export type Shown = Entry | { readonly type: 'restarted'; readonly reason: string; readonly position: Position }

export interface FeedTailNeeds {
  readonly http: Pick<Http, 'read'>
  readonly eventId: string
  /** The first entry to show; without it, those to come. */
  readonly from: number | undefined
  readonly signal: AbortSignal
  onTrouble(why: string): void
}

/**
 * Makes of a watch the entries from some place on, each once and in order: where the watch gets a snapshot, the entries
 * that led up to it are read over HTTP. Where those do not follow on what was shown, that is said in their place.
 */
export class FeedTail {
  readonly #needs: FeedTailNeeds
  /** The last entry that was shown or is not wanted. */
  #reached: Position | undefined
  /** Of the numbering that was asked for; in another one every entry is new. */
  #from: number

  constructor(needs: FeedTailNeeds) {
    this.#needs = needs
    this.#from = needs.from ?? 1
  }

  /** Take one change after the other: what it yields has to be shown before the next one. */
  async *take(change: WatchChange): AsyncGenerator<Shown, void> {
    if (change.kind === 'restarted') yield* this.#leadUpTo(change.view.position, change.reason)
    if (change.kind !== 'entry') return
    const { entry, view } = change
    this.#reached = { epoch: view.position.epoch, seq: entry.seq, chain: entry.chain }
    if (entry.seq >= this.#from) yield entry
  }

  async *#leadUpTo(position: Position, reason: string): AsyncGenerator<Shown, void> {
    const before = this.#reached ?? this.#start(position)
    this.#reached = position
    if (before.epoch !== position.epoch || before.seq > position.seq) return yield this.#restarted(reason, position)
    try {
      yield* readEntries(this.#needs.http, { ...this.#needs, after: before, to: position.seq })
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'position-unknown') throw error
      yield this.#restarted(reason, position)
    }
  }

  #restarted(reason: string, position: Position): Shown {
    this.#from = 1
    return { type: 'restarted', reason, position }
  }

  #start(position: Position): Position {
    const { from = Number.POSITIVE_INFINITY } = this.#needs
    return from > position.seq ? position : { epoch: position.epoch, seq: from - 1, chain: '' }
  }
}
