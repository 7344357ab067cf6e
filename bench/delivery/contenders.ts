import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { Lifecycle, Part } from '../../src/foundation/lifecycle.ts'
import { startProcess } from '../child-process.ts'
import { clockMs } from '../clock.ts'
import { markOf } from '../contender.ts'
import { readyUrl } from '../dateline.ts'
import { LET_ALL_IN } from '../let-all-in.ts'
import { type Crowd, type CrowdProgram, type Door, startCrowd } from './crowd.ts'
import { createFeed, EVENT_ID, type FeedWriter } from './feed-writer.ts'
import type { Ground } from './ground.ts'
import { argsOf, CHANNEL } from './hear.ts'
import { startLineProcess } from './line-process.ts'
import type { ServerCalls } from './stock-server.ts'
import type { UsageCalls } from './usage.ts'

/** A server with viewers of its own. Updates are numbered 1, 2, 3 ... for each. */
export interface Contender {
  readonly name: string
  readonly door: Door
  readonly crowd: Crowd
  /** Does beforehand what is no delivering. Messages are to be of so many bytes, where the contender has a choice. */
  prepare(from: number, to: number, messageBytes: number): Promise<void>
  /** Sends these to all viewers, and tells when that began, on the shared clock. */
  send(from: number, to: number): Promise<number>
  /** Of the server so far; undefined where it does not tell. */
  cpuUs(): Promise<number | undefined>
}

export interface Dateline extends Contender {
  readonly url: string
  readonly writer: FeedWriter
  memoryKb(): Promise<number>
  /** Whether entries were written straight to sockets: throws when it was otherwise for more than a hundredth of them. */
  expectFastPath(): Promise<void>
}

export interface Bare extends Contender {
  memoryKb(): Promise<number>
}

const KEY_PREFIX = 'dl'
/** All viewers come from one address, and as fast as they can: that is what is measured. */
const NO_LIMITS = {
  ...{ LIMIT_HANDSHAKES_PER_ADDRESS: '0', LIMIT_SOCKETS_PER_S: '0', LIMIT_STREAMS_PER_ADDRESS: '0' },
  ...{ LIMIT_JOINS_PER_SOCKET: '0', LIMIT_REQUESTS_PER_SOCKET: '0' },
}
const STRAIGHT_SHARE = 0.99
const SENT_WITHIN_MS = 10_000
const LISTENS_WITHIN_MS = 10_000
const JOIN = `420${JSON.stringify(['join', { eventId: EVENT_ID, after: null }])}`

/** Dateline's gateway, with an event whose updates are committed as a worker does it. */
export async function startGateway(
  { dir, redis, serverCore, loadCore, program }: Ground,
  lifecycle: Lifecycle,
  by: 'sockets' | 'streams' = 'sockets',
): Promise<Dateline> {
  const server = startProcess<UsageCalls>({
    program: 'delivery/gateway-server.js',
    core: serverCore,
    logFile: join(dir, 'gateway.log'),
    env: {
      ...{ NODE_ENV: 'production', JWT_SECRET: randomBytes(32).toString('hex'), DATA_DIR: dir, PORT: '0' },
      ...{ HOST: '127.0.0.1', DRAIN_MS: '0', METRICS_PORT: '0', REDIS_URL: redis.url, KEY_PREFIX, LOG_LEVEL: 'info' },
      ...NO_LIMITS,
      ...LET_ALL_IN,
    },
  })
  lifecycle.add({ name: 'gateway', stop: () => server.stop() })
  const url = await Promise.race([readyUrl(server.written), server.ended])
  const metricsUrl = /"url":"([^"]+)","msg":"metrics are served"/.exec(server.written())?.[1] ?? ''
  const writer = await createFeed(redis.client, KEY_PREFIX)
  const socketUrl = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
  const streamUrl = `${url}/v1/events/${EVENT_ID}/stream`
  return {
    name: 'dateline',
    url,
    writer,
    door:
      by === 'sockets'
        ? { kind: 'socket.io', url: socketUrl, joins: [JOIN, JOIN] }
        : { kind: 'stream', url: streamUrl },
    crowd: addCrowd(program, loadCore, lifecycle),
    prepare: (from, to) => writer.prepare(from, to),
    send: (from, to) => writer.commit(from, to),
    cpuUs: () => server.ask('cpuUs', null),
    memoryKb: () => server.ask('memoryKb', null),
    async expectFastPath() {
      const text = await (await fetch(metricsUrl)).text()
      const value = (series: string) =>
        Number(
          text
            .split('\n')
            .find(line => line.startsWith(`${series} `))
            ?.split(' ')[1],
        )
      const [straight, engine] = ['straight', 'engine'].map(path =>
        value(`dateline_viewer_writes_total{path="${path}"}`),
      )
      if (straight === undefined || engine === undefined) throw new Error('the gateway does not tell how it writes')
      if (value('dateline_fast_path') === 1 && straight >= STRAIGHT_SHARE * (straight + engine)) return
      throw new Error(`the fast path was not used: ${straight} writes straight, ${engine} by engine.io`)
    },
  }
}

