import type { Logger } from 'pino'

export interface Part {
  readonly name: string
  /** How long it may take to stop, where that is more than usual. */
  readonly stopsWithinMs?: number
  stop(): Promise<void>
}

/** A part may take this long to stop; then the next one is stopped. */
const PART_DEADLINE_MS = 5_000

/** Parts stop in the reverse of the order in which they were started. Stopping twice is stopping once. */
export class Lifecycle {
  readonly #parts: Part[] = []
  readonly #log: Logger
  #stopping: Promise<void> | undefined

  constructor(log: Logger) {
    this.#log = log
  }

  /** From the first call of `stop` on. */
  get isStopping(): boolean {
    return this.#stopping !== undefined
  }

  /** A part that has only just started when all are being stopped is stopped at once. */
  add<P extends Part>(part: P): P {
    if (this.#stopping === undefined) this.#parts.push(part)
    else void this.#stopOne(part)
    return part
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    for (const part of this.#parts.toReversed()) await this.#stopOne(part)
  }

  #stopOne(part: Part): Promise<void> {
    return withDeadline(part).catch((err: unknown) => {
      this.#log.error({ err, part: part.name }, 'part did not stop cleanly')
    })
  }
}

async function withDeadline(part: Part): Promise<void> {
  const deadlineMs = part.stopsWithinMs ?? PART_DEADLINE_MS
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${part.name} took over ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    await Promise.race([part.stop(), deadline])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Stops everything in order on SIGTERM or SIGINT, and by force after `graceMs`. A repeated signal changes nothing.
 * What it answers does the same without a signal, for the reason given.
 */
export function stopOnSignals(lifecycle: Lifecycle, log: Logger, graceMs: number): (reason: string) => void {
  let stopping = false
  function stop(reason: object): void {
    if (stopping) return
    stopping = true
    log.info(reason, 'stopping')
    setTimeout(() => process.exit(1), graceMs).unref()
    void lifecycle.stop().then(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop({ signal }))
  return reason => stop({ reason })
}
