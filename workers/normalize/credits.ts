import { isPerson, isWireAgency, kindOfName } from './credit-names.ts'

/** Who is named in a credit. `creditText` is the credit as it was typed. */
export interface Credit {
  readonly creditText: string
  readonly copyrightHolder?: string
  readonly creator?: string
}

/** What picture desks write behind a caption: where it came from, its width in pixels, and its day (ISO 8601). */
export interface SourceTail {
  readonly caption: string
  readonly sourceOrganization: string
  readonly width: number
  readonly height?: number
  readonly datePublished: string
}

const MAX_CREDIT_CHARS = 200
const MAX_PART_CHARS = 60
const MAX_PARTS = 5
/** A credit is looked for in this much of a caption's end. */
const CAPTION_END_CHARS = 300
const TAIL_CHARS = 60

/**
 * Pure: a line that is nothing but a credit, or undefined.
 *
 *     © Sputnik / Viktor Tolochko          ->  holder Sputnik, creator Viktor Tolochko
 *     Photo: Reuters/Jane Doe              ->  holder Reuters, creator Jane Doe
 *     AP Photo/John Smith                  ->  holder AP, creator John Smith
 *     Photograph: NASA/AFP/Getty Images    ->  holder and creator NASA, which the agencies pass on
 */
export function parseCredit(line: string): Credit | undefined {
  const creditText = line.trim()
  if (creditText.length > MAX_CREDIT_CHARS) return undefined
  const sign = COPYRIGHT.exec(creditText)
  if (sign !== null) {
    const named = creditText.slice(sign[0].length).replace(LABEL, '')
    return creditOf(creditText, partsOf(named), 'copyright')
  }
  const label = LABEL.exec(creditText) ?? LABEL_BY.exec(creditText)
  if (label !== null) return creditOf(creditText, partsOf(creditText.slice(label[0].length)), 'label')
  const parts = partsOf(creditText)
  return parts.length > 1 && parts.some(isWireAgency) ? creditOf(creditText, parts, 'names') : undefined
}

/** The same for a field that holds a credit and nothing else: there, the bare name of an agency is one. */
export function parseCreditField(text: string): Credit | undefined {
  const creditText = text.trim()
  return parseCredit(text) ?? (isWireAgency(creditText) ? { creditText, copyrightHolder: creditText } : undefined)
}

/**
 * Pure: a caption and the credit at its end, or undefined.
 *
 *     'Ministers in Minsk. Photo: Reuters/Jane Doe'  ->  'Ministers in Minsk.' and the credit
 *     'Ministers in Minsk (AP Photo/John Smith)'     ->  'Ministers in Minsk' and the credit
 */
export function takeCredit(caption: string): { caption: string; credit: Credit } | undefined {
  const from = Math.max(0, caption.length - CAPTION_END_CHARS)
  for (const { index } of caption.slice(from).matchAll(CREDIT_START)) {
    const before = caption.slice(0, from + index).trimEnd()
    const found = parseCredit(withoutFrame(caption.slice(from + index)))
    if (found === undefined || !mayFollow(before, found)) continue
    return { caption: withoutSeparator(before), credit: found }
  }
  return undefined
}

/**
 * Pure: `CAPTION - SOURCE, N, DATE` or undefined. N is a width only because a full date stands behind it.
 *
 *     'Lavrov in Minsk - Sputnik International, 1920, 15.12.2023'  ->  source, width 1920, 2023-12-15
 */
export function parseSourceTail(line: string): SourceTail | undefined {
  const text = line.trim()
  const from = Math.max(0, text.length - TAIL_CHARS)
  const tail = SIZE_AND_DATE.exec(text.slice(from))
  if (tail === null) return undefined
  const [, width = '', height, day = ''] = tail
  const datePublished = isoDay(day)
  const head = text.slice(0, from + tail.index)
  const dash = Math.max(...[' - ', ' – ', ' — '].map(separator => head.lastIndexOf(separator)))
  const sourceOrganization = head.slice(dash + 3).trim()
  if (datePublished === undefined || dash <= 0 || !isSource(sourceOrganization)) return undefined
  return {
    caption: head.slice(0, dash).trimEnd(),
    sourceOrganization,
    width: Number(width),
    ...(height === undefined ? {} : { height: Number(height) }),
    datePublished,
  }
}

const COPYRIGHT = /^(?:copyright(?: ?©| ?\(c\))?|©|\(c\)) ?(?:\d{4}(?:[-–]\d{4})? )?/i
const LABELS =
  'photo credit|photos?|photograph|photography|picture credit|picture|image credit|image|credit|fotos?|bild|fotografia|' +
  'crédits? photo|crédits?|imagen|imagem|immagine|crédito|credito|fotoğraf|zdjęcie|фото|фотография|снимок|світлина|' +
  'صورة|الصورة|تصوير|عکس|צילום|תמונה|קרדיט|图片来源|摄影|写真'
