/** Languages whose names of months and days are known besides the event's own, which come first. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'ru', 'uk', 'pl', 'tr', 'ar', 'fa', 'he']

export interface CalendarNames {
  /** 1 to 12 by the month's name, as calendarKey writes it. */
  readonly months: ReadonlyMap<string, number>
  /** 1 (Monday) to 7 (Sunday), as ISO 8601 counts. */
  readonly weekdays: ReadonlyMap<string, number>
}

const known = new Map<string, CalendarNames>()

/** The names as Unicode's CLDR has them, long and short, as they stand alone and within a date. */
export function calendarNames(inLanguage: string): CalendarNames {
  const found = known.get(inLanguage)
  if (found !== undefined) return found
  const names = gatherNames(inLanguage)
  known.set(inLanguage, names)
  return names
}

/** How a name is looked up: letters only, in lower case. */
export function calendarKey(name: string): string {
  const lower = name.toLowerCase()
  if (/^[a-z]*$/.test(lower)) return lower
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '')
}

function gatherNames(inLanguage: string): CalendarNames {
  const own = [inLanguage, 'en']
  const months = new Map<string, number>([['sept', 9]])
  const weekdays = new Map<string, number>()
  const add = (names: Map<string, number>, name: string, value: number) => {
    const key = calendarKey(name)
    if (key !== '' && !names.has(key)) names.set(key, value)
  }
  for (const language of [...own, ...LANGUAGES]) {
    for (const [name, month] of monthNamesOnce(language)) add(months, name, month)
    // Short names of days are short words in other languages (so, do, mar, sam): only the event's own are days.
    const styles = own.includes(language) ? STYLES : (['long'] as const)
    for (const [name, day] of weekdayNames(language, styles)) add(weekdays, name, day)
  }
  return { months, weekdays }
}

type Named = [name: string, number: number]

const STYLES = ['long', 'short'] as const
const WITH: readonly Intl.DateTimeFormatOptions[] = [{}, { day: 'numeric' }, { day: 'numeric', year: 'numeric' }]

/** Making a format takes long, and most languages are asked for again. */
const monthsKnown = new Map<string, readonly Named[]>()

function monthNamesOnce(language: string): readonly Named[] {
  const found = monthsKnown.get(language) ?? monthNames(language)
  monthsKnown.set(language, found)
  return found
}

function monthNames(language: string): Named[] {
  const formats = STYLES.flatMap(style => WITH.map(rest => formatOf(language, { ...rest, month: style })))
  return formats.flatMap(format =>
    Array.from({ length: 12 }, (_, month): Named => {
      const parts = format.formatToParts(Date.UTC(2023, month, 15))
      return [parts.find(part => part.type === 'month')?.value ?? '', month + 1]
    }),
  )
}

/** 2 January 2023 was a Monday. Some languages say "day fifth": the last word is the name. */
function weekdayNames(language: string, styles: readonly ('long' | 'short')[]): Named[] {
  return styles.flatMap(style => {
    const format = formatOf(language, { weekday: style })
    return Array.from({ length: 7 }, (_, day): Named => {
      const name = format.format(Date.UTC(2023, 0, 2 + day))
      return [name.split(' ').at(-1) ?? name, day + 1]
    })
  })
}

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = `${language.split('-u-', 1)[0]}-u-ca-gregory-nu-latn`
  return new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
}
