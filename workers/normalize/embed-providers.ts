import { type EmbedProvider, embedProviders } from './embed-provider-table.ts'
import { isHost } from './tracking.ts'

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
  return postOf(provider, new URL(address)) ?? ''
}

/** Whose post, film, map or chart stands at an address; undefined for everything else, such as a provider's front page. */
export function findPost(address: string): { provider: string; originalId: string } | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  for (const provider of embedProviders) {
    const originalId = postOf(provider, url)
    if (originalId !== undefined) return { provider: provider.names[0], originalId }
  }
  return undefined
}

/** The id of a post ('' where its address has none), or undefined when no post stands there. */
function postOf({ posts }: EmbedProvider, { hostname, pathname, searchParams }: URL): string | undefined {
  for (const { hosts, path, parameter } of posts) {
    const ownHost =
      hosts === undefined ||
      hosts.some(host => (typeof host === 'string' ? isHost(hostname, host) : host.test(hostname)))
    const found = ownHost ? path.exec(pathname) : null
    if (found === null) continue
    if (parameter === undefined) return found[1] ?? ''
    const named = searchParams.get(parameter)
    if (named !== null && /^[\w-]+$/.test(named)) return named
  }
  return undefined
}
