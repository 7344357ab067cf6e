/** An address that may stand in a link: http or https. Whatever else came, `javascript:` for one, is no link. */
export function safeHref(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  return /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

/** `www.nasa.gov` without `www.`: what tells a reader where a link goes. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : ''
}

/** Whether a page may fetch this picture by itself: it comes from one of the origins that the newsroom named. */
export function isOwnPicture(url: string, origins: readonly string[]): boolean {
  return URL.canParse(url) && origins.includes(new URL(url).origin)
}

/** The page that shows what a snapshot's `links.older` points to, or undefined when nothing is older. */
export function olderPageHref(eventId: string, older: string | undefined): string | undefined {
  if (older === undefined) return undefined
  const { searchParams } = new URL(older, 'http://localhost')
  const before = searchParams.get('before')
  if (before === null) return undefined
  const at = searchParams.get('at')
  const page = new URLSearchParams({ ...(at === null ? {} : { at }), before })
  return `/events/${eventId}?${page}`
}

/** A `links.older` of the past as of another entry: what is older is read as the rest of the page is. */
export function olderAsOf(older: string, seq: number): string {
  const { pathname, searchParams } = new URL(older, 'http://localhost')
  if (searchParams.has('at')) searchParams.set('at', String(seq))
  return `${pathname}?${searchParams}`
}

/** The fragment by which an update is linked. */
export function updateAnchor(updateId: string): string {
  return `update-${updateId}`
}
