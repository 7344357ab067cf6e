import { randomUUID } from 'node:crypto'
import { type Logger, pino } from 'pino'
import { expect, vi } from 'vitest'
import { readConfig } from '../../src/foundation/config.ts'
import { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { createMetrics } from '../../src/foundation/metrics.ts'
import { createTokens, type Role, type TokenClaims } from '../../src/foundation/tokens.ts'
import { NO_TRACING } from '../../src/foundation/tracing.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { createApi } from '../../src/main/api.ts'
import { drainingReason, openGateway, openViewers } from '../../src/main/gateway.ts'
import { listen } from '../../src/main/listen.ts'
import { openAnnouncements, openStore, type Store } from '../../src/main/open-store.ts'
import { openTokens } from '../../src/main/open-tokens.ts'
import type { Start } from '../../src/main/run.ts'
import { tellPresence } from '../../src/main/tell-presence.ts'
import { primariesOf } from '../../src/redis/nodes.ts'
import { startWorker } from '../../workers/main.ts'
import { routesOf } from './routes-of.ts'

/** Tokens of this secret hold here; of any other they are forged. */
export const TEST_SECRET = 'the-secret-of-tests-0123456789abcdef'

const STOP_MS = 5_000

/** Somebody for each role, and an editor whose token is for the event `elsewhere` only. */
const PEOPLE = {
  editor: { sub: 'erin', name: 'Erin Editor', roles: ['editor'] },
  contributor: { sub: 'carl', name: 'Carl Contributor', roles: ['contributor'] },
  colleague: { sub: 'cora', name: 'Cora Contributor', roles: ['contributor'] },
  ops: { sub: 'olga', name: 'Olga Ops', roles: ['ops'] },
  elsewhere: { sub: 'elsa', name: 'Elsa Elsewhere', roles: ['editor'], events: ['elsewhere'] },
} as const satisfies Record<string, { sub: string; name: string; roles: readonly Role[]; events?: readonly string[] }>

export type Person = keyof typeof PEOPLE

export interface TestServer {
  readonly url: string
  readonly tokens: Readonly<Record<Person, string>>
  /** As `GET /v1/events/:eventId`. */
  readonly routes: readonly string[]
  readonly store: Store
  /** Of its process, as others see it. */
  readonly processId: string
  /** Why it was to end, when it was: it goes on all the same. */
  readonly endings: readonly string[]
  /** A token of the right secret; `expires` such as `2s`, or `-1m` for one that has run out. */
  sign(claims: Partial<TokenClaims>, expires: string): Promise<string>
  /** For a server that was started without: from now on submissions are published. */
  startWorker(): Promise<void>
  /**
   * Stops all of it. Throws when something is left: a viewer, a connection, or an error in the log. Where a file has two
   * servers, the one that was started last stops first.
   */
  stop(): Promise<void>
}

export interface TestServerOptions {
  readonly worker?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** Api, gateway and worker in this process, on a free port, over the Redis of all tests with a key prefix of their own. */
export async function startServer({ worker = true, env = {} }: TestServerOptions = {}): Promise<TestServer> {
  const openBefore = openConnections()
  const prefix = `s${randomUUID().slice(0, 18)}`
  const { log, errors } = listeningLogger()
  const lifecycle = new Lifecycle(log)
  const config = readConfig({ ...settings(prefix), ...env })
  const endings: string[] = []
  const end = (reason: string) => void endings.push(reason)
  const start: Start = { id: randomUUID(), config, lifecycle, log, metrics: createMetrics(), tracing: NO_TRACING, end }

  const store = await openStore(start)
  let gateway: Gateway | undefined
  lifecycle.add(await tellPresence(start, store.presence, 'everything', () => gateway))
  const announcements = await openAnnouncements(start, store)
  if (worker) await startWorker(start, store, announcements)
  const access = await openTokens(start, store, announcements)
  const viewers = await openViewers(start, store, announcements, access)
  const reasons = () => drainingReason(gateway)
  const app = await createApi(start, store, announcements, access, reasons, [viewers.streams.routes])
  const http = lifecycle.add(await listen(start.config.http, app))
  const opened = openGateway(start, viewers, http)
  gateway = opened

  const { sign } = createTokens(TEST_SECRET)
  const signed = Object.entries(PEOPLE).map(async ([person, claims]) => [person, await sign(claims, '1h')])
  return {
    url: http.url,
    routes: routesOf(app),
    tokens: Object.fromEntries(await Promise.all(signed)) as Record<Person, string>,
    store,
    processId: start.id,
    endings,
    sign: (claims, expires) => sign({ ...PEOPLE.editor, ...claims }, expires),
    startWorker: () => startWorker(start, store, announcements),
    async stop() {
      await vi.waitFor(() => expect(opened.viewers, 'viewers that a test left').toBe(0), STOP_MS)
      await forget(store, prefix, () => lifecycle.stop())
      await vi.waitFor(() => {
        for (const [kind, open] of openConnections()) {
          expect(open, `${kind} left open`).toBeLessThanOrEqual(openBefore.get(kind) ?? 0)
        }
      }, STOP_MS)
      expect(errors, 'errors in the log').toEqual([])
    },
  }
}

/** The token of somebody, or one as it stands. */
export function tokenOf<T>({ tokens }: TestServer, as: Person | { token: T }): string | T {
  return typeof as === 'string' ? tokens[as] : as.token
}

const settings = (prefix: string) => ({
  NODE_ENV: 'test',
  REDIS_URL: process.env['REDIS_URL'],
  KEY_PREFIX: prefix,
  PORT: '0',
  JWT_SECRET: TEST_SECRET,
  DRAIN_MS: '0',
})

/** Deletes the server's keys after it has stopped; a connection of its own does it. */
async function forget({ redis }: Store, prefix: string, stop: () => Promise<void>): Promise<void> {
  const cleaners = primariesOf(redis).map(node => node.duplicate({ enableOfflineQueue: true }))
  await stop()
  for (const cleaner of cleaners) {
    const left = await cleaner.keys(`*${prefix}*`)
    await Promise.all(left.map(key => cleaner.del(key))) // one by one: in a cluster they have different slots
    cleaner.disconnect()
  }
}

/** Keeps what is logged as an error: it would mean that somebody must act, and no bad input may cause that. */
function listeningLogger(): { log: Logger; errors: unknown[] } {
  const errors: unknown[] = []
  const log = pino({ level: 'error' }, { write: line => errors.push(JSON.parse(line)) })
  return { log, errors }
}

const CONNECTIONS = ['PipeWrap', 'TCPSocketWrap', 'TCPServerWrap']

/** How many of each kind this process has open. */
function openConnections(): Map<string, number> {
  const open = process.getActiveResourcesInfo()
  return new Map(CONNECTIONS.map(kind => [kind, open.filter(name => name === kind).length]))
}
