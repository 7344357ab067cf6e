/** What is known about one provider: how an id becomes a public address, and which address holds which id. */
export interface EmbedProvider {
  /** As editors and other systems call it, in lower case. */
  readonly names: readonly string[]
  readonly hosts: readonly string[]
  /** Of a public address: the id is group 1 of the path, or the value of `idParameter`. */
  readonly idInPath: RegExp
  readonly idParameter?: string
  /** What stands before the id in an address made from it. Without one, an id alone makes no address. */
  readonly addressBeforeId?: string
}

const embedProviders: readonly EmbedProvider[] = [
  {
    names: ['youtube'],
    hosts: ['youtube.com', 'youtu.be', 'youtube-nocookie.com'],
    idInPath: /^\/(?:(?:embed|shorts|live|v)\/)?([\w-]{11})(?:\/|$)/,
    idParameter: 'v',
    addressBeforeId: 'https://www.youtube.com/watch?v=',
  },
  {
    names: ['twitter', 'x'],
    hosts: ['twitter.com', 'x.com'],
    idInPath: /\/status(?:es)?\/(\d+)(?:\/|$)/,
    addressBeforeId: 'https://x.com/i/status/',
  },
  {
    names: ['vimeo'],
    hosts: ['vimeo.com'],
    idInPath: /^\/(?:video\/)?(\d+)(?:\/|$)/,
    addressBeforeId: 'https://vimeo.com/',
  },
  {
    names: ['instagram'],
    hosts: ['instagram.com'],
    idInPath: /\/(?:p|reel|tv)\/([\w-]+)(?:\/|$)/,
    addressBeforeId: 'https://www.instagram.com/p/',
  },
  { names: ['tiktok'], hosts: ['tiktok.com'], idInPath: /\/video\/(\d+)(?:\/|$)/ },
]

/** The provider that is called so, in any case of letters; undefined when it is not in the table. */
export function findProvider(name: string): EmbedProvider | undefined {
  const wanted = name.toLowerCase()
  return embedProviders.find(provider => provider.names.includes(wanted))
}

/** The public address of an id, or '' when none can be made. */
export function addressOf(provider: EmbedProvider, originalId: string): string {
  if (provider.addressBeforeId === undefined) return ''
  return `${provider.addressBeforeId}${encodeURIComponent(originalId)}`
}

/** The id in a provider's own address, or '' when there is none or the address is somebody else's. */
export function idIn(provider: EmbedProvider, address: string): string {
  const url = new URL(address)
  const ownHost = provider.hosts.some(host => url.hostname === host || url.hostname.endsWith(`.${host}`))
  if (!ownHost) return ''
  const named = provider.idParameter === undefined ? null : url.searchParams.get(provider.idParameter)
  if (named !== null && /^[\w-]+$/.test(named)) return named
  return provider.idInPath.exec(url.pathname)?.[1] ?? ''
}