/** One of the servers that Dateline is compared with. */
export async function startBare(
  kind: 'stock' | 'raw' | 'plain',
  { dir, redis, serverCore, loadCore, program }: Ground,
  lifecycle: Lifecycle,
): Promise<Bare> {
  const server = startProcess<ServerCalls>({
    ...{ program: `delivery/${kind}-server.js`, core: serverCore, logFile: join(dir, `${kind}.log`) },
    env: { REDIS_URL: redis.url },
  })
  lifecycle.add({ name: kind, stop: () => server.stop() })
  const doors = { stock: 'socket.io', raw: 'websocket', plain: 'stream' } as const
  let lines = new Map<number, string>()
  return {
    name: kind,
    door: { kind: doors[kind], url: await server.ask('url', null) },
    crowd: addCrowd(program, loadCore, lifecycle),
    async prepare(from, to, messageBytes) {
      lines = new Map()
      for (let number = from; number <= to; number++) lines.set(number, lineOf(number, messageBytes))
    },
    send: (from, to) => publishAll(redis.client, `${CHANNEL}:${kind}`, lines, from, to),
    cpuUs: () => server.ask('cpuUs', null),
    memoryKb: () => server.ask('memoryKb', null),
  }
}

/** A loop of send() in C: what the viewers' side can take, and the network in between. */
export async function startLoop(
  { serverCore, loadCore, program }: Ground,
  lifecycle: Lifecycle,
): Promise<Contender | undefined> {
  if (!program.isCompiled) return undefined
  const server: Part & ReturnType<typeof startLineProcess> = startLineProcess([program.loop], serverCore)
  lifecycle.add({ name: 'loop', stop: () => server.stop() })
  const [port] = await server.hear('listening', LISTENS_WITHIN_MS)
  let messages: string[] = []
  return {
    name: 'C loop',
    door: { kind: 'websocket', url: `ws://127.0.0.1:${port}/` },
    crowd: addCrowd(program, loadCore, lifecycle),
    async prepare(from, to, messageBytes) {
      messages = []
      for (let number = from; number <= to; number++) messages[number] = messageOf(lineOf(number, messageBytes))
    },
    async send(from, to) {
      const began = clockMs()
      for (let number = from; number <= to; number++)
        await server.ask(`send ${messages[number]}`, 'sent', SENT_WITHIN_MS)
      return began
    },
    cpuUs: async () => undefined,
  }
}

export function addCrowd(program: CrowdProgram, core: number | undefined, lifecycle: Lifecycle): Crowd {
  return lifecycle.add(startCrowd(program, core))
}

async function publishAll(
  redis: Redis,
  channel: string,
  lines: ReadonlyMap<number, string>,
  from: number,
  to: number,
): Promise<number> {
  const began = clockMs()
  const batch = redis.pipeline()
  for (let number = from; number <= to; number++) batch.publish(channel, lines.get(number) ?? '')
  await batch.exec()
  return began
}

/** The whole message of a socket. */
export function messageOf(line: string): string {
  return `42["entry",${argsOf(line)}]`
}

/** JSON with a number in it, so long that the message around it has so many bytes. */
export function lineOf(number: number, messageBytes: number): string {
  const line = (padding: string) => JSON.stringify({ text: `${markOf(number)}${padding}` })
  return line('.'.repeat(Math.max(0, messageBytes - messageOf(line('')).length)))
}
