import type { Logger } from '../foundation/logger.ts'
import type { Metrics } from '../foundation/metrics.ts'
import { checkWire } from './check-wire.ts'

export interface FastPathNeeds {
  readonly metrics: Pick<Metrics, 'fastPath' | 'viewerWrites' | 'onScrape'>
  readonly log: Logger
  /** Why frames cannot be written straight to sockets; undefined when they can. */
  readonly check?: () => Promise<string | undefined>
}

/** Whether frames are written straight to sockets, and how many were. */
export interface FastPath {
  readonly isOn: boolean
  /** Resolves when it is known whether it works here. Until then, and where it does not, engine.io writes. */
  readonly checked: Promise<void>
  /** How many writes went which way since the last scrape: counted by whoever writes. */
  readonly writes: { straight: number; engine: number }
}

/**
 * The fast path relies on fields of engine.io and ws that no version need keep. It is tried once at the start; where it does
 * not work, all goes the public way, which costs about twice as much: a warning and `dateline_fast_path` say so.
 */
export function startFastPath({ metrics, log, check = checkWire }: FastPathNeeds): FastPath {
  let isOn = false
  // Counted here and told with each scrape: a labelled counter costs more than a tenth of the write itself.
  const writes = { straight: 0, engine: 0 }
  metrics.onScrape(() => {
    for (const path of ['straight', 'engine'] as const) {
      metrics.viewerWrites.inc({ path }, writes[path])
      writes[path] = 0
    }
  })
  const checked = check()
    .catch((error: unknown) => `the check failed: ${error instanceof Error ? error.message : String(error)}`)
    .then(reason => {
      isOn = reason === undefined
      metrics.fastPath.set(isOn ? 1 : 0)
      if (!isOn) log.warn({ reason }, 'frames are not written straight to sockets: viewers cost about twice as much')
    })

  return {
    get isOn() {
      return isOn
    },
    checked,
    writes,
  }
}
