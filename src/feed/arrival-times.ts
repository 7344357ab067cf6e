import type { StepTimes } from '../protocol/gaps.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { FIELD, PARTS_KEPT, partOf } from './arrivals.ts'

/** What is known of one submission's way; times of clocks in ms since 1970. */
export interface ArrivalTimes {
  acceptMs?: number
  normalizeMs?: number
  acceptedMs?: number
  committedMs?: number
  /** By gateway: when it was on its sockets. */
  readonly reachedMs: Map<string, number>
}

export type ArrivalReader = ReturnType<typeof createArrivalReader>

/** Reads what arrivals.ts keeps. */
export function createArrivalReader({ redis, keys }: { redis: ScriptedRedis; keys: Keys }) {
  return {
    /** The parts of an event in which times may stand, the newest first. */
    parts(accepted: number): number[] {
      const newest = partOf(accepted)
      return Array.from({ length: Math.min(PARTS_KEPT, newest + 1) }, (_, i) => newest - i)
    },

    /** By accept number. What gateways noted under another epoch than the one now is of another numbering: it is left out. */
    async part(eventId: string, part: number, epoch: string): Promise<Map<number, ArrivalTimes>> {
      const fields = await redis.hgetall(keys.event(eventId).arrivals(part))
      const found = new Map<number, ArrivalTimes>()
      for (const [field, value] of Object.entries(fields)) {
        const [number = '', what = ''] = field.split(':')
        const acceptNumber = Number(number)
        const times = found.get(acceptNumber) ?? { reachedMs: new Map() }
        found.set(acceptNumber, times)
        take(times, what, value, epoch)
      }
      return found
    },
  }
}

function take(times: ArrivalTimes, what: string, value: string, epoch: string): void {
  const [first = '', second = ''] = value.split(' ')
  if (what === FIELD.accepted) times.acceptMs = Number(first)
  else if (what === FIELD.normalized) times.normalizeMs = Number(first)
  else if (what === FIELD.committed) {
    times.acceptedMs = Number(first)
    times.committedMs = Number(second)
  } else if (what.startsWith(FIELD.reached) && second === epoch) times.reachedMs.set(what.slice(1), Number(first))
}

/** From one clock's time to another's, in ms; never under 0, though clocks differ. */
export function msBetween(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs)
}

/** By nearest rank: each is one of the values. Null of none. */
export function percentilesOf(values: readonly number[]): StepTimes | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
