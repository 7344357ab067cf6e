import type { EventStatus } from '../../src/protocol/event.ts'
import { type Connection, secondsLeft } from './connection.ts'
import { STATUS_WORDS } from './words.ts'

export interface StatusLine {
  /** How it looks: live (pulsing), quiet, warning. */
  readonly tone: 'live' | 'quiet' | 'warning'
  readonly text: string
  /** Said to screen readers: without what changes every second. */
  readonly spoken: string
}

/** Pure: what the page says about how live it is. A problem with the connection matters more than the event's status. */
export function statusLine(status: EventStatus, connection: Connection, nowMs: number): StatusLine {
  const say = (tone: StatusLine['tone'], text: string, spoken = text): StatusLine => ({ tone, text, spoken })
  const closed = status === 'ended' || status === 'archived'
  switch (connection.name) {
    case 'offline':
      return say('warning', 'You are offline', 'You are offline. Updates go on when you are back.')
    case 'waiting': {
      const seconds = secondsLeft(connection, nowMs)
      const lost = 'Connection lost.'
      return say(
        'warning',
        seconds === 0 ? `${lost} Reconnecting…` : `${lost} Reconnecting in ${seconds} s`,
        `${lost} Reconnecting.`,
      )
    }
    case 'refused':
      return say('warning', `Live updates are not available: ${connection.problem.detail ?? connection.problem.title}`)
    case 'connecting':
      return closed ? say('quiet', STATUS_WORDS[status]) : say('quiet', 'Connecting…')
    case 'live':
      if (connection.stale)
        return say('warning', 'Updates may be delayed', 'Connected, but new updates may be delayed for a moment.')
      if (status === 'live' && connection.by === 'poll')
        return say('live', 'Live, by polling', 'Live, by polling: updates may come a few seconds late.')
      return say(status === 'live' ? 'live' : 'quiet', STATUS_WORDS[status])
    case 'still':
      return say('quiet', status === 'live' ? 'Live coverage' : STATUS_WORDS[status])
  }
}
