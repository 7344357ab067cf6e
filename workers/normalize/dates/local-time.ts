import { Temporal } from 'temporal-polyfill'

/** The last moment that fits the wire's four-digit year. */
const LATEST = '9999-12-31T23:59:59.999Z'

export interface Moment {
  /** UTC, RFC 3339 with milliseconds. */
  readonly at: string
  /** What somebody should look at, in sentences. */
  readonly warnings: readonly string[]
}

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?:Z|([+-])(\d{2}):(\d{2}))$/

/** A moment with its offset, RFC 3339. Throws RangeError when it is none. */
export function readInstant(text: string): Moment {
  return readUsualInstant(text) ?? toWire(Temporal.Instant.from(text.toUpperCase()).epochMilliseconds, [])
}

/** As most are written. The calendar library takes fifty times as long, and keeps the garbage collector busy. */
function readUsualInstant(text: string): Moment | undefined {
  const [, local, sign = '+', hours = '0', minutes = '0'] = INSTANT.exec(text) ?? []
  const time = local === undefined ? Number.NaN : Date.parse(`${local}Z`)
  // Date takes the 30th of February for a day of March.
  if (local === undefined || Number.isNaN(time) || !new Date(time).toISOString().startsWith(local)) return undefined
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000
  return toWire(sign === '+' ? time - offsetMs : time + offsetMs, [])
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
  if (earlier.epochMilliseconds === later.epochMilliseconds) return toWire(chosen.epochMilliseconds, [])
  const skipped = !chosen.toPlainDateTime().equals(local)
  const warning = skipped
    ? `${text} did not exist in ${timeZone}, where clocks went forward: read as ${chosen.toPlainDateTime().toString()}.`
    : `${text} came twice in ${timeZone}, where clocks went back: the first was taken.`
  return toWire(chosen.epochMilliseconds, [warning])
}

function toWire(epochMs: number, warnings: readonly string[]): Moment {
  const at = new Date(epochMs).toISOString()
  if (!at.startsWith('+')) return { at, warnings }
  return { at: LATEST, warnings: [...warnings, `${at} is too late for the feed: read as ${LATEST}.`] }
}
