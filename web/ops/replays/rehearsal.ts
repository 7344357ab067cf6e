import type { WatchChange } from '../../../src/client/types.ts'
import type { Entry } from '../../../src/protocol/entry.ts'

/** One entry as the console's list has it. */
export interface RehearsalRow {
  readonly seq: number
  readonly type: Entry['type']
  readonly line: string
}

/** What one rehearsal viewer has been sent. */
export interface Rehearsal {
  /** `<replayId>:<lap>`: undefined before the first answer. */
  readonly epoch: string | undefined
  readonly rows: readonly RehearsalRow[]
}

export const NOTHING_YET: Rehearsal = { epoch: undefined, rows: [] }

/** More rows than these are not kept: the oldest leave. */
const MAX_ROWS = 1_000
const LINE_CHARS = 100

/** Pure: the list after one change. A seek takes away what comes again. */
export function rehearsalAfter(before: Rehearsal, change: WatchChange): Rehearsal {
  if (change.kind === 'restarted') {
    const { epoch, seq } = change.view.position
    return { epoch, rows: before.rows.filter(row => row.seq <= seq) }
  }
  if (change.kind !== 'entry') return before
  const { seq, type } = change.entry
  return { ...before, rows: [...before.rows, { seq, type, line: lineOf(change.entry) }].slice(-MAX_ROWS) }
}

function lineOf(entry: Entry): string {
  switch (entry.type) {
    case 'published':
    case 'revised':
      return (entry.update.headline ?? entry.update.bodyText).slice(0, LINE_CHARS)
    case 'retracted':
      return entry.reason ?? 'without a reason'
    case 'event':
      return entry.event.headline.slice(0, LINE_CHARS)
    case 'purged':
      return 'taken down'
  }
}
