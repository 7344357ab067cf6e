import { type Clues, hasTime } from './date-clues.ts'
import { matchAt, type Part, type Reading } from './part.ts'
import { zoneOfAbbreviation, zoneOfCity, zoneOfName } from './time-zones.ts'

const OFFSET = /(?:(?:UTC|GMT) ?)?([+−-])(\d{1,2})(?::?(\d\d))?(?![\d:])/y
const IANA = /[A-Za-z_]{2,32}(?:\/[A-Za-z_+\d-]{1,32}){1,2}/y
const CITY_TIME = /(?:(?:heure de|hora de|ora di) )?(\p{L}{2,20}(?: \p{L}{2,20})?)(?: time)?(?!\p{L})/uy
const LOCAL_TIME = /local time\b|Ortszeit\b|heure locale\b|hora local\b|ora locale\b|(?:по )?местно(?:му|е) времени?/iy
const MOSCOW_TIME = /по (?:московскому времени|Москве|мск)/iy
const KYIV_TIME = /(?:по киевскому времени|по Киеву|за київським часом|за Києвом)/iy
const ABBREVIATION = /\p{L}{1,5}(?![\p{L}\d])/uy

/** The zone or offset that a time is told in: only after a time. */
export function readZone(text: string, start: number, clues: Clues, { timeZone }: Reading): Part | undefined {
  if (!hasTime(clues)) return undefined
  const zonePart = (zone: Clues['zone'], end: number): Part | undefined =>
    zone === undefined || clues.zone !== undefined ? undefined : { clues: { ...clues, zone }, end }

  const offset = matchAt(OFFSET, text, start)
  if (offset !== undefined) {
    const zone = readOffset(offset, clues)
    if (zone !== undefined) return zonePart({ timeZone: zone }, start + offset[0].length)
  }
  const fixed: readonly (readonly [RegExp, string])[] = [
    [LOCAL_TIME, timeZone],
    [MOSCOW_TIME, 'Europe/Moscow'],
    [KYIV_TIME, 'Europe/Kyiv'],
  ]
  for (const [expression, zone] of fixed) {
    const match = matchAt(expression, text, start)
    if (match !== undefined) return zonePart({ timeZone: zone }, start + match[0].length)
  }
  const named = matchAt(IANA, text, start)
  if (named !== undefined) return zonePart(zoneOfName(named[0]), start + named[0].length)
  const abbreviation = matchAt(ABBREVIATION, text, start)
  const zone = abbreviation === undefined ? undefined : zoneOfAbbreviation(abbreviation[0], timeZone)
  if (abbreviation !== undefined && zone !== undefined) {
    const end = start + abbreviation[0].length
    // "+0000 (UTC)": said twice, once for people.
    return clues.zone === undefined ? zonePart(zone, end) : { clues, end }
  }
  const city = matchAt(CITY_TIME, text, start)
  if (city === undefined || !/ time$|^h|^o/.test(city[0])) return undefined
  return zonePart(zoneOfCity((city[1] ?? '').replace(/ time$/, '')), start + city[0].length)
}

/** A bare sign may be a dash between two times: it is an offset after an ISO time, with four digits, or when it is a plus. */
function readOffset([all, sign = '', hours = '', minutes]: RegExpExecArray, clues: Clues): string | undefined {
  const isNamed = /^[UG]/.test(all)
  const isSure = isNamed || clues.isIso === true || (sign === '+' && hours.length === 2) || /^.\d{4}$/.test(all)
  if (!isSure || Number(hours) > 14 || Number(minutes ?? 0) > 59) return undefined
  return `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes ?? '00'}`
}
