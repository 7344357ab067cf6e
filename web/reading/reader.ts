import type { Direction } from './direction.ts'

/** For whom, where and when something is shown. */
export interface Reader {
  /** The event's time zone (IANA). */
  readonly zone: string
  /** The reader's own zone; the server does not know it. */
  readonly ownZone: string | undefined
  /** The page's language: dates are written in it. */
  readonly language: string
  /** Now, in ms since 1970: "5 minutes ago" is told from it. */
  readonly nowMs: number
  /** Origins whose pictures the page fetches by itself. */
  readonly pictureOrigins: readonly string[]
}

interface OwnWords {
  readonly lang?: string
  readonly dir?: Direction
  /** For styles: it stands at the side where the page's other texts stand. */
  readonly 'data-own'?: ''
}

/** Attributes of an element whose words are the page's own, where the page's language is another one. */
export function ownWords(reader: Pick<Reader, 'language'>): OwnWords {
  return /^en\b/i.test(reader.language) ? {} : { lang: 'en', dir: 'ltr', 'data-own': '' }
}
