import type { Snapshot } from '../protocol/snapshot.ts'
import type { Update } from '../protocol/update.ts'
import { type ConnectionNeeds, createConnection } from './connection.ts'
import { Room, type RoomDoor, roomName } from './room.ts'
import type { ConnectionState, Watch, WatchChange, WatchOptions } from './types.ts'

export interface WatchNeeds extends ConnectionNeeds {
  fetchUpdate(eventId: string, updateId: string): Promise<Update>
  /** The update that was pinned right after an entry, as it was then. */
  fetchPinnedAt(eventId: string, seq: number): Promise<Update>
}

export interface Watches {
  watch(eventId: string, options: WatchOptions): Watch
  tokenChanged(): void
  stopAll(): void
}

interface Followed {
  readonly room: Room
  readonly listeners: Set<Listener>
}

/** All watches of one client: they share one socket, and those of one event share its room. */
export function createWatches(needs: WatchNeeds): Watches {
  const connection = createConnection(needs)
  const followed = new Map<string, Followed>()

  function follow(door: RoomDoor, from: Snapshot | undefined): Followed {
    const listeners = new Set<Listener>()
    const room = new Room({
      door,
      from,
      connection,
      random: needs.random,
      fetchPinned: (updateId, seq) =>
        door.replay === undefined ? needs.fetchUpdate(door.eventId, updateId) : needs.fetchPinnedAt(door.eventId, seq),
      tell(change) {
        for (const listener of [...listeners]) listener.tell(change)
      },
    })
    const started = { room, listeners }
    followed.set(room.name, started)
    connection.add(room)
    return started
  }

  function unfollow({ room }: Followed): void {
    followed.delete(room.name)
    room.stop()
    connection.remove(room)
  }

  return {
    watch(eventId, { from, replay, onChange }) {
      const door = { eventId, ...(replay === undefined ? {} : { replay }) }
      const joined = followed.get(roomName(door)) ?? follow(door, from)
      const listener = new Listener(onChange)
      joined.listeners.add(listener)
      // Not before the caller holds the watch: its listener may want to use it.
      queueMicrotask(() => listener.start(joined.room, from))
      return {
        eventId,
        get state(): ConnectionState {
          return listener.isStopped ? { name: 'stopped' } : joined.room.state
        },
        get view() {
          return joined.room.view
        },
        get verified() {
          return joined.room.verified
        },
        stop() {
          if (listener.isStopped) return
          listener.stop()
          joined.listeners.delete(listener)
          if (joined.listeners.size === 0) unfollow(joined)
        },
      }
    },
    tokenChanged: () => connection.tokenChanged(),
    stopAll() {
      for (const joined of [...followed.values()]) {
        for (const listener of joined.listeners) listener.stop()
        joined.listeners.clear()
        unfollow(joined)
      }
    },
  }
}

/** One watch's side of its room. It is told what the room had before it came, then every change. */
class Listener {
  readonly #onChange: WatchOptions['onChange']
  #phase: 'new' | 'told' | 'stopped' = 'new'

  constructor(onChange: WatchOptions['onChange']) {
    this.#onChange = onChange
  }

  get isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  start(room: Room, from: Snapshot | undefined): void {
    if (this.#phase === 'stopped') return
    this.#phase = 'told'
    if (room.view !== undefined && room.view !== from) {
      this.tell({ kind: 'restarted', reason: 'first-visit', view: room.view })
    }
    if (room.viewers !== undefined) this.tell({ kind: 'viewers', viewers: room.viewers })
    this.tell({ kind: 'state', state: room.state })
  }

  stop(): void {
    this.tell({ kind: 'state', state: { name: 'stopped' } })
    this.#phase = 'stopped'
  }

  tell(change: WatchChange): void {
    if (this.#phase !== 'told') return
    try {
      this.#onChange(change)
    } catch (error) {
      // The listener's own fault: it surfaces as uncaught, and neither the feed nor the other watches stumble over it.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
