import type { Redis } from 'ioredis'
import type { Position } from '../../src/protocol/position.ts'
import { type Dateline, startBare, startGateway } from './contenders.ts'
import type { Door } from './crowd.ts'
import { EVENT_ID } from './feed-writer.ts'
import { print, rounded, runOn, whole } from './ground.ts'
import { median } from './turn.ts'

export interface StormOptions {
  readonly viewers: number
  readonly rounds: number
}

/** So many updates are a snapshot of about 30 KB. */
const UPDATES = 40
/** Each round: two of Dateline's, one of the other. */
const STORMS = 3
/** A returning viewer lacks so many entries. */
const BEHIND = 5

/**
 * All viewers come at once. In Dateline every other one resumes from its position, and is given the entries behind it; the
 * others are given the snapshot. Socket.IO as it comes only lets them in.
 */
export function benchStorm(options: StormOptions): Promise<void> {
  return runOn(
    async (ground, lifecycle) => {
      const { viewers, rounds } = options
      const redis = ground.redis.client
      const dateline = await startGateway(ground, lifecycle)
      const stock = await startBare('stock', ground, lifecycle)
      await dateline.writer.prepare(1, UPDATES)
      for (let number = 1; number <= UPDATES; number++) await dateline.writer.commit(number, number)
      const door = await doorOf(dateline)
      print(`${viewers} viewers at once, every other one from its position, the others with a snapshot.`)
      print(`${rounds} rounds for each, taking turns.\n`)
      print('round  dateline/s   stock, connect only/s   ratio   Redis commands   beside so few viewers')

      const few = Math.max(2, Math.round(viewers / 10))
      const ours: number[] = []
      const theirs: number[] = []
      const commands: number[] = []
      for (let round = 0; round <= rounds; round++) {
        const before = await commandsOf(redis)
        const { tookMs, resumed, restarted, answerBytes } = await dateline.crowd.open(door, viewers)
        const spent = (await commandsOf(redis)) - before
        if (resumed !== Math.floor(viewers / 2) || restarted !== Math.ceil(viewers / 2)) {
          throw new Error(`of ${viewers} viewers ${resumed} were resumed and ${restarted} restarted`)
        }
        await dateline.crowd.close()
        const beforeFew = await commandsOf(redis)
        await dateline.crowd.open(door, few)
        const spentOnFew = (await commandsOf(redis)) - beforeFew
        await dateline.crowd.close()
        const { tookMs: stockMs } = await stock.crowd.open(stock.door, viewers)
        await stock.crowd.close()
        if (round === 0) {
          print(`The largest answer to a join has ${answerBytes} bytes.`)
          continue // it only warms up
        }
        const [our, their] = [viewers / (tookMs / 1_000), viewers / (stockMs / 1_000)]
        ours.push(our)
        theirs.push(their)
        commands.push(spent)
        const rates = [our.toFixed(0).padStart(10), their.toFixed(0).padStart(24), (our / their).toFixed(2).padStart(8)]
        print(
          [String(round).padEnd(7), ...rates, String(spent).padStart(17), `${spentOnFew} (${few})`.padStart(24)].join(
            '',
          ),
        )
      }
      return {
        bench: 'storm',
        dateline_per_s: whole(median(ours)),
        stock_connect_only_per_s: whole(median(theirs)),
        ratio: rounded(median(ours.map((our, i) => our / (theirs[i] ?? our)))),
        redis_commands: median(commands),
      }
    },
    { ...options, times: STORMS },
  )
}

/** Every other viewer stands some entries behind, as a client that has lost its connection does. */
async function doorOf({ writer, door }: Dateline): Promise<Door> {
  const join = (after: Position | null) => `420${JSON.stringify(['join', { eventId: EVENT_ID, after }])}`
  return { ...door, joins: [join(null), join(await writer.positionBehind(BEHIND))] }
}

/** How many commands Redis has answered since it runs. */
async function commandsOf(redis: Redis): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1])
}
