import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { readRedisAddress } from '../../src/foundation/redis-address.ts'
import { withoutPassword } from '../../src/redis/connect.ts'

const [one, two] = [
  { host: '10.0.0.1', port: 7_000 },
  { host: 'redis-2', port: 6_379 },
]

describe('REDIS_URL', () => {
  it.each(['redis://127.0.0.1:6379', 'redis://localhost', 'rediss://name:pass@host:6380/3', '/run/redis/redis.sock'])(
    '[CLUSTER6] names one server: %s',
    url => {
      expect(readRedisAddress(url)).toEqual({ kind: 'one', url })
    },
  )

  it.each([
    ['redis://10.0.0.1:7000,redis-2', { tls: false }],
    ['redis://10.0.0.1:7000,redis-2/0', { tls: false }],
    ['redis://10.0.0.1:7000,redis://redis-2:6379', { tls: false }],
    ['rediss://ann:se%2Ccret@10.0.0.1:7000,redis-2', { username: 'ann', password: 'se,cret', tls: true }],
    ['rediss://:p@ss:w@10.0.0.1:7000,redis-2', { password: 'p@ss:w', tls: true }],
    ['redis://ann:pw@10.0.0.1:7000,redis://ann:pw@redis-2', { username: 'ann', password: 'pw', tls: false }],
  ])('[CLUSTER6] names nodes of a cluster: %s', (url, login) => {
    expect(readRedisAddress(url)).toEqual({ kind: 'cluster', nodes: [one, two], login })
  })

  it('[CLUSTER6] names addresses of IPv6', () => {
    const nodes = [
      { host: '::1', port: 7_000 },
      { host: 'fe80::2', port: 6_379 },
    ]
    expect(readRedisAddress('redis://[::1]:7000,[fe80::2]')).toEqual({ kind: 'cluster', nodes, login: { tls: false } })
  })

  it.each([
    ['redis-sentinel://10.0.0.1:7000,redis-2:6379/feeds', { tls: false }],
    ['rediss-sentinel://ann:pw@10.0.0.1:7000,redis-2:6379/feeds', { username: 'ann', password: 'pw', tls: true }],
  ])('[CLUSTER6] names sentinels, and the primary that they watch: %s', (url, login) => {
    expect(readRedisAddress(url)).toEqual({ kind: 'sentinel', sentinels: [one, two], name: 'feeds', login })
  })

  it('[CLUSTER6] finds one sentinel at its own port', () => {
    const sentinels = [{ host: 'watch', port: 26_379 }]
    const found = readRedisAddress('redis-sentinel://watch/feeds')
    expect(found).toEqual({ kind: 'sentinel', sentinels, name: 'feeds', login: { tls: false } })
  })

  it.each([
    'http://127.0.0.1:6379',
    'redis://',
    'redis://a:1,',
    'redis://a:1,b:x',
    'redis://a:1,b:2/3',
    'redis://a:1,b:2/0/1',
    'redis://%zz:pw@a,b',
    'redis-sentinel://a:1,b:2',
    'redis-sentinel://a:1/feeds/more',
  ])('[CLUSTER6] is refused at the start when it cannot be read: %s', url => {
    expect(readRedisAddress(url)).toBeUndefined()
    expect(() => readConfig({ REDIS_URL: url })).toThrow(/REDIS_URL: Must be redis:/)
  })

  it('[CLUSTER6] is shown without a password, however many it has', () => {
    const url = 'redis://ann:p@ss@a:1,redis://ann:other@b:2'
    expect(withoutPassword(url)).toBe('redis://a:1,redis://b:2')
    expect(withoutPassword('redis-sentinel://:pw@a:1,b:2/feeds')).toBe('redis-sentinel://a:1,b:2/feeds')
  })
})
