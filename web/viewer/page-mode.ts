/** What kind of page of an event this is. */
export type PageMode =
  | { readonly name: 'live' }
  /** A page of older updates, opened by its own address; with `at`, of a place in the past. */
  | { readonly name: 'older'; readonly at?: string }
  | { readonly name: 'past'; readonly place: PastPlace }
  /** What a replay sends into its rehearsal room. */
  | { readonly name: 'rehearsal' }

/** A place in an event's past. */
export interface PastPlace {
  /** RFC 3339. */
  readonly moment: string
  /** The last entry that had been committed by then. */
  readonly seq: number
  /** Where the feed ended when this was read. */
  readonly lastSeq: number
}

/** The page's address in the past, or of now. */
export function placeHref(eventId: string, at?: string | number): string {
  return at === undefined ? `/events/${eventId}` : `/events/${eventId}?at=${encodeURIComponent(at)}`
}
