import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import proxyAddr from 'proxy-addr'

/** How many proxies stand in front, or which addresses and networks (also `loopback`, `uniquelocal` ...) are theirs. */
export type TrustProxy = number | readonly string[]

/** Whether X-Forwarded-For is believed behind an address, `hop` addresses away from here. As Express' `trust proxy`. */
export type Trust = (address: string, hop: number) => boolean

export function trustOf(proxies: TrustProxy): Trust {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxyAddr.compile([...proxies])
}

export function areNetworks(texts: readonly string[]): boolean {
  try {
    proxyAddr.compile([...texts])
    return true
  } catch {
    return false
  }
}

/** Who counts as one client: the first address that no trusted proxy vouches for; of IPv6 the network of 64 bits. */
export function clientOf(trust: Trust): (req: IncomingMessage) => string {
  return req => networkOf(proxyAddr(req, trust))
}

/** Whoever has one address of IPv6 mostly has 2^64 of them. What is no address (a unix socket has none) stays as it is. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address) // ::ffff:192.0.2.1 is 192.0.2.1
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return new ipaddr.IPv6([...parsed.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString()
}
