import { committedAt } from '../feed/replays.ts'
import type { Logger } from '../foundation/logger.ts'
import { type Metrics, secondsSince } from '../foundation/metrics.ts'
import type { RestartReason } from '../protocol/socket.ts'
import type { EntryFrame } from './frame.ts'
import type { RoomPlace } from './load-room.ts'

export interface RoomMeterNeeds {
  readonly place: RoomPlace
  readonly metrics: Pick<Metrics, 'fanoutSeconds' | 'joins' | 'restarts' | 'resyncs'>
  readonly log: Logger
}

export type RoomMeter = ReturnType<typeof createRoomMeter>

/**
 * Measures what one room does. Of a rehearsal only joins are counted: its entries were committed long ago, and its viewers
 * begin anew whenever its replay is sought.
 */
export function createRoomMeter({ place: { name, eventId }, metrics, log }: RoomMeterNeeds) {
  const isLive = name === eventId
  const logsEntries = log.isLevelEnabled('debug')

  function restarted(reason: RestartReason, viewers: number): void {
    if (isLive && reason !== 'first-visit') metrics.restarts.inc({ reason }, viewers)
  }

  return {
    /** These were written to the last of the viewers. */
    sent(frames: readonly EntryFrame[]): void {
      for (const { line } of frames) {
        if (isLive) metrics.fanoutSeconds.observe(secondsSince(committedAt(line)))
        if (logsEntries) log.debug({ room: name, ...idsIn(eventId, line) }, 'entry sent')
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
