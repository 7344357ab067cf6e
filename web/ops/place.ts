/** What the console shows: everything as it is now, all dead letters, the trail of ops, or one event. */
export type Place =
  | { readonly view: 'now' }
  | { readonly view: 'dead-letters' }
  | { readonly view: 'trail' }
  | { readonly view: 'event'; readonly eventId: string }

/** What the address bar may carry after the #. */
export interface OpsHash {
  readonly token?: string
  readonly place: Place
}

/** Pure: reads a hash; what it does not know is the first view. */
export function readHash(hash: string): OpsHash {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const token = values.get('token')
  return { ...(token === null ? {} : { token }), place: placeOf(values.get('view'), values.get('event')) }
}

function placeOf(view: string | null, eventId: string | null): Place {
  if (eventId !== null && eventId !== '') return { view: 'event', eventId }
  return view === 'dead-letters' || view === 'trail' ? { view } : { view: 'now' }
}

/** The hash that stays in the address bar: never with a token. */
export function placeHref(place: Place): string {
  if (place.view === 'event') return `#event=${encodeURIComponent(place.eventId)}`
  return `#view=${place.view}`
}
