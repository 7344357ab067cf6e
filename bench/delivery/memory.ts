import { Lifecycle } from '../../src/foundation/lifecycle.ts'
import { createLogger } from '../../src/foundation/logger.ts'
import { type Bare, startBare, startGateway } from './contenders.ts'
import { type Ground, print, rounded, runOn } from './ground.ts'
import { median } from './turn.ts'

export interface MemoryOptions {
  readonly viewers: number
  readonly rounds: number
}

const KINDS = ['dateline', 'stock', 'raw'] as const
type Kind = (typeof KINDS)[number]
/** Came and went before: code and buffers that the first ones need are no cost of a viewer. */
const WARM_UP_VIEWERS = 500

/**
 * What viewers cost who have joined and wait: resident memory of the process with and without them, everything that is not
 * needed collected before. A process of its own each time.
 */
export function benchMemory(options: MemoryOptions): Promise<void> {
  const { viewers, rounds } = options
  return runOn(
    async ground => {
      print(`${viewers} idle viewers; ${rounds} rounds with a new process each, taking turns. KB for each viewer:\n`)
      print('round     dateline      stock     raw ws')
      const all = new Map<Kind, number[]>(KINDS.map(kind => [kind, []]))
      for (let round = 1; round <= rounds; round++) {
        const cells: string[] = []
        for (const kind of KINDS) {
          const kb = await measure(kind, ground, viewers)
          all.get(kind)?.push(kb)
          cells.push(kb.toFixed(2).padStart(11))
        }
        print([String(round).padEnd(7), ...cells].join(''))
      }
      const middle = (kind: Kind) => median(all.get(kind) ?? [])
      const ours = all.get('dateline') ?? []
      return {
        bench: 'memory',
        kb_per_viewer: rounded(middle('dateline')),
        stock_kb: rounded(middle('stock')),
        raw_ws_kb: rounded(middle('raw')),
        ratio_stock: rounded(median(ours.map((kb, i) => kb / (all.get('stock')?.[i] ?? kb)))),
      }
    },
    { ...options, times: KINDS.length },
  )
}

/** KB for each viewer. */
async function measure(kind: Kind, ground: Ground, viewers: number): Promise<number> {
  const lifecycle = new Lifecycle(createLogger('warn', 'bench'))
  try {
    if (kind === 'dateline') await ground.redis.client.flushall() // the event is created anew
    const { crowd, door, memoryKb }: Pick<Bare, 'crowd' | 'door' | 'memoryKb'> =
      kind === 'dateline' ? await startGateway(ground, lifecycle) : await startBare(kind, ground, lifecycle)
    await crowd.open(door, WARM_UP_VIEWERS)
    await crowd.close()
    const before = await memoryKb()
    await crowd.open(door, viewers)
    return ((await memoryKb()) - before) / viewers
  } finally {
    await lifecycle.stop()
  }
}
