import { Refusal } from '../errors.ts'

/** Longest that a request may be kept waiting, in seconds. */
export const MAX_WAIT_SECONDS = 25

/** Seconds of the preference `wait` (RFC 7240), at most MAX_WAIT_SECONDS; 0 without it. */
export function preferredWait(header: string | undefined): number {
  const match = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(header ?? '')
  return match === null ? 0 : Math.min(Number(match[1]), MAX_WAIT_SECONDS)
}

/** A whole number from a query string, or the refusal that says which one it must be. */
export function queryNumber(
  value: unknown,
  name: string,
  range: { min: number; max: number; default: number },
): number {
  if (value === undefined) return range.default
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (number >= range.min && number <= range.max) return number
  const detail = `Must be a whole number from ${range.min} to ${range.max}.`
  throw new Refusal('invalid-request', 'See errors.', { extra: { errors: [{ pointer: `#/${name}`, detail }] } })
}
