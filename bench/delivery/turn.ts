import { clockMs } from '../clock.ts'
import { percentilesOf } from '../percentiles.ts'
import type { Contender } from './contenders.ts'
import { print } from './ground.ts'
import type { Report } from './report.ts'

export interface TurnsOptions {
  readonly viewers: number
  readonly rounds: number
  /** How often each sends in a round; each time when the last viewer has what came before. */
  readonly times: number
}

export interface TurnOptions extends Pick<TurnsOptions, 'viewers' | 'times'> {
  /** How many updates at once. */
  readonly atOnce: number
}

/** What one contender did in one round. */
export interface Turn {
  readonly perSecond: number
  /** From the sending until the last viewer has all of it, in ms. */
  readonly p99Ms: number
  readonly p50Ms: number
  /** Of the server for each delivery, in µs; undefined where it does not tell. */
  readonly cpuUs: number | undefined
  /** How much of its core the viewers' side has used. */
  readonly loadShare: number
  readonly messageBytes: number
}

/** Gives contenders their turns, and numbers their updates. */
export function createTurns({ viewers, times, atOnce }: TurnOptions) {
  const next = new Map<Contender, number>()

  /** Only one contender sends at a time. The viewers of the others are there, and idle. */
  return async function turn(contender: Contender, messageBytes: number): Promise<Turn> {
    const { crowd } = contender
    const first = next.get(contender) ?? 1
    next.set(contender, first + times * atOnce)
    await contender.prepare(first, first + times * atOnce - 1, messageBytes)
    const before = { cpuUs: await contender.cpuUs(), loadMs: await crowd.cpuMs(), ms: clockMs() }
    const took: number[] = []
    let bytes = 0
    for (let i = 0; i < times; i++) {
      const from = first + i * atOnce
      const to = from + atOnce - 1
      const seen = crowd.seen(from, to)
      seen.catch(() => {}) // told below, once the sending is over
      const began = await contender.send(from, to)
      const { lastMs, messageBytes } = await seen
      took.push(lastMs - began)
      bytes = messageBytes
    }
    const after = { cpuUs: await contender.cpuUs(), loadMs: await crowd.cpuMs(), ms: clockMs() }
    const deliveries = viewers * times * atOnce
    const { p50, p99 } = percentilesOf(took)
    return {
      perSecond: deliveries / (took.reduce((sum, ms) => sum + ms, 0) / 1_000),
      p99Ms: p99,
      p50Ms: p50,
      cpuUs: usedUs(before.cpuUs, after.cpuUs, deliveries),
      loadShare: (after.loadMs - before.loadMs) / (after.ms - before.ms),
      messageBytes: bytes,
    }
  }
}

function usedUs(before: number | undefined, after: number | undefined, deliveries: number): number | undefined {
  return before === undefined || after === undefined ? undefined : (after - before) / deliveries
}

/**
 * Lets the viewers of all in, warms all up, and gives them their turns. The first one also tells how large the messages of
 * the others have to be.
 */
export async function takeTurns(
  contenders: readonly Contender[],
  turn: ReturnType<typeof createTurns>,
  { viewers, rounds }: TurnsOptions,
  report: Report,
): Promise<void> {
  for (const { crowd, door } of contenders) await crowd.open(door, viewers)
  let bytes = 0
  for (const contender of contenders) bytes = Math.max(bytes, (await turn(contender, bytes)).messageBytes)
  print(`Messages have ${bytes} bytes.`)
  report.begin()
  for (let round = 1; round <= rounds; round++) {
    // Another one begins each time: nobody always comes right behind the same other.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]
      if (contender !== undefined) report.note(round, contender, await turn(contender, bytes))
    }
  }
}

/** The middle one: a round that was disturbed from outside does not count. */
export function median(values: readonly number[]): number {
  return percentilesOf(values).p50
}
