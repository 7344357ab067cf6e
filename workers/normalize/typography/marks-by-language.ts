/** How a language sets its marks. */
export interface Marks {
  /** Quotation marks (Unicode CLDR, "delimiters"), and those of a quotation inside of one. */
  readonly outer: readonly [opening: string, closing: string]
  readonly inner: readonly [opening: string, closing: string]
  /** Whether a pair of single marks that stands alone is a quotation too. */
  readonly singlesQuote: boolean
  /** What ` - ` and ` -- ` become, each between its spaces. */
  readonly dash: string
  readonly longDash: string
  /** What stands between words without spaces for `--`, where the language has that. */
  readonly tightDash?: string
  /** Whether 2024-2026 gets an en dash. Where text runs from right to left a hyphen keeps the numbers' order. */
  readonly ranges: boolean
}

const EN = {
  outer: ['“', '”'],
  inner: ['‘', '’'],
  singlesQuote: true,
  ...{ dash: '–', longDash: '—', tightDash: '—', ranges: true },
} as const
const DE = { outer: ['„', '“'], inner: ['‚', '‘'], singlesQuote: true, dash: '–', longDash: '–', ranges: true } as const
const GUILLEMETS = { outer: ['«', '»'], inner: ['“', '”'], singlesQuote: false } as const
const ROMANCE = { ...GUILLEMETS, dash: '–', longDash: '–', ranges: true } as const
const EAST_SLAVIC = {
  outer: ['«', '»'],
  inner: ['„', '“'],
  singlesQuote: false,
  dash: '—',
  longDash: '—',
  ranges: true,
} as const

const MARKS: Readonly<Record<string, Marks>> = {
  en: EN,
  de: DE,
  'de-ch': { ...DE, outer: ['«', '»'], inner: ['‹', '›'] },
  fr: ROMANCE,
  es: ROMANCE,
  it: ROMANCE,
  ru: EAST_SLAVIC,
  uk: EAST_SLAVIC,
  ar: { ...GUILLEMETS, dash: '–', longDash: '–', ranges: false },
  fa: { outer: ['«', '»'], inner: ['‹', '›'], singlesQuote: false, dash: '–', longDash: '–', ranges: false },
  he: { outer: ['”', '”'], inner: ['’', '’'], singlesQuote: false, dash: '–', longDash: '–', ranges: false },
}

/** The marks of a language (BCP 47), or undefined: then its text stays as it is. */
export function marksOf(language: string): Marks | undefined {
  const tag = language.toLowerCase()
  return MARKS[tag] ?? MARKS[tag.split('-', 1)[0] ?? '']
}
