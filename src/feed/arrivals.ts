import type { Part } from '../foundation/lifecycle.ts'
import type { Logger } from '../foundation/logger.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'

/** Notes when submissions came where. Noting costs nothing but memory: what was noted is written once a second. */
export interface Arrivals extends Part {
  /** How long accepting took, in ms. */
  accepted(eventId: string, acceptNumber: number, tookMs: number): void
  /** How long normalizing took, in ms. */
  normalized(eventId: string, acceptNumber: number, tookMs: number): void
  /** When it was accepted and when it ended, in ms since 1970. */
  committed(eventId: string, acceptNumber: number, acceptedMs: number, committedMs: number): void
  /** When the entry was on the sockets of a gateway (its name as of gatewayName), in ms since 1970. */
  reached(eventId: string, acceptNumber: number, gateway: string, epoch: string, reachedMs: number): void
}

export interface ArrivalsNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly log: Logger
}

/** Times are kept in parts of so many accept numbers, of which the newest are kept: 9,001 to 10,000 numbers of an event. */
export const NUMBERS_A_PART = 1_000
export const PARTS_KEPT = 10
/** A part goes this long after the last time was added to it. */
const KEPT_MS = 7 * 86_400_000

const WRITE_EVERY_MS = 1_000
/** In memory at most, over all events: what comes on top is not noted. Some MB. */
export const MAX_NOTES = 50_000

/** The fields of a part: the accept number, a colon, and one of these; a gateway adds its name to `reached`. */
export const FIELD = { accepted: 'a', normalized: 'n', committed: 'c', reached: 'g' } as const

type Note = readonly [acceptNumber: number, field: string, value: string]

/**
 * Arrival records: how long each submission took to be accepted, normalized and committed, and to reach the sockets of each
 * gateway. They are for ops: where they are lost nothing else is.
 */
export function createArrivals({ redis, keys, log }: ArrivalsNeeds): Arrivals {
  let notes = new Map<string, Note[]>()
  let count = 0
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function note(eventId: string, acceptNumber: number, field: string, value: string): void {
    if (count >= MAX_NOTES) {
      lost += 1
      return
    }
    count += 1
    timer ??= setTimeout(write, WRITE_EVERY_MS)
    const ofEvent = notes.get(eventId)
    if (ofEvent === undefined) notes.set(eventId, [[acceptNumber, field, value]])
    else ofEvent.push([acceptNumber, field, value])
  }

  function write(): void {
    timer = undefined
    const written = [...notes]
    if (lost > 0) log.warn({ lost }, 'arrival times were not noted: too many at once')
    notes = new Map()
    count = 0
    lost = 0
    writing = Promise.all(written.map(([eventId, ofEvent]) => writeEvent(eventId, ofEvent))).then(
      () => undefined,
      (err: unknown) => log.warn({ err }, 'arrival times were not kept'),
    )
  }

  /** One pipeline, of one cluster slot. */
  async function writeEvent(eventId: string, ofEvent: readonly Note[]): Promise<void> {
    const parts = new Map<number, string[]>()
    for (const [acceptNumber, field, value] of ofEvent) {
      const part = partOf(acceptNumber)
      const fields = parts.get(part) ?? []
      fields.push(`${acceptNumber}:${field}`, value)
      parts.set(part, fields)
    }
    const event = keys.event(eventId)
    const pipeline = redis.pipeline()
    for (const [part, fields] of parts) {
      pipeline.hset(event.arrivals(part), fields).pexpire(event.arrivals(part), KEPT_MS)
      if (part >= PARTS_KEPT) pipeline.unlink(event.arrivals(part - PARTS_KEPT))
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error
  }

  return {
    name: 'arrivals',
    accepted: (eventId, acceptNumber, tookMs) => note(eventId, acceptNumber, FIELD.accepted, rounded(tookMs)),
    normalized: (eventId, acceptNumber, tookMs) => note(eventId, acceptNumber, FIELD.normalized, rounded(tookMs)),
    committed: (eventId, acceptNumber, acceptedMs, committedMs) =>
      note(eventId, acceptNumber, FIELD.committed, `${acceptedMs} ${committedMs}`),
    reached: (eventId, acceptNumber, gateway, epoch, reachedMs) =>
      note(eventId, acceptNumber, `${FIELD.reached}${gateway}`, `${reachedMs} ${epoch}`),
    async stop() {
      await writing
      if (timer === undefined) return
      clearTimeout(timer)
      write()
      await writing
    },
  }
}

/** A gateway in arrival records: short, because it stands in each. */
export function gatewayName(processId: string): string {
  return processId.slice(0, 8)
}

export function partOf(acceptNumber: number): number {
  return Math.floor(acceptNumber / NUMBERS_A_PART)
}

/** To 0.01 ms. */
function rounded(ms: number): string {
  return String(Math.round(ms * 100) / 100)
}