const LABEL = new RegExp(`^(?:${LABELS}) ?[:：] ?`, 'iu')
const LABEL_BY = /^(?:photos?|photograph|picture|image) (?:by|courtesy of) /i

/** Where a credit may begin: at the start, behind a sentence or a dash, in brackets, and at a sure sign of one. */
const CREDIT_START =
  /(?<=^|[.!?…|)\]"”»] ?|[([] ?| [-–—] )(?=[^\s([\-–—|])|©|(?<= )(?:AP Photo|AFP PHOTO|REUTERS) ?\//gu
const SIZE_AND_DATE = /, ?(\d{2,5})(?: ?[x×] ?(\d{2,5}))?, ?(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\.?$/u

/** Only the end of a sentence sets a credit apart; two names behind © , or an agency's own form, do so anywhere. */
function mayFollow(before: string, { creditText, copyrightHolder, creator }: Credit): boolean {
  if (before === '' || /[.!?…|)\]"”»([\-–—]$/u.test(before)) return true
  return copyrightHolder !== undefined && creator !== undefined && /^(?:©|AP Photo|AFP PHOTO|REUTERS)/.test(creditText)
}

/** Without the bracket or full stop that ends it. */
function withoutFrame(credit: string): string {
  const text = credit.trim()
  return /[)\]]\.?$/.test(text) && !/[([]/.test(text) ? text.replace(/[)\]]\.?$/, '') : text.replace(/\.$/, '')
}

function withoutSeparator(caption: string): string {
  return caption.replace(/ ?[-–—|([]$/u, '').trimEnd()
}

function partsOf(text: string): string[] {
  const parts = text.split(/[/|]| via /).map(part => part.trim())
  const [only = '', ...others] = parts
  if (others.length > 0 || !only.includes(', ')) return parts
  const named = only.split(', ')
  return named.length === 2 && named.some(isWireAgency) && named.some(isPerson) ? named : parts
}

/** Who is who among the names. Undefined when they are no names at all. */
function creditOf(creditText: string, parts: readonly string[], form: 'copyright' | 'label' | 'names') {
  if (parts.length > MAX_PARTS || !parts.every(isName)) return undefined
  const kinds = parts.map(kindOfName)
  if (form === 'names' && kinds.includes('unknown')) return undefined
  const people = parts.filter((_, i) => kinds[i] === 'person')
  const bodies = parts.filter((_, i) => kinds[i] === 'agency' || kinds[i] === 'organization')
  const [first = '', second] = parts
  const credit = (copyrightHolder?: string, creator?: string): Credit => ({
    creditText,
    ...(copyrightHolder === undefined ? {} : { copyrightHolder: withoutPhoto(copyrightHolder) }),
    ...(creator === undefined ? {} : { creator }),
  })
  if (people.length === 1 && bodies.length > 0) return credit(bodies[0], people[0])
  // A newspaper or an agency that is not known here, beside a name that is clearly a person's.
  if (people.length === 1 && parts.length === 2 && kinds.includes('unknown')) {
    return credit(parts[kinds.indexOf('unknown')], people[0])
  }
  if (people.length === 1 && kinds.includes('nobody')) return credit(undefined, people[0])
  if (people.length === 0 && bodies.length > 0) {
    const maker = form === 'label' && parts.length > 1 && kinds[0] === 'organization' ? first : undefined
    return credit(bodies[0], kinds[1] === 'letters' && parts.length === 2 ? second : maker)
  }
  // The sign itself says that the first one holds the rights.
  if (form === 'copyright') return credit(first, kinds.length > 1 ? people.at(1) : people[0])
  if (kinds.every(kind => kind === 'letters') && parts.length === 2) return credit(first, second)
  return people.length === 1 && parts.length === 1 ? credit(undefined, first) : undefined
}

/** `AP Photo` is how AP signs, and `AFP 2023` how AFP does. */
function withoutPhoto(name: string): string {
  return name.replace(/ photos?$/i, '').replace(/ \d{4}$/, '')
}

function isName(part: string): boolean {
  if (isWireAgency(part)) return true
  return part.length <= MAX_PART_CHARS && /^[\p{Lu}\p{Lo}\p{N}]/u.test(part) && !/[!?;:"“”«»@]|\p{L}{2}\. /u.test(part)
}

function isSource(text: string): boolean {
  return isName(text) && /\p{L}/u.test(text)
}

/** Dotted dates are day.month.year. */
function isoDay(text: string): string | undefined {
  const [first = '', month = '', last = ''] = text.split(/[.-]/)
  const [year, day] = first.length === 4 ? [first, last] : [last, first]
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const iso = date.toISOString().slice(0, 10)
  return iso === `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` ? iso : undefined
}
