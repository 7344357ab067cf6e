import type { AnnouncementListener, Announcements } from '../feed/announcements.ts'
import { type Arrivals, gatewayName } from '../feed/arrivals.ts'
import type { AudienceCount } from '../feed/audience-count.ts'
import type { FeedReader } from '../feed/feed-reader.ts'
import { createReplayReader } from '../feed/replay-reader.ts'
import type { Replays } from '../feed/replays.ts'
import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Metrics } from '../foundation/metrics.ts'
import type { Tokens } from '../foundation/tokens.ts'
import type { RoomPresence } from '../protocol/ops.ts'
import { replayRoom } from '../protocol/replay.ts'
import { loadRoom } from './load-room.ts'
import { createPageTurns } from './rehearsal-pace.ts'
import { Room, type RoomNeeds } from './room.ts'

export interface RoomsNeeds {
  readonly reader: FeedReader
  readonly replays: Pick<Replays, 'find'>
  readonly announcements: Announcements
  readonly tokens: Pick<Tokens, 'holds' | 'whenRevoked'>
  readonly arrivals: Pick<Arrivals, 'reached'>
  readonly traces: RoomNeeds['traces']
  readonly audience: Pick<AudienceCount, 'report'>
  /** Of this process, as others see it. */
  readonly processId: string
  readonly metrics: Pick<Metrics, 'rooms' | 'tailEntries' | 'onScrape'> & RoomNeeds['metrics']
  readonly log: Logger
}

/** Where a viewer wants in: the live room of an event, or the rehearsal room of one of its replays. */
export interface RoomDoor {
  readonly eventId: string
  readonly replay?: string | undefined
}

export interface Rooms extends Part {
  /** The open room behind a door, opened when it is not; undefined when there is no such event or replay. */
  enter(door: RoomDoor): Promise<Room | undefined>
  /** The open rooms. */
  list(): Promise<RoomPresence[]>
}

/** A room with viewers compares itself with Redis this often, so that a lost last message is noticed. */
const TICK_MS = 2_000
/** Tokens that ran out are looked for this often, whether Redis answers or not. */
const RIGHTS_MS = 1_000

/** A room closes this long after its last viewer left. */
export const CLOSE_AFTER_MS = 30_000

interface OpenRoom {
  readonly door: RoomDoor
  readonly room: Room
  /** How many viewers others were told that it has. */
  toldViewers: number
  /** Joins that others were not told of yet. */
  untoldJoins: number
  leave(): void
  emptySince: number | undefined
}

/** The name of the room on the wire. */
export function roomName({ eventId, replay }: RoomDoor): string {
  return replay === undefined ? eventId : replayRoom(replay)
}

