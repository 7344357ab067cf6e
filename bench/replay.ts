import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Lifecycle } from '../src/foundation/lifecycle.ts'
import { createLogger } from '../src/foundation/logger.ts'
import { createTokens } from '../src/foundation/tokens.ts'
import { type Calls, startProcess } from './child-process.ts'
import { clockMs } from './clock.ts'
import type { Contender } from './contender.ts'
import { openLiveEvent, readyUrl } from './dateline.ts'
import { LET_ALL_IN } from './let-all-in.ts'
import { type LongFeed, writeLongFeed } from './long-feed.ts'
import { percentilesOf } from './percentiles.ts'
import { openRehearsal, type Rehearsal } from './rehearsal.ts'
import type { RehearsalCalls } from './rehearsal-client.ts'
import { measureRound, WARM_UP_SECONDS } from './round.ts'
import { openStand, type Stand, tellCores } from './stand.ts'

export interface ReplayOptions {
  readonly entries: number
  readonly rounds: number
  /** Of the live room. */
  readonly viewers: number
  /** Live updates a second. */
  readonly rate: number
  /** Measured in each half of a round. */
  readonly seconds: number
}

const START_MS = 60_000
const ROUND_MS = 60_000
/** As many as a room asks for at most. */
const RAW_PAGE = 1_000
const KEY_PREFIX = 'dl'

/**
 * A long feed replayed at `max` to a viewer, beside reading its stream alone in the same run, and a live room beside it:
 * how long updates take there with and without the replay. All take turns; the result is the median over the rounds.
 */
export async function benchReplay(options: ReplayOptions): Promise<void> {
  const lifecycle = new Lifecycle(createLogger('warn', 'bench'))
  const giveUp = (why: string) => {
    process.stderr.write(`${why}\n`)
    void lifecycle.stop().then(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => giveUp(`Got ${signal}.`))
  const longestMs = START_MS + (options.rounds + 1) * (ROUND_MS + 2 * (WARM_UP_SECONDS + options.seconds) * 1_000)
  const timer = setTimeout(() => giveUp(`Not done after ${Math.round(longestMs / 1_000)} s.`), longestMs)
  let result: object
  try {
    result = await measure(options, lifecycle)
  } finally {
    clearTimeout(timer)
    await lifecycle.stop()
  }
  print(JSON.stringify(result))
}

async function measure(options: ReplayOptions, lifecycle: Lifecycle): Promise<object> {
  const { entries, rounds, viewers, rate } = options
  const stand = await openStand(lifecycle)
  const redis = new Redis(stand.redis.url)
  lifecycle.add({ name: 'reader', stop: async () => redis.disconnect() })
  const feed = await writeLongFeed(redis, KEY_PREFIX, entries)
  const { live, rehearsal } = await openDateline(stand, lifecycle, feed)
  print(`${entries} entries of ${feed.lineBytes} bytes; a live room of ${viewers} viewers, ${rate} updates/s.`)
  print(`${rounds} rounds, each with the raw stream, the live room alone, and both live and replay.`)
  print(`${tellCores(stand.cores)}\n`)

  let first = 1
  /** The p99 of POST -> last viewer, in ms. */
  async function liveRound(): Promise<number> {
    const { toLastViewer } = await measureRound(live, stand.load, { ...options, first })
    first += (WARM_UP_SECONDS + options.seconds) * rate
    return percentilesOf(toLastViewer).p99
  }
  async function round(): Promise<Round> {
    const raw = await readRaw(redis, feed, entries)
    const alone = await liveRound()
    const laps: number[] = []
    let isLive = true
    const replaying = (async () => {
      while (isLive) laps.push(await rehearsal.lap())
    })()
    replaying.catch(() => {}) // told below, once the live room has been measured
    const beside = await liveRound().finally(() => {
      isLive = false
    })
    await replaying
    const replayed = entries / (percentilesOf(laps).p50 / 1_000)
    return { raw, replayed, alone, beside, laps: laps.length }
  }

  await round() // only warms up
  print(`${'round'.padEnd(8)}raw/s    replay/s   ratio   laps   live p99 alone   beside   ratio`)
  const all: Round[] = []
  for (let n = 1; n <= rounds; n++) {
    const one = await round()
    all.push(one)
    const { raw, replayed, alone, beside, laps } = one
    const cells = [raw.toFixed(0).padEnd(9), replayed.toFixed(0).padEnd(11), (replayed / raw).toFixed(2).padEnd(8)]
    const times = [
      `${alone.toFixed(2)} ms`.padEnd(17),
      `${beside.toFixed(2)} ms`.padEnd(9),
      (beside / alone).toFixed(2),
    ]
    print([String(n).padEnd(8), ...cells, String(laps).padEnd(7), ...times].join(''))
  }
  const median = (pick: (one: Round) => number) => percentilesOf(all.map(pick)).p50
  return {
    bench: 'replay',
    entries_per_s: Math.round(median(({ replayed }) => replayed)),
    raw_xrange_per_s: Math.round(median(({ raw }) => raw)),
    ratio: rounded(median(({ raw, replayed }) => replayed / raw)),
    live_p99_ratio: rounded(median(({ alone, beside }) => beside / alone)),
  }
}

interface Round {
  readonly raw: number
  readonly replayed: number
  readonly alone: number
  readonly beside: number
  readonly laps: number
}

/** Api, gateway and worker, each a process of its own, a live event in them, and a replay of the long feed with its viewer. */
async function openDateline(
  { dir, redis, serverCore, cores }: Stand,
  lifecycle: Lifecycle,
  feed: LongFeed,
): Promise<{ live: Contender; rehearsal: Rehearsal }> {
  const secret = randomBytes(32).toString('hex')
  const settings = {
    ...{ NODE_ENV: 'production', JWT_SECRET: secret, DATA_DIR: dir, PORT: '0', HOST: '127.0.0.1', DRAIN_MS: '0' },
    ...LET_ALL_IN,
    ...{ REDIS_URL: redis.url, KEY_PREFIX, LOG_LEVEL: 'info' },
  }
  async function start(part: 'api' | 'gateway' | 'worker'): Promise<string> {
    const env = { ...settings, BENCH_PART: part }
    const logFile = join(dir, `${part}.log`)
    const server = startProcess<Calls>({ program: 'part-server.js', core: serverCore, logFile, env })
    lifecycle.add({ ...server, name: part })
    return await Promise.race([readyUrl(server.written), server.ended])
  }
  const [api, gateway] = await Promise.all([start('api'), start('gateway'), start('worker')])
  const roles = ['editor', 'ops'] as const
  const token = await createTokens(secret).sign({ sub: 'olga', name: 'Olga', roles: [...roles] }, '12h')
  const live = await openLiveEvent({ api, gateway, token })
  const core = cores.pinned ? cores.load : undefined
  const viewer = startProcess<RehearsalCalls>({
    ...{ program: 'rehearsal-client.js', core, logFile: join(dir, 'rehearsal.log') },
  })
  lifecycle.add({ ...viewer, name: 'rehearsal viewer' })
  const rehearsal = await openRehearsal({ api, gateway, token, eventId: feed.eventId, viewer })
  return { live, rehearsal }
}

/** Entries a second of XRANGE alone, page after page. */
async function readRaw(redis: Redis, { stream }: LongFeed, entries: number): Promise<number> {
  const start = clockMs()
  let read = 0
  while (read < entries) {
    const page = await redis.xrange(stream, `(${read}-0`, '+', 'COUNT', RAW_PAGE)
    if (page.length === 0) throw new Error(`the stream ends with ${read}`)
    read += page.length
  }
  return read / ((clockMs() - start) / 1_000)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
