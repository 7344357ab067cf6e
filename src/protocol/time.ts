import { z } from 'zod'

/** A moment on the wire: UTC, RFC 3339 with milliseconds, e.g. `2023-12-15T10:00:00.000Z`. */
export const Instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'Must be UTC, RFC 3339 with ms.')

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i

const DAY = /^\d{4}-\d\d-\d\d$/
const OFFSET_NEEDED = 'Needs an offset, such as Z or +03:00.'

/** A time as people send it: RFC 3339 with an offset, or a local time (`2023-12-15T13:05`) read in the event's zone. */
export const TimeInput = z
  .string()
  .max(40)
  .superRefine((text, context) => {
    const fault = timeFault(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })

/** A moment as people send it: RFC 3339, the offset is needed. */
export const InstantInput = TimeInput.refine(hasOffset, OFFSET_NEEDED)
  .transform(text => new Date(text).toISOString())
  .pipe(Instant)

/** A moment, or a whole day such as `2023-12-15`: a picture's credit often tells no more. */
export const MomentOrDay = z.union([Instant, z.iso.date()])
export const MomentOrDayInput = z
  .string()
  .max(40)
  .superRefine((text, context) => {
    const fault = timeFault(DAY.test(text) ? `${text}T00:00Z` : text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })
  .refine(text => DAY.test(text) || hasOffset(text), OFFSET_NEEDED)
  .transform(text => (DAY.test(text) ? text : new Date(text).toISOString()))
  .pipe(MomentOrDay)

export function hasOffset(text: string): boolean {
  return /(Z|[+-]\d\d:\d\d)$/i.test(text)
}

/** Pure: what is wrong with a time, in a sentence, or undefined. */
function timeFault(text: string): string | undefined {
  const match = TIME.exec(text)
  if (match === null)
    return 'Must be RFC 3339, such as 2023-12-15T10:00:00Z, or a local time, such as 2023-12-15T13:05.'
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12) return `Month ${month} does not exist.`
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (day < 1 || day > lastDay) return `${day} ${MONTHS[month - 1]} does not exist.`
  if (hour > 23 || minute > 59 || second > 59) return `${text.slice(11)} is no time of day.`
  const offset = match[7]
  if (offset !== undefined && offset.length > 1 && (Number(offset.slice(1, 3)) > 23 || Number(offset.slice(4)) > 59)) {
    return `${offset} is no offset.`
  }
  if (year < 1) return 'The year must be 1 or later.'
  return offset !== undefined && !fitsWire(new Date(text))
    ? 'In UTC that is outside of the years 1 to 9999.'
    : undefined
}

/** The wire has four digits for a year. */
function fitsWire(moment: Date): boolean {
  return moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9_999
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
