import { Refusal } from '../../foundation/errors.ts'
import type { Part } from '../../foundation/lifecycle.ts'
import type { Logger } from '../../foundation/logger.ts'
import type { Keys } from '../../redis/keys.ts'
import type { ScriptedRedis } from '../../redis/scripts.ts'
import { openStoredEvent, type StoredEvent } from './stored-event.ts'

/** The lines of an archive in the store, by its name there. Rejects when it is not there. */
export type ReadStored = (name: string) => Promise<AsyncIterable<string>>

export interface StoredEvents extends Part {
  /** Hands `work` an event of the archive store, and keeps it open meanwhile. Throws `unavailable` when it cannot be read. */
  use<T>(eventId: string, name: string, work: (event: StoredEvent) => Promise<T>): Promise<T>
  /** The same of an event that may be there: undefined, and nothing is done, when it is not in the archive store. */
  useIfStored<T>(eventId: string, work: (event: StoredEvent) => Promise<T>): Promise<T | undefined>
  /** The same for as long as its taker likes: until it is released. */
  take(eventId: string, name: string): Promise<{ readonly event: StoredEvent; release(): void }>
}

/** So many entries of the events that were used last may be open; of each, memory has about 350 bytes. */
const MAX_OPEN_ENTRIES = 200_000
const MAX_OPEN_EVENTS = 100
/** One that could not be read is not tried again for so long: reading a whole archive is work. */
const REST_AFTER_FAILURE_MS = 5_000

interface Opened {
  readonly opening: Promise<StoredEvent>
  entries: number
  users: number
  failedAt?: number
}

/** Events of the archive store, opened when they are asked for; those that were not used for the longest are closed again. */
export function createStoredEvents(needs: {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly readStored: ReadStored
  readonly log: Logger
  /** So many entries may be open, beside those of events that somebody holds. */
  readonly maxEntries?: number
}): StoredEvents {
  const { redis, keys, readStored, log, maxEntries = MAX_OPEN_ENTRIES } = needs
  /** The one that was used last is the last. */
  const opened = new Map<string, Opened>()

  function find(eventId: string, name: string): Opened {
    const known = opened.get(name)
    const isTired = known?.failedAt !== undefined && Date.now() - known.failedAt >= REST_AFTER_FAILURE_MS
    const found = known === undefined || isTired ? open(eventId, name) : known
    opened.delete(name)
    opened.set(name, found)
    return found
  }

  function open(eventId: string, name: string): Opened {
    const fresh: Opened = { opening: readEvent(eventId, name), entries: 0, users: 0 }
    fresh.opening.then(
      ({ manifest }) => {
        fresh.entries = manifest.counts.entries
      },
      (err: unknown) => {
        fresh.failedAt = Date.now()
        log.error({ err, eventId, archive: name }, 'an event of the archive store cannot be read')
      },
    )
    return fresh
  }

  async function readEvent(eventId: string, name: string): Promise<StoredEvent> {
    return await openStoredEvent(eventId, name, await readStored(name))
  }

  /** Closes what is too much and in nobody's hands. The one that was used last stays, however large it is. */
  function makeRoom(): void {
    let entries = 0
    for (const each of opened.values()) entries += each.entries
    for (const [name, each] of [...opened].slice(0, -1)) {
      if (entries <= maxEntries && opened.size <= MAX_OPEN_EVENTS) return
      if (each.users > 0 || (each.entries === 0 && each.failedAt === undefined)) continue
      entries -= each.entries
      opened.delete(name)
      close(each)
    }
  }

  function close({ opening }: Opened): void {
    opening
      .then(event => event.close())
      .catch((err: unknown) => log.debug({ err }, 'an event of the archive store had not been open'))
  }

  async function take(eventId: string, name: string) {
    const found = find(eventId, name)
    found.users += 1
    let isReleased = false
    const release = () => {
      if (isReleased) return
      isReleased = true
      found.users -= 1
      makeRoom()
    }
    try {
      return { event: await found.opening, release }
    } catch (cause) {
      release()
      throw new Refusal('unavailable', 'This event is in the archive store, which cannot be read now.', { cause })
    }
  }

  async function use<T>(eventId: string, name: string, work: (event: StoredEvent) => Promise<T>): Promise<T> {
    const { event, release } = await take(eventId, name)
    try {
      return await work(event)
    } finally {
      release()
    }
  }

  return {
    name: 'stored events',
    take,
    use,
    async useIfStored(eventId, work) {
      const name = await redis.hget(keys.event(eventId).meta, 'stored')
      return name === null ? undefined : await use(eventId, name, work)
    },
    async stop() {
      for (const each of opened.values()) close(each)
      opened.clear()
    },
  }
}
