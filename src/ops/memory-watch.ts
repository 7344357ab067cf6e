import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { type MemorySample, SAMPLE_EVERY_MS, secondsUntilFull, withSample } from './memory-forecast.ts'

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

/** Forecasts from what this process has seen so far. */
export function watchMemory(): MemoryWatch {
  let samples: readonly MemorySample[] = []
  return ({ usedBytes, limitBytes }) => {
    samples = withSample(samples, { atMs: Date.now(), bytes: usedBytes })
    return { usedBytes, limitBytes, secondsUntilFull: secondsUntilFull(samples, limitBytes) }
  }
}

export interface MemorySamplerNeeds {
  readMemory(): Promise<MemoryUse>
  readonly memoryWatch: MemoryWatch
  readonly log: Logger
}

/** Looks by itself, so that there is a forecast when somebody asks for one. */
export function sampleMemory({ readMemory, memoryWatch, log }: MemorySamplerNeeds): Part {
  const timer = setInterval(() => {
    readMemory().then(memoryWatch, (err: unknown) => log.debug({ err }, 'the memory of Redis was not looked at'))
  }, SAMPLE_EVERY_MS)
  return {
    name: 'memory sampler',
    async stop() {
      clearInterval(timer)
    },
  }
}
