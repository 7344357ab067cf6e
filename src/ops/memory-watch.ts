import { type MemorySample, secondsUntilFull, withSample } from './memory-forecast.ts'

/** What Redis uses and may use at most; 0 is no limit. */
export interface MemoryUse {
  readonly usedBytes: number
  readonly limitBytes: number
}

export interface MemoryView extends MemoryUse {
  /** Infinity where its memory does not grow, has no limit, or was not looked at for long enough. */
  readonly secondsUntilFull: number
}

export type MemoryWatch = (use: MemoryUse) => MemoryView

/** Forecasts from what this process saw so far: the more often somebody looks, the sooner it can tell. */
export function watchMemory(): MemoryWatch {
  let samples: readonly MemorySample[] = []
  return ({ usedBytes, limitBytes }) => {
    samples = withSample(samples, { atMs: Date.now(), bytes: usedBytes })
    return { usedBytes, limitBytes, secondsUntilFull: secondsUntilFull(samples, limitBytes) }
  }
}
