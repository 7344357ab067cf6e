import { extname } from 'node:path'
import type { z } from 'zod'
import type { EventDraft } from '../../protocol/event.ts'
import type { UpdateDraft } from '../../protocol/update.ts'
import { BriefingError, decodeText } from './decode-text.ts'
import { readLiveBlog } from './live-blog.ts'
import { readPageFile } from './page.ts'
import { readTimedDrafts } from './timed-drafts.ts'

/** A briefing file, read: the event it is about and its updates in the order in which they were posted. */
export interface Briefing {
  readonly event: z.input<typeof EventDraft>
  readonly items: readonly BriefingItem[]
  /** What the file holds and an update cannot carry, as sentences. */
  readonly leftOut: readonly string[]
  /** What somebody should look at, as sentences. */
  readonly doubts?: readonly string[]
  /** What the items' identities are made of, where it is not the file's content. */
  readonly identity?: string
}

export interface BriefingItem {
  /** Names this item within its file: `line-7`. Printable ASCII without spaces, at most 120 characters. */
  readonly key: string
  /** When it was posted, since the first one. */
  readonly offsetMs: number
  readonly draft: z.input<typeof UpdateDraft>
}

/**
 * Pure: reads a briefing in whichever format it is in. The format is told by the file's ending, else by how it begins.
 * Times of a page that lack their day are taken nearest to `now`. Throws BriefingError.
 */
export function readBriefing(fileName: string, bytes: Uint8Array, now: Date): Briefing {
  const text = decodeText(bytes)
  const briefing = readerFor(extname(fileName).toLowerCase(), text.trim(), now)(text)
  if (briefing.items.length === 0) throw new BriefingError('There is no update in this file.')
  return startingAtZero(briefing)
}

function readerFor(ending: string, text: string, now: Date): (text: string) => Briefing {
  if (ending === '.ndjson' || ending === '.jsonl') return readTimedDrafts
  if (ending === '.html' || ending === '.htm' || (ending === '' && text.startsWith('<'))) return readPageFile(true, now)
  if (ending === '.txt' || (ending === '' && !/^[{[]/.test(text))) return readPageFile(false, now)
  if (!text.startsWith('{')) throw new BriefingError(UNKNOWN)
  const whole = parsed(text)
  if (whole !== undefined && 'blocks' in whole) return readLiveBlog
  const firstLine = whole ?? parsed(text.split('\n', 1)[0] ?? '')
  if (firstLine !== undefined && ('event' in firstLine || 'draft' in firstLine)) return readTimedDrafts
  throw new BriefingError(UNKNOWN)
}

const UNKNOWN =
  'This format is not known. A briefing is Dateline NDJSON (.ndjson: lines of {"at" or "offset", "draft"}), ' +
  'a live blog as JSON (an object with "blocks"), or a page as text or HTML (.txt, .html).'

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** In the order of their times, which equal ones keep; the first one is due at once. */
function startingAtZero({ items, ...rest }: Briefing): Briefing {
  const ordered = items.toSorted((a, b) => a.offsetMs - b.offsetMs)
  const first = ordered[0]?.offsetMs ?? 0
  return { ...rest, items: ordered.map(item => ({ ...item, offsetMs: item.offsetMs - first })) }
}
