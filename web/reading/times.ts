/** Formats are slow to make and there are few of them: each is made once. */
const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const made = formats.get(key) ?? new Intl.DateTimeFormat(language, options)
  formats.set(key, made)
  return made
}

/** `13:05`: the time of day of an instant (RFC 3339) in a zone. */
export function clockTime(instant: string, zone: string, language: string): string {
  return format(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
    new Date(instant),
  )
}

/** `13:05:07`. */
export function exactTime(instant: string, zone: string, language: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone } as const
  return format(language, options).format(new Date(instant))
}

/** `15 December 2023, 13:05`. */
export function fullTime(instant: string, zone: string, language: string): string {
  return format(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: zone }).format(
    new Date(instant),
  )
}

/** `13:05`, or with its day when that is not the day of `beside`, the moment that is told next to it. */
export function timeBeside(instant: string, beside: string, zone: string, language: string): string {
  return dayOf(instant, zone) === dayOf(beside, zone)
    ? clockTime(instant, zone, language)
    : fullTime(instant, zone, language)
}

/** `2023-12-15`: the day of an instant in a zone. */
export function dayOf(instant: string, zone: string): string {
  const parts = format('en', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).formatToParts(
    new Date(instant),
  )
  const part = (type: string) => parts.find(found => found.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

/** `Friday, 15 December 2023` for `2023-12-15`. */
export function dayHeading(day: string, language: string): string {
  return format(language, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))
}

/** Whether a time (RFC 3339) has an offset: without one it is a local time of some zone. */
export function isMoment(time: string): boolean {
  return /(?:Z|[+-]\d\d:\d\d)$/i.test(time)
}

/** `2023-12-15T13:05`, as a datetime-local field takes it. */
export function localInputTime(instant: string, zone: string): string {
  return `${dayOf(instant, zone)}T${clockTime(instant, zone, 'en')}`
}

/** `Moscow` for Europe/Moscow: the name by which readers know a zone. */
export function zoneName(zone: string): string {
  if (!zone.includes('/')) return zone
  if (zone.startsWith('Etc/'))
    return format('en', { timeZone: zone, timeZoneName: 'short' }).format(0).split(' ').at(-1) ?? zone
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

/** `GMT+3`, or `GMT`: what a zone's clocks are ahead of UTC at an instant. */
export function zoneOffset(instant: string, zone: string): string {
  const parts = format('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(new Date(instant))
  // One release of ICU writes GMT, another one GMT+0.
  return (parts.find(part => part.type === 'timeZoneName')?.value ?? '').replace(/^GMT\+0$/, 'GMT')
}

/** Whether clocks in both zones show the same at this instant. */
export function sameClock(instant: string, zone: string, other: string): boolean {
  return zoneOffset(instant, zone) === zoneOffset(instant, other)
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Beyond this the day is told, and "20 hours ago" says little. */
const RELATIVE_LIMIT_MS = 12 * HOUR_MS

/** `5 min. ago`, or undefined for what is long past or still to come (by more than clocks differ). */
export function relativeTime(instant: string, nowMs: number, language: string): string | undefined {
  const agoMs = nowMs - Date.parse(instant)
  if (agoMs < -2 * MINUTE_MS || agoMs >= RELATIVE_LIMIT_MS) return undefined
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  if (agoMs < MINUTE_MS) return relative.format(0, 'second')
  if (agoMs < HOUR_MS) return relative.format(-Math.floor(agoMs / MINUTE_MS), 'minute')
  return relative.format(-Math.floor(agoMs / HOUR_MS), 'hour')
}
