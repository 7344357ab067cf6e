import { isNamed, placesIn } from '../consistency/places.ts'
import type { Ledger } from './ledger.ts'
import type { PageLine } from './page-line.ts'

/** Warns of places that the caption is in, at or near, and that stand nowhere in the text: is it another day's picture? */
export function warnAboutPlaces(ledger: Ledger, caption: string, text: readonly PageLine[], inLanguage: string): void {
  const all = text.map(line => line.text).join('\n')
  const missing = placesIn(caption, inLanguage).filter(place => !isNamed(place, all))
  if (missing.length === 0) return
  const other = placesIn(all, inLanguage).find(place => !isNamed(place, caption))
  const what = other === undefined ? 'the text does not' : `the text says ${other}`
  const about = ledger.lines.filter(line => line.text.startsWith(caption))
  const against = text.filter(line => other !== undefined && isNamed(other, line.text)).slice(0, 1)
  ledger.warn('place', `The caption says ${missing.join(', ')}, ${what}.`, [...about, ...against])
}
