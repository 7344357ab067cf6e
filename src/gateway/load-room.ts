import type { FeedReader, SnapshotText } from '../feed/feed-reader.ts'
import { Event } from '../protocol/event.ts'
import { EMPTY_CHAIN } from '../protocol/position.ts'
import { entryFrame } from './frame.ts'
import { SNAPSHOT_LIMIT } from './latest-snapshot.ts'
import { MAX_TAIL_ENTRIES, Tail } from './tail.ts'

/** Which room: its name on the wire, and the event whose feed it follows. A live room is named as its event. */
export interface RoomPlace {
  readonly name: string
  readonly eventId: string
}

/** What a room holds of its feed: read at first, and again when the feed turns out to be another. */
export interface RoomState {
  readonly epoch: string
  readonly tail: Tail
  readonly event: Event
  readonly snapshot: SnapshotText
}

/** Reads what a room needs to open; undefined when there is no such event. What comes later is the room's to catch up. */
export async function loadRoom(reader: FeedReader, { name, eventId }: RoomPlace): Promise<RoomState | undefined> {
  const snapshot = await reader.snapshot(eventId, { limit: SNAPSHOT_LIMIT })
  if (snapshot === undefined) return undefined
  const { epoch, seq } = snapshot.position
  // One entry more than the tail keeps: the first is where the tail begins.
  const from = Math.max(0, seq - MAX_TAIL_ENTRIES - 1)
  const read = await reader.linesAfter(eventId, { epoch, seq: from }, MAX_TAIL_ENTRIES + 1)
  if (!read.found) throw new Error(`the feed of ${eventId} changed while its room was opened: ${read.why}`)
  const frames = read.lines.map(line => {
    const frame = entryFrame(name, epoch, line)
    if (frame === undefined) throw new Error(`a line of the feed of ${eventId} cannot be read`)
    return frame
  })
  const first = frames[0]
  const beginsAtStart = from === 0 || first === undefined
  const tail = new Tail(beginsAtStart ? { seq: from, chain: EMPTY_CHAIN } : first)
  for (const frame of beginsAtStart ? frames : frames.slice(1)) tail.push(frame)
  const { event } = JSON.parse(snapshot.json) as { event: unknown }
  return { epoch, tail, event: Event.parse(event), snapshot }
}
