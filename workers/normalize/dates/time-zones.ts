/** One meaning of an abbreviation: an IANA zone, or a fixed offset with the zone whose clocks use it for a part of the year. */
interface Meaning {
  readonly zone: string
  readonly usedIn?: string
  readonly words: string
}

export interface WrittenZone {
  /** As Temporal takes it: an IANA name, or an offset such as +03:00. */
  readonly timeZone: string
  readonly abbreviation?: string
  /** The zone in which this offset is used in a part of the year only. */
  readonly usedIn?: string
  /** What else it could have meant, in a sentence. */
  readonly doubt?: string
}

const at = (zone: string, words: string, usedIn?: string): Meaning => ({
  zone,
  words,
  ...(usedIn === undefined ? {} : { usedIn }),
})
const newYork = 'America/New_York'
const chicago = 'America/Chicago'
const denver = 'America/Denver'
const losAngeles = 'America/Los_Angeles'

/** The first meaning is taken, unless another one is that of the event's own zone. */
const ABBREVIATIONS: Readonly<Record<string, readonly Meaning[]>> = {
  GMT: [at('UTC', 'UTC')],
  UTC: [at('UTC', 'UTC')],
  Z: [at('UTC', 'UTC')],
  WET: [at('+00:00', 'Western European', 'Europe/Lisbon')],
  WEST: [at('+01:00', 'Western European summer', 'Europe/Lisbon')],
  BST: [at('+01:00', 'British summer', 'Europe/London'), at('Asia/Dhaka', 'Bangladesh')],
  CET: [at('+01:00', 'Central European', 'Europe/Paris')],
  CEST: [at('+02:00', 'Central European summer', 'Europe/Paris')],
  MEZ: [at('+01:00', 'Central European', 'Europe/Berlin')],
  MESZ: [at('+02:00', 'Central European summer', 'Europe/Berlin')],
  EET: [at('+02:00', 'Eastern European', 'Europe/Athens')],
  EEST: [at('+03:00', 'Eastern European summer', 'Europe/Athens')],
  MSK: [at('Europe/Moscow', 'Moscow')],
  МСК: [at('Europe/Moscow', 'Moscow')],
  TRT: [at('Europe/Istanbul', 'Turkey')],
  SAST: [at('Africa/Johannesburg', 'South Africa')],
  EAT: [at('Africa/Nairobi', 'East Africa')],
  CAT: [at('Africa/Maputo', 'Central Africa')],
  WAT: [at('Africa/Lagos', 'West Africa')],
  IST: [at('Asia/Kolkata', 'India'), at('Europe/Dublin', 'Ireland'), at('Asia/Jerusalem', 'Israel')],
  IDT: [at('+03:00', 'Israel summer', 'Asia/Jerusalem')],
  GST: [at('Asia/Dubai', 'Gulf')],
  PKT: [at('Asia/Karachi', 'Pakistan')],
  JST: [at('Asia/Tokyo', 'Japan')],
  KST: [at('Asia/Seoul', 'Korea')],
  HKT: [at('Asia/Hong_Kong', 'Hong Kong')],
  SGT: [at('Asia/Singapore', 'Singapore')],
  WIB: [at('Asia/Jakarta', 'Western Indonesia')],
  AWST: [at('Australia/Perth', 'Western Australia')],
  ACST: [at('+09:30', 'Central Australia', 'Australia/Adelaide')],
  ACDT: [at('+10:30', 'Central Australia summer', 'Australia/Adelaide')],
  AEST: [at('+10:00', 'Eastern Australia', 'Australia/Sydney')],
  AEDT: [at('+11:00', 'Eastern Australia summer', 'Australia/Sydney')],
  NZST: [at('+12:00', 'New Zealand', 'Pacific/Auckland')],
  NZDT: [at('+13:00', 'New Zealand summer', 'Pacific/Auckland')],
  ET: [at(newYork, 'New York')],
  EST: [at('-05:00', 'New York', newYork)],
  EDT: [at('-04:00', 'New York summer', newYork)],
  CT: [at(chicago, 'Chicago')],
  CST: [at('-06:00', 'Chicago', chicago), at('Asia/Shanghai', 'China'), at('America/Havana', 'Cuba')],
  CDT: [at('-05:00', 'Chicago summer', chicago)],
  MT: [at(denver, 'Denver')],
  MST: [at('-07:00', 'Denver', denver)],
  MDT: [at('-06:00', 'Denver summer', denver)],
  PT: [at(losAngeles, 'Los Angeles')],
  PST: [at('-08:00', 'Los Angeles', losAngeles), at('Asia/Manila', 'Philippines')],
  PDT: [at('-07:00', 'Los Angeles summer', losAngeles)],
  AKST: [at('-09:00', 'Alaska', 'America/Anchorage')],
  AKDT: [at('-08:00', 'Alaska summer', 'America/Anchorage')],
  HST: [at('Pacific/Honolulu', 'Hawaii')],
  AST: [at('-04:00', 'Halifax', 'America/Halifax'), at('Asia/Riyadh', 'Arabia')],
  ADT: [at('-03:00', 'Halifax summer', 'America/Halifax')],
  BRT: [at('America/Sao_Paulo', 'Brasilia')],
  ART: [at('America/Argentina/Buenos_Aires', 'Argentina')],
}

