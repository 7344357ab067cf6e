import type { Position } from '../protocol/position.ts'
import type { Update } from '../protocol/update.ts'

export const EVENTS = '/v1/events'

/** The path of something of an event. The event's id cannot lead it anywhere else. */
export function at(eventId: string, ...rest: string[]): string {
  return [EVENTS, encodeURIComponent(eventId), ...rest].join('/')
}

/** The path of rel="next" in a Link header (RFC 8288). */
export function nextPage(link: string | null): string | undefined {
  return /<(\/[^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
}

/** The page of a feed after a position, which is compared with the feed. */
export function entriesPath(eventId: string, { epoch, seq, chain }: Position, limit: number): string {
  return `${at(eventId, 'entries')}?after=${encodeURIComponent(`${epoch}:${seq}:${chain}`)}&limit=${limit}`
}

/** The updates below one, as they were right after the entry `seq`. */
export function olderPathAt(eventId: string, seq: number, { sortTime, id }: Pick<Update, 'sortTime' | 'id'>): string {
  return `${at(eventId, 'feed')}?limit=50&before=${Date.parse(sortTime)}.${id}&at=${seq}`
}
