import { hasOffset } from '../../../src/protocol/time.ts'
import { readInstant, readLocalTime } from '../dates/local-time.ts'
import type { NormalizationStep, StepContext, StepNote } from '../step.ts'

/** Clocks differ a little: a time is in the future when it is later than this after the accept. */
const FUTURE_MS = 5 * 60_000
/** What happened longer than this before coverage began is worth a look. */
const BEFORE_COVERAGE_MS = 24 * 3_600_000

/**
 * When it happened, in UTC with milliseconds (RFC 3339).
 *
 *     2023-12-15T13:05+03:00               ->  2023-12-15T10:05:00.000Z
 *     2023-12-15T13:05 in Europe/Moscow    ->  2023-12-15T10:05:00.000Z
 *     2024-03-31T02:30 in Europe/Berlin    ->  2024-03-31T01:30:00.000Z, with a warning: that hour was skipped
 *     2024-10-27T02:30 in Europe/Berlin    ->  2024-10-27T00:30:00.000Z, with a warning: it came twice
 *     tomorrow, or the day before coverage ->  as it is, with a warning: clock?
 */
export const readHappenedAt: NormalizationStep = {
  name: 'happened-at',
  apply(draft, context) {
    const typed = draft.happenedAt
    const { at, warnings } = hasOffset(typed) ? readInstant(typed) : readLocalTime(typed, context.timeZone)
    const changed: StepNote[] = at === typed ? [] : [{ before: typed, after: at }]
    const doubts = [...warnings, ...clockDoubts(at, context)].map(warning => ({ warning }))
    return { draft: { ...draft, happenedAt: at }, notes: [...changed, ...doubts] }
  },
}

/** A time that no newsroom means: a clock or a date is wrong, more often than not. */
function clockDoubts(at: string, { acceptedAt, datePublished, coverageStartTime }: StepContext): string[] {
  if (at === datePublished) return []
  const time = Date.parse(at)
  if (time - Date.parse(acceptedAt) > FUTURE_MS) return [`clock? ${at} is in the future: it was ${acceptedAt}.`]
  if (coverageStartTime === undefined || Date.parse(coverageStartTime) - time <= BEFORE_COVERAGE_MS) return []
  return [`clock? ${at} is more than a day before coverage began at ${coverageStartTime}.`]
}