/** Written small, the others are words: "et", "est", "ist", "cat". */
const ALSO_SMALL = new Set(['gmt', 'utc', 'msk', 'мск', 'cet', 'cest', 'eet', 'eest', 'edt', 'mez', 'mesz'])

/** What an abbreviation stands for in an event of that zone, or undefined. */
export function zoneOfAbbreviation(abbreviation: string, eventZone: string): WrittenZone | undefined {
  const upper = abbreviation.toUpperCase()
  if (abbreviation !== upper && !ALSO_SMALL.has(abbreviation.toLowerCase())) return undefined
  const meanings = Object.hasOwn(ABBREVIATIONS, upper) ? (ABBREVIATIONS[upper] ?? []) : []
  const first = meanings[0]
  if (first === undefined) return undefined
  const local = meanings.find(({ zone, usedIn }) => zone === eventZone || usedIn === eventZone)
  const chosen = local ?? first
  return {
    timeZone: chosen.zone,
    abbreviation: upper,
    ...(chosen.usedIn === undefined ? {} : { usedIn: chosen.usedIn }),
    ...(meanings.length === 1 || local !== undefined ? {} : { doubt: doubtOf(upper, meanings) }),
  }
}

function doubtOf(abbreviation: string, [first, ...others]: readonly Meaning[]): string {
  const rest = others.map(({ words }) => words).join(' or ')
  return `${abbreviation} was read as ${first?.words} time, but it is also that of ${rest}.`
}

/** An IANA name as it is written out, in any case; undefined when there is no such zone. */
export function zoneOfName(name: string): WrittenZone | undefined {
  try {
    return { timeZone: new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone }
  } catch {
    return undefined // the platform has no other way to ask
  }
}

let zonesByCity: ReadonlyMap<string, string> | undefined

/** The zone that is named after a city: `Moscow`, `New York`, `Kyiv`. */
export function zoneOfCity(city: string): WrittenZone | undefined {
  zonesByCity ??= new Map([
    ...Intl.supportedValuesOf('timeZone').map(zone => [cityKey(zone.split('/').at(-1) ?? ''), zone] as const),
    ...OTHER_CITIES,
  ])
  const timeZone = zonesByCity.get(cityKey(city))
  return timeZone === undefined ? undefined : { timeZone }
}

function cityKey(city: string): string {
  return city.replaceAll('_', ' ').toLowerCase()
}

/** Capitals whose zone is named after another city, and names that differ between versions of the database. */
const OTHER_CITIES: readonly (readonly [string, string])[] = [
  ['kyiv', 'Europe/Kyiv'],
  ['kiev', 'Europe/Kyiv'],
  ['washington', newYork],
  ['beijing', 'Asia/Shanghai'],
  ['delhi', 'Asia/Kolkata'],
  ['new delhi', 'Asia/Kolkata'],
  ['canberra', 'Australia/Sydney'],
  ['eastern', newYork],
  ['central', chicago],
  ['mountain', denver],
  ['pacific', losAngeles],
]
