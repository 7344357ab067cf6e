import type { EventCopy, EventCopyNeeds } from './event-copy.ts'
import { type Field, COPY_PAGE as PAGE, pagesOf, STORED_PARTS } from './event-parts.ts'

/** The same of an event in the archive store: it is all of one moment there. It is kept open until it is dropped. */
export async function copyStored(
  { redis, keys, stored }: EventCopyNeeds,
  eventId: string,
  name: string,
): Promise<EventCopy> {
  const [epoch] = await redis.hmget(keys.event(eventId).meta, 'epoch')
  const { event, release } = await stored.take(eventId, name)
  const { counts, chain } = event.manifest
  const counters = new Map(await event.fields('counters', 0, counts.counters))
  return {
    ...{ eventId, epoch: epoch ?? '', storedAs: name, seq: counts.entries, chain },
    ...{ updates: counts.updates, keyEvents: counts.keyEvents },
    settings: (await event.field('drafts', 'normalization')) ?? '',
    accepted: Number(counters.get('accepted')),
    head: Number(counters.get('head')),
    sizes: Object.fromEntries(STORED_PARTS.map(({ part }) => [part, counts[part]])) as EventCopy['sizes'],
    async *lines() {
      for (let seq = 0; seq < counts.entries; seq += PAGE) yield await event.lines(seq, PAGE)
    },
    async *fields(part) {
      for (let from = 0; from < counts[part]; from += PAGE) yield await event.fields(part, from, PAGE)
    },
    async *tombstones(updateIds) {
      for (const page of pagesOf(updateIds)) {
        const found = await Promise.all(page.map(async id => [id, await event.field('tombstones', id)] as const))
        yield found.filter((field): field is Field => field[1] !== undefined)
      }
    },
    async drop() {
      release()
    },
  }
}
