/**
 * The address as a browser would follow it, or undefined: absolute http or https without credentials (they deceive
 * readers and would be shown to all), or mailto. `www.a.example` is https: it can be nothing else.
 */
export function safeLink(given: string): string | undefined {
  const address = WITHOUT_SCHEME.test(given) ? `https://${given}` : given
  if (!/^(?:https?:\/\/|mailto:)/i.test(address) || !URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return undefined
  return url.href
}

/** A host of three parts at least, as people write addresses by heart. */
const WITHOUT_SCHEME = /^www\.[\p{L}\p{N}-]+\.[\p{L}\p{N}]/iu

/** What a picture's link is called when nobody described it: its file's name, else its host. */
export function nameOfFile(address: string): string {
  const { pathname, hostname } = new URL(address)
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  return decoded(name) || hostname
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch (error) {
    if (error instanceof URIError) return name // a stray % is part of the name
    throw error
  }
}
