import { Temporal } from 'temporal-polyfill'
import { hasOffset } from '../../../src/protocol/time.ts'
import type { NormalizationStep, StepNote } from '../step.ts'

/** The last moment that fits the wire's four-digit year. */
const LATEST = '9999-12-31T23:59:59.999Z'

/**
 * When it happened, in UTC with milliseconds (RFC 3339).
 *
 *     2023-12-15T13:05+03:00               ->  2023-12-15T10:05:00.000Z
 *     2023-12-15T13:05 in Europe/Moscow    ->  2023-12-15T10:05:00.000Z
 *     2024-03-31T02:30 in Europe/Berlin    ->  2024-03-31T01:30:00.000Z, with a warning: that hour was skipped
 *     2024-10-27T02:30 in Europe/Berlin    ->  2024-10-27T00:30:00.000Z, with a warning: it came twice
 */
export const readHappenedAt: NormalizationStep = {
  name: 'happened-at',
  apply(draft, { timeZone }) {
    const typed = draft.happenedAt
    const { time, warnings } = hasOffset(typed) ? readInstant(typed) : readLocalTime(typed, timeZone)
    const changed: StepNote[] = time === typed ? [] : [{ before: typed, after: time }]
    return { draft: { ...draft, happenedAt: time }, notes: [...changed, ...warnings] }
  },
}

interface Reading {
  readonly time: string
  readonly warnings: readonly StepNote[]
}

function readInstant(text: string): Reading {
  return toWire(Temporal.Instant.from(text.toUpperCase()), [])
}

/** A local time that was skipped or came twice is read as clocks do ("compatible", RFC 5545), with a warning. */
function readLocalTime(text: string, timeZone: string): Reading {
  const local = Temporal.PlainDateTime.from(text.toUpperCase())
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' })
  const chosen = local.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return toWire(chosen.toInstant(), [])
  const skipped = !chosen.toPlainDateTime().equals(local)
  const warning = skipped
    ? `${text} did not exist in ${timeZone}, where clocks went forward: read as ${chosen.toPlainDateTime().toString()}.`
    : `${text} came twice in ${timeZone}, where clocks went back: the first was taken.`
  return toWire(chosen.toInstant(), [{ warning }])
}

function toWire(instant: Temporal.Instant, warnings: readonly StepNote[]): Reading {
  const time = new Date(instant.epochMilliseconds).toISOString()
  if (!time.startsWith('+')) return { time, warnings }
  return { time: LATEST, warnings: [...warnings, { warning: `${time} is too late for the feed: read as ${LATEST}.` }] }
}
