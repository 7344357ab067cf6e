import type { Announcements } from '../feed/announcements.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import { loadRoom } from './load-room.ts'
import { Room } from './room.ts'

export interface RoomsNeeds {
  readonly reader: FeedReader
  readonly announcements: Announcements
  readonly log: Logger
}

export interface Rooms extends Part {
  /** The open room of an event, opened when it is not; undefined when there is no such event. */
  enter(eventId: string): Promise<Room | undefined>
}

/** A room with viewers compares itself with Redis this often, so that a lost last message is noticed. */
const TICK_MS = 2_000

/** A room closes this long after its last viewer left. */
export const CLOSE_AFTER_MS = 30_000

interface OpenRoom {
  readonly room: Room
  leave(): void
  emptySince: number | undefined
}

export function createRooms({ reader, announcements, log }: RoomsNeeds): Rooms {
  const rooms = new Map<string, Promise<OpenRoom | undefined>>()
  let ticking: Promise<void> = Promise.resolve()
  let stopped = false
  let timer = setTimeout(tick, TICK_MS)

  async function open(eventId: string): Promise<OpenRoom | undefined> {
    // Lines announced while the room is loaded are not lost: it compares itself once it is there.
    let room: Room | undefined
    const leave = await announcements.listen(eventId, {
      line: line => room?.take(line),
      reconnected: () => room?.compareSoon(),
    })
    try {
      const state = await loadRoom(reader, eventId)
      if (state === undefined) {
        leave()
        rooms.delete(eventId)
        return undefined
      }
      room = new Room({ eventId, reader, log }, state)
      await room.compare()
      return { room, leave, emptySince: Date.now() }
    } catch (error) {
      leave()
      rooms.delete(eventId)
      throw error
    }
  }

  function tick(): void {
    ticking = tickAll(Date.now())
      .catch((err: unknown) => log.error({ err }, 'rooms were not looked after'))
      .then(() => {
        if (!stopped) timer = setTimeout(tick, TICK_MS)
      })
  }

  async function tickAll(now: number): Promise<void> {
    for (const [eventId, opening] of rooms) {
      const opened = await opening.catch(() => undefined) // whoever opened it was told
      if (opened === undefined) continue
      if (opened.room.viewers > 0) {
        opened.emptySince = undefined
        await opened.room.tick(now).catch((err: unknown) => log.warn({ err, eventId }, 'room was not compared'))
      } else {
        opened.emptySince ??= now
        if (now - opened.emptySince >= CLOSE_AFTER_MS) {
          rooms.delete(eventId)
          opened.leave()
        }
      }
    }
  }

  return {
    name: 'rooms',
    async enter(eventId) {
      let opening = rooms.get(eventId)
      if (opening === undefined) {
        opening = open(eventId)
        rooms.set(eventId, opening)
      }
      const opened = await opening
      if (opened !== undefined) opened.emptySince = undefined
      return opened?.room
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await ticking
      for (const opening of rooms.values()) (await opening.catch(() => undefined))?.leave()
      rooms.clear()
    },
  }
}
