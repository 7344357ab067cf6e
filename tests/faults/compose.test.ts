import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConfig } from '../../src/foundation/config.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Receipt } from '../../src/protocol/submission.ts'
import { type HousePart, startHouse } from '../support/house.ts'
import { plainViewer } from '../support/plain-viewer.ts'
import { rulesOf, startSmallProxy } from '../support/small-proxy.ts'
import { expectSameFeed, expectWholeFeed, readFeed, send } from '../support/steady-editor.ts'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

const UPDATES = 120
const VIEWERS = 6
const PARTS = ['api', 'gateway', 'worker'] as const satisfies readonly HousePart[]

const Service = z.object({
  command: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.record(z.string(), z.coerce.string()).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
})
const Compose = z.object({ services: z.record(z.string(), Service) })

const { services } = Compose.parse(parse(read('docker-compose.yml'), { merge: true }))
const nginx = read('deploy/nginx/dateline.conf')

function service(name: string): z.infer<typeof Service> {
  const found = services[name]
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`)
  return found
}

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The environment of a container, but for what differs outside of one: addresses, ports, folders, and the secret. */
function environmentOf(part: HousePart): Record<string, string> {
  const { REDIS_URL, JWT_SECRET, METRICS_PORT, ARCHIVE_DIR, BACKUP_DIR, ...rest } = service(part).environment ?? {}
  expect(REDIS_URL).toBe('redis://redis:6379')
  expect(JWT_SECRET).toContain('JWT_SECRET')
  expect([METRICS_PORT, ARCHIVE_DIR, BACKUP_DIR]).not.toContain(undefined)
  return { NODE_ENV: 'production', HOST: '127.0.0.1', ...rest }
}

describe('docker-compose.yml', () => {
  it('[COMPOSE1] names two of each part, one door, and a Redis that keeps what it is given', () => {
    for (const part of PARTS) {
      expect(service(part).command).toEqual([part])
      expect(service(part).deploy?.replicas).toBe(2)
      expect(service(part).ports, `${part} is reached through the proxy alone`).toBeUndefined()
      const env = { ...service(part).environment, JWT_SECRET: 'x'.repeat(32), NODE_ENV: 'production' }
      expect(() => readConfig(env)).not.toThrow()
    }
    expect(service('proxy').ports).toEqual(['3000:3000'])
    expect(service('proxy').volumes).toEqual([expect.stringContaining('./deploy/nginx/dateline.conf:')])
    expect(service('redis').command).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/)
  })

  it.each([
    ['/socket.io/', 'gateway'],
    ['/v1/events/talks/stream', 'gateway'],
    ['/v1/events/talks/streams', 'api'],
    ['/v1/events', 'api'],
    ['/', 'api'],
    ['/desk', 'api'],
    ['/readyz', 'api'],
  ])('[COMPOSE1] its proxy passes %s to the %s', (path, upstream) => {
    expect(rulesOf(nginx).find(({ fits }) => fits(path))?.upstream).toBe(upstream)
  })
})

describe('what docker-compose.yml describes', () => {
  it('[COMPOSE2] takes posts, reads, sockets and event streams through one proxy, also when an api and a gateway are killed', {
    timeout: 120_000,
  }, async () => {
    const appendfsync = /--appendfsync (\w+)/.exec(String(service('redis').command))?.[1]
    expect(appendfsync).toBe('everysec')
    const [apis = 0, gateways = 0, workers = 0] = PARTS.map(part => service(part).deploy?.replicas)
    const envOf = Object.fromEntries(PARTS.map(part => [part, environmentOf(part)]))
    const house = await startHouse({ apis, gateways, workers, envOf, redis: { appendfsync: 'everysec' } })
    cleanups.push(house.close)
    const proxy = await startSmallProxy(rulesOf(nginx), { api: house.urls('api'), gateway: house.urls('gateway') })
    cleanups.push(proxy.stop)
    const editor = { token: await house.token('editor'), apis: [proxy.url] }
    await send(editor, 0, 'POST', '/v1/events', { id: 'talks', headline: 'Talks' })

    const viewers = Array.from({ length: VIEWERS }, () => plainViewer(proxy.url, 'talks'))
    for (const viewer of viewers) cleanups.push(viewer.close)
    await vi.waitFor(() => expect(viewers.every(({ joins }) => joins.length > 0)).toBe(true), 20_000)
    const stopped = new AbortController()
    cleanups.push(() => stopped.abort())
    const stream = await fetch(`${proxy.url}/v1/events/talks/stream`, { signal: stopped.signal })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')

    const receipts: Receipt[] = []
    for (let n = 1; n <= UPDATES; n++) {
      if (n === UPDATES / 3) await house.kill9('api', 0)
      if (n === UPDATES / 2) await house.kill9('gateway', 0)
      const body = { body: `Update ${n}.` }
      receipts.push((await send(editor, n, 'POST', '/v1/events/talks/updates', body)) as Receipt)
    }
    await vi.waitFor(async () => expect((await readFeed(editor, 'talks')).length).toBe(UPDATES + 1), 20_000)
    const entries = await readFeed(editor, 'talks')
    expectWholeFeed(entries, receipts)
    for (const viewer of viewers) await expectSameFeed(viewer, entries)

    const snapshot = (await (await fetch(`${proxy.url}/v1/events/talks/feed`)).json()) as Snapshot
    expect(snapshot.position.seq).toBe(UPDATES + 1)
    const page = await fetch(`${proxy.url}/events/talks`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
    for (const part of ['api', 'gateway'] as const) {
      for (const url of house.urls(part)) expect(proxy.served.get(url), `${part} at ${url}`).toBeGreaterThan(0)
    }
  })
})
