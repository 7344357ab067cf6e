import type { TraceLinks } from '../feed/trace-links.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Tracing } from '../foundation/tracing.ts'

/** When an entry came to a room and left it; by performance.now. */
export interface EntryTimes {
  readonly seq: number
  readonly acceptNumber: number
  /** The room took it. */
  readonly taken: number
  /** The first viewer was given it, and the last one. */
  readonly began: number
  readonly ended: number
  readonly viewers: number
}

export interface EntryTraces extends Part {
  sent(eventId: string, times: EntryTimes): void
}

export interface EntryTracesNeeds {
  readonly tracing: Tracing
  readonly links: Pick<TraceLinks, 'find'>
  /** The name of this gateway. */
  readonly gateway: string
  readonly log: Logger
}

const TELL_EVERY_MS = 1_000
/** In memory at most; what comes on top in that time is not traced. */
const MAX_WAITING = 10_000

/**
 * The last spans of a trace: an entry in its room, and on the way to the sockets. They are measured when it happens, and told
 * once a second, when it was looked up to which trace the entry belongs: nobody waits for that.
 */
export function createEntryTraces({ tracing, links, gateway, log }: EntryTracesNeeds): EntryTraces {
  let waiting = new Map<string, EntryTimes[]>()
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let telling: Promise<void> = Promise.resolve()

  function tellAll(): void {
    timer = undefined
    const told = [...waiting]
    waiting = new Map()
    count = 0
    telling = Promise.all(told.map(([eventId, times]) => tellEvent(eventId, times))).then(
      () => undefined,
      (err: unknown) => log.warn({ err }, 'entries were not traced'),
    )
  }

  async function tellEvent(eventId: string, times: readonly EntryTimes[]): Promise<void> {
    const numbers = times.map(({ acceptNumber }) => acceptNumber)
    const found = await links.find(eventId, numbers)
    for (const each of times) {
      const traceparent = found.get(each.acceptNumber)
      if (traceparent !== undefined) tracing.tell(traceparent, spanOf(eventId, each))
    }
  }

  function spanOf(eventId: string, { seq, acceptNumber, taken, began, ended, viewers }: EntryTimes) {
    const attributes = {
      'dateline.event_id': eventId,
      'dateline.accept_number': acceptNumber,
      'dateline.seq': seq,
      'dateline.gateway': gateway,
    }
    const fanOut = { name: 'fan-out', began, ended, attributes: { ...attributes, 'dateline.viewers': viewers } }
    return { name: 'room', began: taken, ended, attributes, children: [fanOut] }
  }

  return {
    name: 'entry traces',
    sent(eventId, times) {
      if (count >= MAX_WAITING) return
      count += 1
      timer ??= setTimeout(tellAll, TELL_EVERY_MS)
      const ofEvent = waiting.get(eventId)
      if (ofEvent === undefined) waiting.set(eventId, [times])
      else ofEvent.push(times)
    },
    async stop() {
      await telling
      if (timer === undefined) return
      clearTimeout(timer)
      tellAll()
      await telling
    },
  }
}
