import type { BenchProcess } from './child-process.ts'
import type { Contender } from './contender.ts'
import type { LoadCalls } from './load-client.ts'

export interface RoundOptions {
  readonly viewers: number
  /** Updates a second. */
  readonly rate: number
  readonly seconds: number
  /** Number of the first update. */
  readonly first: number
}

/** Of each measured update, from its start, in ms. */
export interface Round {
  readonly toFirstViewer: readonly number[]
  readonly toLastViewer: readonly number[]
  readonly messageBytes: number
}

/** Updates of so many seconds go before those that count. */
export const WARM_UP_SECONDS = 1
const SEEN_WITHIN_MS = 15_000

/**
 * One contender's turn: all its viewers come, it warms up, it is measured, they leave. So neither has anything to do in the
 * other's turn. Throws when a viewer misses an update, or is given one twice.
 */
export async function measureRound(
  contender: Contender,
  load: BenchProcess<LoadCalls>,
  { viewers, rate, seconds, first }: RoundOptions,
): Promise<Round> {
  await load.ask('open', { door: contender.door, viewers })
  const warmUp = { first, count: WARM_UP_SECONDS * rate, perSecond: rate }
  const measured = { first: first + warmUp.count, count: seconds * rate, perSecond: rate }
  await contender.publish(warmUp)
  const begun = await contender.publish(measured)
  const count = warmUp.count + measured.count
  const { times, messageBytes } = await load
    .ask('seen', { count, withinMs: SEEN_WITHIN_MS })
    .catch((cause: unknown) => {
      throw new Error(`${contender.name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    })
  await load.ask('close', null)

  const arrivals = new Map(times.map(([number, firstMs, lastMs]) => [number, { firstMs, lastMs }]))
  const toFirstViewer: number[] = []
  const toLastViewer: number[] = []
  for (const [number, start] of begun) {
    const arrival = arrivals.get(number)
    if (arrival === undefined) throw new Error(`${contender.name} did not give update ${number} to every viewer`)
    toFirstViewer.push(arrival.firstMs - start)
    toLastViewer.push(arrival.lastMs - start)
  }
  return { toFirstViewer, toLastViewer, messageBytes }
}
