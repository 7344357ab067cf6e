import { startBare, startGateway } from './contenders.ts'
import { print, rounded, runOn, whole } from './ground.ts'
import { Report } from './report.ts'
import { createTurns, type TurnsOptions, takeTurns } from './turn.ts'

export interface BurstOptions extends TurnsOptions {
  /** Updates at once. */
  readonly updates: number
}

/**
 * Updates that become ready at once (they waited for the one before them), beside websockets of `ws` that are given each
 * ready-made frame by a write of its own.
 */
export function benchBurst(options: BurstOptions): Promise<void> {
  return runOn(async (ground, lifecycle) => {
    const dateline = await startGateway(ground, lifecycle)
    const raw = await startBare('raw', ground, lifecycle)
    const { viewers, rounds, times, updates } = options
    print(`${updates} updates at once to ${viewers} viewers; ${rounds} rounds of ${times} such bursts for each.\n`)
    const report = new Report()
    await takeTurns([dateline, raw], createTurns({ ...options, atOnce: updates }), options, report)
    await dateline.expectFastPath()
    report.end()
    print(`By the CPU time of a delivery alone: ${report.cpuRatio(dateline, raw)?.toFixed(2)} times raw websockets.`)
    return {
      bench: 'burst',
      dateline_per_s: whole(report.median(dateline)),
      raw_ws_unbatched_per_s: whole(report.median(raw)),
      ratio: rounded(report.ratio(dateline, raw)),
    }
  }, options)
}
