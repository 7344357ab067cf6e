import type { ArticleImport } from '../../protocol/article.ts'
import { readPage } from '../page-file.ts'
import type { Briefing, BriefingItem } from './briefing.ts'
import { BriefingError } from './decode-text.ts'

/** A page that gives a single time does not say when each was posted: as if by a quick editor. */
const INTERVAL_MS = 5_000

/**
 * A copied page, as text or HTML: the event and the updates that its import drafts, in posting order. Throws
 * BriefingError when it is no page, or too large for one.
 */
export function readPageFile(isHtml: boolean, now: Date): (content: string) => Briefing {
  return content => {
    if (content.trim() === '') throw new BriefingError('There is no update in this file.')
    const page = readPage(content, { isHtml }, now)
    if (!page.ok) throw new BriefingError(page.fault)
    return briefingOf(page.article)
  }
}

/** Pure: the drafts of an import as a briefing. Its items are named by the drafts, so that posting them again adds nothing. */
export function briefingOf({ event, updates, warnings, dropped }: ArticleImport): Briefing {
  const times = new Set(updates.map(({ happenedAt }) => happenedAt))
  return {
    event,
    items: updates.map(({ bodyText: _, lines, ...draft }, index): BriefingItem => {
      const at = times.size > 1 && draft.happenedAt !== undefined ? Date.parse(draft.happenedAt) : index * INTERVAL_MS
      return { key: `line-${lines[0]}`, offsetMs: at, draft }
    }),
    leftOut: dropped.map(({ lines, reason, text }) => `line ${lines.join(', ')}: ${reason}: ${text}`),
    doubts: warnings.map(({ code, detail, lines }) => `${code}: ${detail}${placeOf(lines)}`),
    identity: JSON.stringify({ event, updates }),
  }
}

function placeOf(lines: readonly number[]): string {
  return lines.length === 0 ? '' : ` (line ${lines.join(', ')})`
}
