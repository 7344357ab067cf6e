import type { Briefing } from './briefing.ts'

/** A text does not say when its lines were posted: as if by a quick editor. */
const LINE_INTERVAL_MS = 5_000

const MAX_HEADLINE = 120

/** Plain text: each line that is not empty is an update, the first one names the event. */
export function readTextLines(text: string): Briefing {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, body: line.trim() }))
    .filter(({ body }) => body !== '')
  return {
    event: { headline: cutOnWord(lines[0]?.body ?? '') },
    items: lines.map(({ number, body }, index) => ({
      key: `line-${number}`,
      offsetMs: index * LINE_INTERVAL_MS,
      draft: { body },
    })),
    leftOut: [],
  }
}

function cutOnWord(text: string): string {
  if (text.length <= MAX_HEADLINE) return text
  const cut = text.slice(0, MAX_HEADLINE).replace(/[\uD800-\uDBFF]$/, '')
  return `${cut.replace(/\s+\S*$/, '')}…`
}
