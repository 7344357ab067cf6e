import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Reader } from '../reading/reader.ts'

/** After hydration, the reader's own zone and the page's own origin are known. */
export function useReader(
  mediaOrigins: readonly string[],
  event: { timeZone: string; inLanguage: string },
  nowMs: number,
): Reader {
  const [own, setOwn] = useState<{ zone: string; origin: string }>()
  useEffect(() => setOwn({ zone: new Intl.DateTimeFormat().resolvedOptions().timeZone, origin: location.origin }), [])
  const pictureOrigins = useMemo(() => (own === undefined ? mediaOrigins : [...mediaOrigins, own.origin]), [own])
  return { zone: event.timeZone, language: event.inLanguage, ownZone: own?.zone, nowMs, pictureOrigins }
}
