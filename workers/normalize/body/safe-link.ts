/**
 * The address as a browser would follow it, or undefined: absolute http or https without credentials (they deceive
 * readers and would be shown to all), or mailto. `www.a.example` is https: it can be nothing else.
 */
export function safeLink(given: string): string | undefined {
  const before = known.get(given)
  if (before !== undefined) return before.link
  const link = readLink(given)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(given, { link })
  return link
}

/** Each address of a body is asked for several times on its way, and reading one takes long. */
const known = new Map<string, { readonly link: string | undefined }>()
const MAX_KNOWN = 50

function readLink(given: string): string | undefined {
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
