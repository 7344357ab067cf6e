// The least that the same way can cost: queue.add -> worker -> XADD -> XREAD -> one frame to every websocket. No accept, no
// order, no normalizing, no rooms. It has Dateline's ingredients and settings, so that the difference is Dateline's own.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Queue, Worker } from 'bullmq'
import { WebSocketServer } from 'ws'
import { createLogger } from '../src/foundation/logger.ts'
import { eventFrame } from '../src/gateway/frame.ts'
import { connectRedis } from '../src/redis/connect.ts'
import type { RedisConnection } from '../src/redis/nodes.ts'
import { answerCalls } from './child-process.ts'
import { clockMs, pace } from './clock.ts'
import { type Begun, markOf, type Series } from './contender.ts'

export type FloorCalls = {
  /** Every message is padded to so many bytes. */
  readonly publish: { takes: { series: Series; messageBytes: number }; gives: Begun }
  readonly url: { takes: null; gives: string }
}

const NAME = 'floor'
const STREAM = 'floor:feed'
const log = createLogger('warn', NAME)
const redisUrl = process.env['REDIS_URL'] ?? ''
const settings = { prefix: '{floor-queue}', skipVersionCheck: true }
const jobOptions = { removeOnComplete: true, removeOnFail: true }

const command = await connectRedis(redisUrl, 'command', log)
const queue = new Queue<string>(NAME, { ...settings, connection: command })
const worker = new Worker<string>(NAME, job => command.xadd(STREAM, '*', 'line', job.data), {
  ...{ ...settings, connection: await connectRedis(redisUrl, 'worker', log), concurrency: 20 },
})
worker.on('error', err => log.warn({ err }, 'floor worker has trouble with Redis'))

const viewers = new Set<Duplex>()
const http = createServer().listen(0, '127.0.0.1')
await once(http, 'listening')
acceptViewers()
void sendOn(await connectRedis(redisUrl, 'worker', log))

answerCalls<FloorCalls>({
  url: async () => `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
  async publish({ series, messageBytes }) {
    const begun: [number, number][] = []
    const added: Promise<unknown>[] = []
    await pace(series, number => {
      const line = lineOf(number, messageBytes)
      begun.push([number, clockMs()])
      const adding = queue.add('publish', line, jobOptions)
      adding.catch(() => {}) // a failure is told below, once all are sent
      added.push(adding)
    })
    await Promise.all(added)
    return begun
  },
})

/** Frames are written straight to the sockets that are under the websockets: nothing is faster with `ws`. */
function acceptViewers(): void {
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (req, socket, head) => {
    websockets.handleUpgrade(req, socket, head, websocket => {
      viewers.add(socket)
      websocket.on('error', err => log.debug({ err }, 'viewer is gone'))
      websocket.on('close', () => viewers.delete(socket))
    })
  })
}

/** Blocks in XREAD on a connection of its own, and gives each line to every viewer. */
async function sendOn(reading: RedisConnection): Promise<never> {
  let last = '$'
  for (;;) {
    const read = await reading.xread('BLOCK', 0, 'STREAMS', STREAM, last)
    for (const [id, [, line]] of read?.[0]?.[1] ?? []) {
      last = id
      if (line === undefined) continue
      const { bytes } = eventFrame('entry', argsOf(line))
      for (const viewer of viewers) viewer.write(bytes)
    }
  }
}

function lineOf(number: number, messageBytes: number): string {
  const line = (text: string) => JSON.stringify({ text })
  const bare = Buffer.byteLength(eventFrame('entry', argsOf(line(markOf(number)))).packet) + 1
  return line(`${markOf(number)}${'.'.repeat(Math.max(0, messageBytes - bare))}`)
}

/** The start of the message is as in Dateline's, so that the viewers read both in one way. */
function argsOf(line: string): string {
  return `"floor","",${line}`
}
