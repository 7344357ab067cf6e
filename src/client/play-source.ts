import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'
import type { Problem } from '../protocol/problems.ts'
import type { EntryPage, Snapshot } from '../protocol/snapshot.ts'
import type { Update } from '../protocol/update.ts'
import { step } from './feed-cursor.ts'
import type { Http } from './http.ts'
import { at, entriesPath } from './paths.ts'
import type { PlayPlace } from './playing.ts'
import { ProblemError } from './problem-error.ts'
import { readEntry } from './received.ts'

/** Entries held ahead of a playback, at most. */
export const PLAY_PAGE = 200
const VIEW_UPDATES = 50

/** Where a playback begins. */
export interface PlayStart {
  readonly view: Snapshot
  /** When it was so, by the feed's clock, in ms since 1970. */
  readonly feedMs: number
  readonly ahead: PlayPage
}

export interface PlayPage {
  readonly entries: readonly Entry[]
  /** Nothing later existed when it was read. */
  readonly complete: boolean
}

/** A feed's history over HTTP, page by page, each entry checked to be the next one. */
export interface PlaySource {
  /** Undefined when a snapshot stands nowhere in this feed. */
  open(place: PlayPlace, signal: AbortSignal): Promise<PlayStart | undefined>
  /** Rejects as `position-unknown` when the feed is another one now. */
  after(position: Position, signal: AbortSignal): Promise<PlayPage>
  /** The update that was pinned at an entry, as it was then. */
  pinnedAt(seq: number, signal: AbortSignal): Promise<Update | null>
}

export function createPlaySource(http: Http, eventId: string): PlaySource {
  const read = async <T>(path: string, signal: AbortSignal) => (await http.read(path, { signal })).body as T
  const feedAt = (place: number | string, limit: number, signal: AbortSignal) =>
    read<Snapshot>(`${at(eventId, 'feed')}?at=${encodeURIComponent(place)}&limit=${limit}`, signal)

  async function after(position: Position, signal: AbortSignal): Promise<PlayPage> {
    const page = await read<EntryPage>(entriesPath(eventId, position, PLAY_PAGE), signal)
    return { entries: inOrder(position, page), complete: page.complete }
  }

  return {
    after,
    async open(place, signal) {
      if (typeof place === 'string') {
        const view = await feedAt(place, VIEW_UPDATES, signal)
        return { view, feedMs: Date.parse(place), ahead: await after(view.position, signal) }
      }
      const view = typeof place === 'number' ? await feedAt(place, VIEW_UPDATES, signal) : place
      const { epoch, seq } = view.position
      // From the entry itself: it tells when it was committed.
      const before = { epoch, seq: seq - 1, chain: '' }
      const path = `${at(eventId, 'entries')}?after=${before.seq}&limit=${PLAY_PAGE + 1}`
      const page = await read<EntryPage>(path, signal)
      const [own, ...later] = page.epoch === epoch ? inOrder(before, page) : []
      if (own === undefined || step(view.position, epoch, own).do === 'rejoin') return undefined
      return { view, feedMs: committedMs(own), ahead: { entries: later, complete: page.complete } }
    },
    pinnedAt: async (seq, signal) => (await feedAt(seq, 1, signal)).pinned,
  }
}

/** When an entry was committed, in ms since 1970; an entry that does not say counts as always due. */
export function committedMs(entry: Entry): number {
  const ms = Date.parse(entry.at)
  return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms
}

/** The page's entries, each the one after the one before; a page that is anything else is asked for again. */
function inOrder(position: Position, page: EntryPage): readonly Entry[] {
  const entries: Entry[] = []
  let cursor = position
  for (const value of page.entries) {
    const entry = readEntry(value)
    const next = entry && step(cursor, page.epoch, entry)
    if (entry === undefined || next?.do !== 'show') throw new ProblemError(GARBLED)
    entries.push(entry)
    cursor = next.cursor
  }
  return entries
}

const GARBLED: Problem = { type: 'about:blank', title: 'The entries cannot be read', status: 0, retry: true }
