import type { EventStatus } from '../../src/protocol/event.ts'
import type { Connection } from '../reading/connection.ts'
import { type StatusLine, statusLine } from '../reading/status-line.ts'
import type { PageMode } from './page-mode.ts'

/** Pure: what the page says about how live it is: nothing that is not live may look as if it were. */
export function pageStatus(mode: PageMode, status: EventStatus, connection: Connection, nowMs: number): StatusLine {
  const live = statusLine(status, connection, nowMs)
  switch (mode.name) {
    case 'live':
      return live
    case 'older':
      return mode.at === undefined ? live : NOT_LIVE
    case 'past':
      return NOT_LIVE
    case 'rehearsal':
      return live.tone === 'warning' ? live : REHEARSAL
  }
}

const NOT_LIVE: StatusLine = {
  tone: 'warning',
  text: 'Not live',
  spoken: 'Not live. You are reading the event as it was.',
}

const REHEARSAL: StatusLine = {
  tone: 'warning',
  text: 'Rehearsal',
  spoken: 'Rehearsal. This is a replay and not what readers see.',
}
