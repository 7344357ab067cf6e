/** What REDIS_URL says of where Redis is, and how it is reached. */
export type RedisAddress =
  /** One server: as ioredis reads it. */
  | { readonly kind: 'one'; readonly url: string }
  /** Some nodes of a Redis Cluster: they tell of the others. */
  | { readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[]; readonly login: Login }
  /** Some of the sentinels that know which server is the primary now. */
  | {
      readonly kind: 'sentinel'
      readonly sentinels: readonly HostAndPort[]
      readonly name: string
      readonly login: Login
    }

export interface HostAndPort {
  readonly host: string
  readonly port: number
}

/** How a server that was found is greeted. */
export interface Login {
  readonly username?: string
  readonly password?: string
  readonly tls: boolean
}

const REDIS_PORT = 6_379
const SENTINEL_PORT = 26_379

/**
 * Reads one of
 * - `redis://[name:password@]host:port`, `rediss://...` or the path of a unix socket: one server;
 * - the same with several hosts, separated by commas (each may have its `redis://` again): a Redis Cluster. Name and
 *   password of the first are used for all;
 * - `redis-sentinel://[name:password@]host:port,host:port/primary-name`, or `rediss-sentinel://`: sentinels; name,
 *   password and TLS are those of the servers that they watch.
 *
 * Undefined when it is none of these. A comma in a password is written %2C.
 */
export function readRedisAddress(url: string): RedisAddress | undefined {
  if (url.startsWith('/')) return { kind: 'one', url }
  const [, scheme, tls, watched, rest] = /^(redis(s?)(-sentinel)?):\/\/(.+)$/.exec(url) ?? []
  if (scheme === undefined || rest === undefined) return undefined
  if (watched === undefined && !url.includes(',')) return { kind: 'one', url }

  const [hosts = '', path = '', ...more] = withoutLogin(rest, scheme).split('/')
  const login = readLogin(rest, tls === 's')
  const found = hosts.split(',').map(text => readHost(text, watched === undefined ? REDIS_PORT : SENTINEL_PORT))
  const nodes = found.filter(host => host !== undefined)
  if (login === undefined || nodes.length < found.length || more.length > 0) return undefined
  if (watched !== undefined) return path === '' ? undefined : { kind: 'sentinel', sentinels: nodes, name: path, login }
  // A cluster has one database, of the number 0.
  return path === '' || path === '0' ? { kind: 'cluster', nodes, login } : undefined
}

/** The hosts, and the path behind them. */
function withoutLogin(rest: string, scheme: string): string {
  const parts = rest.split(`,${scheme}://`)
  return parts.map(part => part.slice(part.lastIndexOf('@') + 1)).join(',')
}

function readLogin(rest: string, tls: boolean): Login | undefined {
  const first = rest.split(/,rediss?:\/\//)[0] ?? ''
  const [, username = '', password] = /^([^:]*)(?::(.*))?@/.exec(first) ?? []
  try {
    return {
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === undefined || password === '' ? {} : { password: decodeURIComponent(password) }),
      tls,
    }
  } catch {
    return undefined // a % that begins nothing
  }
}

function readHost(text: string, defaultPort: number): HostAndPort | undefined {
  const [, host, port] = /^(\[[\da-fA-F:.]+\]|[^\s:@[\]/]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined) return undefined
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) }
}
