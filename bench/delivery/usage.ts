import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a server tells of itself while it is measured. */
export type UsageCalls = {
  /** What it has used of a core so far, in µs. */
  readonly cpuUs: { takes: null; gives: number }
  /** Resident memory in KB, after all that is not needed was collected. */
  readonly memoryKb: { takes: null; gives: number }
}

export const usage = {
  async cpuUs(): Promise<number> {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  async memoryKb(): Promise<number> {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    // What a first collection lets go of may hold more: finalizers run between them.
    for (let i = 0; i < 3; i++) {
      collect()
      await new Promise(resolve => setImmediate(resolve))
    }
    return process.memoryUsage.rss() / 1_024
  },
}
