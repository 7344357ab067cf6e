import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { clientOf, networkOf, type TrustProxy, trustOf } from '../../src/foundation/http/client-address.ts'

function seen(proxies: TrustProxy, forwarded?: string, from = '10.0.0.9'): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return clientOf(trustOf(proxies))({ headers, socket: { remoteAddress: from } } as unknown as IncomingMessage)
}

describe('who counts as one client', () => {
  it.each<[what: string, proxies: TrustProxy, forwarded: string | undefined, expected: string]>([
    ['the address itself, whatever is claimed', 0, '192.0.2.1', '10.0.0.9'],
    ['the one behind one proxy', 1, '192.0.2.1', '192.0.2.1'],
    ['not what the client claimed before the proxy', 1, '198.51.100.7, 192.0.2.1', '192.0.2.1'],
    ['the one behind two proxies', 2, '192.0.2.1, 10.0.0.8', '192.0.2.1'],
    ['the one behind all of a network', ['10.0.0.0/8'], '198.51.100.7, 192.0.2.1, 10.0.0.8', '192.0.2.1'],
    ['the proxy, where it says nothing', 1, undefined, '10.0.0.9'],
    ['what is no address, as it stands', 1, 'rubbish', 'rubbish'],
  ])('[LIMIT13] is %s', (_what, proxies, forwarded, expected) => {
    expect(seen(proxies, forwarded)).toBe(expected)
  })

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::9', '2001:db8:1:2::'],
    ['2001:db8:1:3::9', '2001:db8:1:3::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['', ''],
  ])('[LIMIT13] of %s is %s', (address, expected) => {
    expect(networkOf(address)).toBe(expected)
  })

  it.each([
    ['0', 0],
    ['2', 2],
    ['10.0.0.0/8, loopback', ['10.0.0.0/8', 'loopback']],
  ])('[LIMIT13] is set by TRUST_PROXY=%s', (text, expected) => {
    expect(readConfig({ TRUST_PROXY: text }).http.trustProxy).toEqual(expected)
  })

  it.each(['true', '10.0.0.0/99', 'my-proxy', '-1'])('[LIMIT13] is not set by TRUST_PROXY=%s', text => {
    expect(() => readConfig({ TRUST_PROXY: text })).toThrow('TRUST_PROXY: Must be how many proxies')
  })
})
