import { Temporal } from 'temporal-polyfill'

/** The last moment that fits the wire's four-digit year. */
const LATEST = '9999-12-31T23:59:59.999Z'

export interface Moment {
  /** UTC, RFC 3339 with milliseconds. */
  readonly at: string
  /** What somebody should look at, in sentences. */
  readonly warnings: readonly string[]
}

const WIRE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** A moment with its offset, RFC 3339. Throws RangeError when it is none. */
export function readInstant(text: string): Moment {
  // Most come as they are to be written, and the calendar library takes fifty times as long to say so.
  if (WIRE.test(text) && new Date(text).toISOString() === text) return { at: text, warnings: [] }
  return toWire(Temporal.Instant.from(text.toUpperCase()), [])
}

/**
 * A local time in a zone (IANA, or an offset such as +03:00). One that was skipped or came twice is read as clocks do
 * ("compatible", RFC 5545), with a warning. Throws RangeError when the time or the zone does not exist.
 */
export function readLocalTime(text: string, timeZone: string): Moment {
  const local = Temporal.PlainDateTime.from(text.toUpperCase())
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' })
  const chosen = local.toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return toWire(chosen.toInstant(), [])
  const skipped = !chosen.toPlainDateTime().equals(local)
  const warning = skipped
    ? `${text} did not exist in ${timeZone}, where clocks went forward: read as ${chosen.toPlainDateTime().toString()}.`
    : `${text} came twice in ${timeZone}, where clocks went back: the first was taken.`
  return toWire(chosen.toInstant(), [warning])
}

function toWire(instant: Temporal.Instant, warnings: readonly string[]): Moment {
  const at = new Date(instant.epochMilliseconds).toISOString()
  if (!at.startsWith('+')) return { at, warnings }
  return { at: LATEST, warnings: [...warnings, `${at} is too late for the feed: read as ${LATEST}.`] }
}
