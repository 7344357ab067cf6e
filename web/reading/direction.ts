export type Direction = 'ltr' | 'rtl'

const RTL_SCRIPTS = new Set(['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'])

/** Which way a language is written, by its script (BCP 47 tag; unknown tags count as left to right). */
export function languageDirection(tag: string): Direction {
  try {
    return RTL_SCRIPTS.has(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}

const RTL_LETTERS =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/gu
const LETTERS = /\p{L}/gu

/** Only so many characters are looked at. */
const SAMPLE_CHARS = 600

/**
 * Which way a text is written: as most of its letters are, whatever it starts with, so that an Arabic sentence that
 * begins with "NATO" stays right to left. A text without letters goes as its language does.
 */
export function textDirection(text: string, language: string): Direction {
  const sample = text.slice(0, SAMPLE_CHARS)
  const letters = sample.match(LETTERS)?.length ?? 0
  if (letters === 0) return languageDirection(language)
  const rtl = sample.match(RTL_LETTERS)?.length ?? 0
  if (rtl * 2 === letters) return languageDirection(language)
  return rtl * 2 > letters ? 'rtl' : 'ltr'
}
