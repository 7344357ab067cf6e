import type { EventStatus } from '../../src/protocol/event.ts'

/** What an event's status is called on pages. */
export const STATUS_WORDS: Readonly<Record<EventStatus, string>> = {
  scheduled: 'Not started yet',
  live: 'Live',
  paused: 'Paused',
  ended: 'Ended',
  archived: 'Ended',
}

export function newUpdatesWords(count: number): string {
  return count === 1 ? '1 new update' : `${count} new updates`
}

export function viewersWords(viewers: number): string {
  return viewers === 1 ? '1 reader now' : `${viewers.toLocaleString('en')} readers now`
}
