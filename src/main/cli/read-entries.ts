import { setTimeout as pause } from 'node:timers/promises'
import type { Http } from '../../client/http.ts'
import { ProblemError } from '../../client/index.ts'
import { at } from '../../client/paths.ts'
import type { Entry } from '../../protocol/entry.ts'
import { formatPosition, type Position } from '../../protocol/position.ts'
import type { EntryPage } from '../../protocol/snapshot.ts'
import { sentenceOf } from '../play/play-briefing.ts'

const PAGE = 500
const AGAIN_AFTER_MS = 1_000

export interface Range {
  readonly eventId: string
  readonly after: Position
  /** The last seq that is wanted. */
  readonly to: number
  readonly signal: AbortSignal
  /** Told before each repeat, in a sentence. */
  onTrouble(why: string): void
}

/**
 * The entries of a range, page by page, as fast as they are taken. While Dateline cannot answer, it is asked again.
 * Throws ProblemError when it refuses; position-unknown when the feed is not the one of `after`.
 */
export async function* readEntries(http: Pick<Http, 'read'>, range: Range): AsyncGenerator<Entry, void> {
  let { after } = range
  while (after.seq < range.to) {
    const page = await readPage(http, range, after)
    yield* page.entries
    if (page.entries.length === 0) return
    after = page.position
  }
}

async function readPage(http: Pick<Http, 'read'>, range: Range, after: Position): Promise<EntryPage> {
  const { eventId, to, signal, onTrouble } = range
  const query = new URLSearchParams({ after: formatPosition(after), limit: String(Math.min(PAGE, to - after.seq)) })
  for (;;) {
    try {
      return (await http.read(`${at(eventId, 'entries')}?${query}`, { signal })).body as EntryPage
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.problem.retry) throw error
      onTrouble(`${sentenceOf(error.problem)}. Trying again.`)
      await pause(AGAIN_AFTER_MS, undefined, { signal })
    }
  }
}