export function createRooms(needs: RoomsNeeds): Rooms {
  const { reader, replays, announcements, tokens, arrivals, traces, audience, processId, metrics, log } = needs
  const gateway = gatewayName(processId)
  const pageTurns = createPageTurns()
  const rooms = new Map<string, Promise<OpenRoom | undefined>>()
  let ticking: Promise<void> = Promise.resolve()
  let stopped = false
  let timer = setTimeout(tick, TICK_MS)
  const rights = setInterval(evictUnreadable, RIGHTS_MS)
  const leaveRevocations = tokens.whenRevoked(evictUnreadable)
  metrics.onScrape(measure)

  async function open(door: RoomDoor): Promise<OpenRoom | undefined> {
    const place = { name: roomName(door), eventId: door.eventId }
    // Lines announced while the room is loaded are not lost: it compares itself once it is there.
    let room: Room | undefined
    const listener = {
      line: (line: string) => room?.take(line),
      again: (from: number) => room?.sendAgain(from),
      changed: () => room?.compareSoon(),
      reconnected: () => room?.compareSoon(),
    }
    const leave = await listen(door, listener)
    try {
      const source = door.replay === undefined ? reader : createReplayReader({ reader, replays, replayId: door.replay })
      const state = await loadRoom(source, place)
      if (state === undefined) {
        leave()
        rooms.delete(place.name)
        return undefined
      }
      room = new Room({ place, reader: source, tokens, pageTurns, arrivals, gateway, traces, metrics, log }, state)
      await room.compare()
      return { door, room, toldViewers: 0, untoldJoins: 0, leave, emptySince: Date.now() }
    } catch (error) {
      leave()
      rooms.delete(place.name)
      throw error
    }
  }

  function listen({ eventId, replay }: RoomDoor, listener: AnnouncementListener): Promise<() => void> {
    if (replay === undefined) return announcements.listen(eventId, listener)
    return announcements.listenToReplay(eventId, replay, listener)
  }

  async function openRooms(): Promise<OpenRoom[]> {
    const opened = await Promise.all([...rooms.values()].map(opening => opening.catch(() => undefined)))
    return opened.filter(room => room !== undefined)
  }

  /** Of each room as it is: one that is being opened holds up no other. */
  function evictUnreadable(): void {
    for (const opening of rooms.values()) {
      opening.then(
        open => open?.room.evictUnreadable(),
        () => undefined, // whoever opened it was told
      )
    }
  }

  async function measure(): Promise<void> {
    const open = await openRooms()
    metrics.rooms.set(open.length)
    metrics.tailEntries.set(open.reduce((sum, { room }) => sum + room.tailEntries, 0))
  }

  function tick(): void {
    ticking = tickAll(Date.now())
      .catch((err: unknown) => log.error({ err }, 'rooms were not looked after'))
      .then(() => {
        if (!stopped) timer = setTimeout(tick, TICK_MS)
      })
  }

  /** Tells the others how many viewers the room has here (0 when it is left), and learns how many it has elsewhere. */
  async function countViewers(open: OpenRoom, viewers: number, streams: number): Promise<void> {
    const { room, toldViewers } = open
    const { eventId, replay: replayId } = open.door
    open.untoldJoins += room.takeJoins()
    const joins = open.untoldJoins
    if (viewers === 0 && toldViewers === 0 && joins === 0) return
    const all = await audience.report(processId, { eventId, replayId, sockets: viewers - streams, streams, joins })
    open.toldViewers = viewers
    open.untoldJoins -= joins
    room.noteViewersElsewhere(Math.max(0, all.sockets + all.streams + all.pollers - viewers))
  }

  function countAnyway(open: OpenRoom, { viewers, streams } = countOf(open)): Promise<void> {
    return countViewers(open, viewers, streams).catch((err: unknown) => {
      log.warn({ err, room: roomName(open.door) }, 'viewers were not counted')
    })
  }

  async function tickAll(now: number): Promise<void> {
    for (const [name, opening] of rooms) {
      const opened = await opening.catch(() => undefined) // whoever opened it was told
      if (opened === undefined) continue
      // Asked first, on the same connection: it is answered before the room tells its viewers.
      const counting = countAnyway(opened)
      if (opened.room.viewers > 0) {
        opened.emptySince = undefined
        await opened.room.tick(now).catch((err: unknown) => log.warn({ err, room: name }, 'room was not compared'))
      } else {
        opened.emptySince ??= now
        if (now - opened.emptySince >= CLOSE_AFTER_MS) {
          rooms.delete(name)
          opened.leave()
        }
      }
      await counting
    }
  }

  return {
    name: 'rooms',
    async enter(door) {
      const name = roomName(door)
      let opening = rooms.get(name)
      if (opening === undefined) {
        opening = open(door)
        rooms.set(name, opening)
      }
      const opened = await opening
      if (opened !== undefined) opened.emptySince = undefined
      return opened?.room
    },
    async list() {
      const open = await openRooms()
      return open.map(({ door, room }) => ({ room: roomName(door), viewers: room.viewers, seq: room.position.seq }))
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(rights)
      leaveRevocations()
      await ticking
      await Promise.all((await openRooms()).map(open => countAnyway(open, NOBODY)))
      for (const opening of rooms.values()) (await opening.catch(() => undefined))?.leave()
      rooms.clear()
    },
  }
}

const NOBODY = { viewers: 0, streams: 0 }

function countOf({ room: { viewers, streams } }: OpenRoom): typeof NOBODY {
  return { viewers, streams }
}
