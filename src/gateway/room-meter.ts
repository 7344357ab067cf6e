import type { Arrivals } from '../feed/arrivals.ts'
import { committedAt } from '../feed/replays.ts'
import type { Logger } from '../foundation/logger.ts'
import { type Metrics, secondsSince } from '../foundation/metrics.ts'
import { readLineNumber } from '../protocol/entry.ts'
import type { RestartReason } from '../protocol/socket.ts'
import type { Flush } from './audience.ts'
import type { EntryTraces } from './entry-traces.ts'
import type { EntryFrame } from './frame.ts'
import type { RoomPlace } from './load-room.ts'

export interface RoomMeterNeeds {
  readonly place: RoomPlace
  readonly arrivals: Pick<Arrivals, 'reached'>
  /** The name of this gateway in arrival records. */
  readonly gateway: string
  readonly traces: EntryTraces | undefined
  readonly metrics: Pick<Metrics, 'fanoutSeconds' | 'joins' | 'restarts' | 'resyncs'>
  readonly log: Logger
}

export type RoomMeter = ReturnType<typeof createRoomMeter>

/**
 * Measures what one room does. Of a rehearsal only joins are counted: its entries were committed long ago, and its viewers
 * begin anew whenever its replay is sought.
 */
export function createRoomMeter({ place, arrivals, gateway, traces, metrics, log }: RoomMeterNeeds) {
  const { name, eventId } = place
  const isLive = name === eventId
  const logsEntries = log.isLevelEnabled('debug')

  function restarted(reason: RestartReason, viewers: number): void {
    if (isLive && reason !== 'first-visit') metrics.restarts.inc({ reason }, viewers)
  }

  /** When the room took entries that it has not sent; only where they are traced. */
  const taken = new WeakMap<EntryFrame, number>()

  function measure(frame: EntryFrame, epoch: string, nowMs: number, { began, viewers }: Flush): void {
    const { line, seq } = frame
    metrics.fanoutSeconds.observe(secondsSince(committedAt(line)))
    const acceptNumber = readLineNumber(line)?.acceptNumber
    if (acceptNumber === undefined) return
    arrivals.reached(eventId, acceptNumber, gateway, epoch, nowMs)
    if (traces === undefined) return
    const ended = performance.now()
    traces.sent(eventId, { seq, acceptNumber, taken: taken.get(frame) ?? began, began, ended, viewers })
  }

  return {
    /** The room has it, and is about to send it. */
    taken(frame: EntryFrame): void {
      if (traces !== undefined) taken.set(frame, performance.now())
    },

    /** These were written to the last of the viewers. A few steps for each entry, however many viewers there are. */
    sent(frames: readonly EntryFrame[], epoch: string, flush: Flush): void {
      const nowMs = Date.now()
      for (const frame of frames) {
        if (isLive) measure(frame, epoch, nowMs, flush)
        if (logsEntries) log.debug({ room: name, ...idsIn(eventId, frame.line) }, 'entry sent')
      }
    },

    joined(answer: 'resumed' | RestartReason): void {
      const isOld = answer === 'resumed' || answer === 'first-visit'
      metrics.joins.inc({ result: isOld ? answer : 'restarted' })
      if (!isOld) restarted(answer, 1)
    },

    /** The room's viewers were told to begin anew. */
    restarted,

    /** The room read entries that no announcement had brought. */
    resynced(): void {
      if (isLive) metrics.resyncs.inc()
    },
  }
}

/** What the worker logged of the same entry: an entry has no requestId, which is nothing for readers. */
function idsIn(eventId: string, line: string) {
  const entry = JSON.parse(line) as {
    seq: number
    acceptNumber?: number
    updateId?: string
    update?: { id: string }
  }
  return { eventId, updateId: entry.update?.id ?? entry.updateId, acceptNumber: entry.acceptNumber, seq: entry.seq }
}
