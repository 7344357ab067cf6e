import { startBare, startGateway } from './contenders.ts'
import { print, rounded, runOn, whole } from './ground.ts'
import { Report } from './report.ts'
import { createTurns, type TurnsOptions, takeTurns } from './turn.ts'

/** As fanout, on event streams, beside `res.write` of node:http for each viewer. */
export function benchSse(options: TurnsOptions): Promise<void> {
  return runOn(async (ground, lifecycle) => {
    const dateline = await startGateway(ground, lifecycle, 'streams')
    const plain = await startBare('plain', ground, lifecycle)
    const { viewers, rounds, times } = options
    print(`One update to ${viewers} event streams; ${rounds} rounds of ${times} updates for each, taking turns.\n`)
    const report = new Report()
    await takeTurns([dateline, plain], createTurns({ ...options, atOnce: 1 }), options, report)
    report.end()
    print(`By the CPU time of a delivery alone: ${report.cpuRatio(dateline, plain)?.toFixed(2)} times plain res.write.`)
    return {
      bench: 'sse',
      viewers,
      dateline_per_s: whole(report.median(dateline)),
      plain_per_s: whole(report.median(plain)),
      ratio: rounded(report.ratio(dateline, plain)),
      cpu_us: rounded(report.median(dateline, turn => turn.cpuUs ?? 0)),
      p99_ms: rounded(report.median(dateline, turn => turn.p99Ms)),
      plain_p99_ms: rounded(report.median(plain, turn => turn.p99Ms)),
    }
  }, options)
}
