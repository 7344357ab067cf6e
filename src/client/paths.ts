export const EVENTS = '/v1/events'

/** The path of something of an event. The event's id cannot lead it anywhere else. */
export function at(eventId: string, ...rest: string[]): string {
  return [EVENTS, encodeURIComponent(eventId), ...rest].join('/')
}
