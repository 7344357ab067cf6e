import { Lifecycle } from '../src/foundation/lifecycle.ts'
import { createLogger } from '../src/foundation/logger.ts'
import type { Contender } from './contender.ts'
import { startDateline } from './dateline.ts'
import { startFloor } from './floor.ts'
import { medianOf, type Percentiles, percentilesOf } from './percentiles.ts'
import { measureRound, WARM_UP_SECONDS } from './round.ts'
import { openStand, tellCores } from './stand.ts'

export interface PipelineOptions {
  readonly viewers: number
  /** Updates a second. */
  readonly rate: number
  readonly rounds: number
  /** Measured in each round. */
  readonly seconds: number
}

/** What it may take to start and stop, and for the viewers of one round to come and go. */
const START_MS = 60_000
const ROUND_MS = 20_000
/** Code is compiled as it is used: at 10 updates a second it would still be cold when the first round is measured. */
const WARM_UP_RATE = 40

/**
 * POST -> the last viewer has the update, beside a floor (floor-server.ts) in the same run. The two take turns, so that
 * both meet the same noise, and the result is the median over the rounds. It always ends: after a time that depends on
 * the options it gives up.
 */
export async function benchPipeline(options: PipelineOptions): Promise<void> {
  const lifecycle = new Lifecycle(createLogger('warn', 'bench'))
  const giveUp = (why: string) => {
    process.stderr.write(`${why}\n`)
    void lifecycle.stop().then(() => process.exit(1))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => giveUp(`Got ${signal}.`))
  const roundMs = ROUND_MS + (WARM_UP_SECONDS + options.seconds) * 1_000
  const longestMs = START_MS + 2 * (options.rounds + 1) * roundMs
  const timer = setTimeout(() => giveUp(`Not done after ${Math.round(longestMs / 1_000)} s.`), longestMs)
  let result: object
  try {
    result = await comparePipelines(options, lifecycle)
  } finally {
    clearTimeout(timer)
    await lifecycle.stop()
  }
  print(JSON.stringify(result))
}

async function comparePipelines(options: PipelineOptions, lifecycle: Lifecycle): Promise<object> {
  const { viewers, rate, rounds, seconds } = options
  const { dir, redis, cores, serverCore, load } = await openStand(lifecycle)
  let messageBytes = 0
  const dateline = lifecycle.add(await startDateline({ redis, dir, core: serverCore }))
  const floor = lifecycle.add(
    await startFloor({ redisUrl: redis.url, dir, core: serverCore, messageBytes: () => messageBytes }),
  )
  print(
    `POST -> last of ${viewers} viewers, ${rate} updates/s; ${rounds} rounds of ${seconds} s for each, taking turns.`,
  )
  print(`${tellCores(cores)}\n`)

  let number = 1
  async function turn(contender: Contender, perSecond = rate): Promise<Turn> {
    const round = await measureRound(contender, load, { viewers, rate: perSecond, seconds, first: number })
    number += (WARM_UP_SECONDS + seconds) * perSecond
    messageBytes = round.messageBytes
    return { first: percentilesOf(round.toFirstViewer), last: percentilesOf(round.toLastViewer) }
  }

  // The first turn of each only warms it up. Dateline's also tells how large the floor's messages have to be.
  await turn(dateline, Math.max(rate, WARM_UP_RATE))
  await turn(floor, Math.max(rate, WARM_UP_RATE))
  print(`Messages have ${messageBytes} bytes. In ms:\n`)
  print(`${'round'.padEnd(NAME_COLUMN)}     p50     p95     p99`)
  const answered: Percentiles[] = []
  const ours: Turn[] = []
  const least: Turn[] = []
  for (let round = 1; round <= rounds; round++) {
    dateline.takeAnswerTimes()
    ours.push(await turn(dateline))
    answered.push(percentilesOf(dateline.takeAnswerTimes()))
    least.push(await turn(floor))
    printRound(`${round}`, answered.slice(-1), ours.slice(-1), least.slice(-1))
  }
  printRound('median', answered, ours, least)
  const p = medianOf(ours.map(({ last }) => last))
  const floorP = medianOf(least.map(({ last }) => last))
  return {
    bench: 'pipeline',
    p50_ms: rounded(p.p50),
    p99_ms: rounded(p.p99),
    floor_p50_ms: rounded(floorP.p50),
    floor_p99_ms: rounded(floorP.p99),
    ratio_p50: rounded(p.p50 / floorP.p50),
    ratio_p99: rounded(p.p99 / floorP.p99),
  }
}

/** One contender's round: until the first viewer, and until the last one had an update. */
interface Turn {
  readonly first: Percentiles
  readonly last: Percentiles
}

const NAME_COLUMN = 30

function printRound(name: string, answered: Percentiles[], ours: Turn[], least: Turn[]): void {
  printRow(`${name}  dateline  202`, medianOf(answered))
  printRow(`${name}  dateline  first viewer`, medianOf(ours.map(({ first }) => first)))
  printRow(`${name}  dateline  last viewer`, medianOf(ours.map(({ last }) => last)))
  printRow(`${name}  floor     first viewer`, medianOf(least.map(({ first }) => first)))
  printRow(`${name}  floor     last viewer`, medianOf(least.map(({ last }) => last)))
}

function printRow(name: string, { p50, p95, p99 }: Percentiles): void {
  print([name.padEnd(NAME_COLUMN), ...[p50, p95, p99].map(ms => ms.toFixed(2).padStart(8))].join(''))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
