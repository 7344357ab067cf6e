import { startBare, startGateway, startLoop } from './contenders.ts'
import { print, rounded, runOn, whole } from './ground.ts'
import { type NchanOptions, startNchan } from './nchan.ts'
import { Report } from './report.ts'
import { createTurns, type TurnsOptions, takeTurns } from './turn.ts'

export interface FanoutOptions extends NchanOptions, TurnsOptions {}

/**
 * One update to all viewers of a room, and the next one when all have it: Dateline (entries committed by commit.lua),
 * Socket.IO as it comes, websockets of `ws` that are given one ready-made frame, and nchan. All are told of an update by
 * Redis, nchan by its POST: from there an update counts until it is with the last viewer.
 */
export function benchFanout(options: FanoutOptions): Promise<void> {
  return runOn(async (ground, lifecycle) => {
    const dateline = await startGateway(ground, lifecycle)
    const stock = await startBare('stock', ground, lifecycle)
    const raw = await startBare('raw', ground, lifecycle)
    const loop = await startLoop(ground, lifecycle)
    const nchan = await startNchan(options, ground, lifecycle)
    const contenders = [dateline, stock, raw, nchan, loop].filter(contender => contender !== undefined)
    const { viewers, rounds, times } = options
    print(`One update to ${viewers} viewers; ${rounds} rounds of ${times} updates for each, taking turns.\n`)
    const report = new Report()
    await takeTurns(contenders, createTurns({ ...options, atOnce: 1 }), options, report)
    await dateline.expectFastPath()
    report.end(loop)
    const cpu = [report.cpuRatio(dateline, raw), report.cpuRatio(dateline, stock)].map(ratio => ratio?.toFixed(2))
    print(`By the CPU time of a delivery alone: ${cpu[0]} of raw websockets, ${cpu[1]} times Socket.IO as it comes.`)
    print(
      `p99 of one update to the last viewer: ${report.ratio(dateline, raw, turn => turn.p99Ms)?.toFixed(2)} of raw's.`,
    )
    return {
      bench: 'fanout',
      viewers,
      dateline_per_s: whole(report.median(dateline)),
      stock_per_s: whole(report.median(stock)),
      raw_ws_per_s: whole(report.median(raw)),
      nchan_per_s: whole(report.median(nchan)),
      ratio_raw: rounded(report.ratio(dateline, raw)),
      ratio_stock: rounded(report.ratio(dateline, stock)),
      ratio_nchan: rounded(report.ratio(dateline, nchan)),
      cpu_us: rounded(report.median(dateline, turn => turn.cpuUs ?? 0)),
      p99_ms: rounded(report.median(dateline, turn => turn.p99Ms)),
      raw_p99_ms: rounded(report.median(raw, turn => turn.p99Ms)),
    }
  }, options)
}
