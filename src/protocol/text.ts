import { z } from 'zod'

/** Well-formed Unicode without NUL: a lone surrogate would not survive JSON and UTF-8 unchanged. */
export const Text = (maxLength: number) =>
  z.string().max(maxLength).refine(isWellFormed, 'Must be well-formed Unicode without NUL.')

/** Text that says something: not only white space. */
export const Line = (maxLength: number) => Text(maxLength).refine(text => text.trim() !== '', 'Must not be empty.')

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/
function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text) && !text.includes('\u0000')
}

/** http or https, absolute, without credentials (they would be shown to every reader). */
export const WebUrl = Text(2_048).refine(isWebUrl, 'Must be an absolute http or https URL.')

function isWebUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && url.hostname !== ''
}

/** BCP 47 language tag that the platform knows how to read. */
export const LanguageTag = Text(35).refine(isLanguageTag, 'Must be a BCP 47 language tag, such as en or pt-BR.')

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** IANA time zone name. */
export const TimeZone = Text(64).refine(isTimeZone, 'Must be an IANA time zone, such as Europe/Moscow.')

/** Names known to be good, because asking Intl is slow. Bounded: upper and lower case give one zone many names. */
const knownZones = new Set<string>()
const MAX_KNOWN_ZONES = 1_000

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true
  if (/^[+-]/.test(name) || name === '') return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
  } catch {
    return false
  }
  if (knownZones.size < MAX_KNOWN_ZONES) knownZones.add(name)
  return true
}
