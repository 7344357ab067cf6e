import type { FeedReader } from './feed-reader.ts'

/**
 * A reader for which all who ask the same within one turn of the event loop share one read: when an entry wakes a thousand
 * who wait for it, Redis is asked once. Nobody is given what was read before they asked.
 */
export function shareReads(reader: FeedReader): FeedReader {
  const asked = new Map<string, Promise<unknown>>()

  function once<T>(read: () => Promise<T>, ...question: readonly unknown[]): Promise<T> {
    const key = JSON.stringify(question)
    const shared = asked.get(key) as Promise<T> | undefined
    if (shared !== undefined) return shared
    const answer = new Promise<T>((resolve, reject) => {
      setImmediate(() => {
        asked.delete(key)
        read().then(resolve, reject)
      })
    })
    asked.set(key, answer)
    return answer
  }

  return {
    snapshot: (eventId, options) => once(() => reader.snapshot(eventId, options), 'snapshot', eventId, options),
    linesAfter: (eventId, after, limit) =>
      once(() => reader.linesAfter(eventId, after, limit), 'lines', eventId, after, limit),
    head: eventId => once(() => reader.head(eventId), 'head', eventId),
    event: eventId => once(() => reader.event(eventId), 'event', eventId),
    update: (eventId, updateId) => once(() => reader.update(eventId, updateId), 'update', eventId, updateId),
  }
}
