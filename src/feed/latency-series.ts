import type { LatencySeries, LatencyStep, Percentiles } from '../protocol/ops.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { type ArrivalReader, type ArrivalTimes, msBetween, percentilesOf } from './arrival-times.ts'

export interface LatencyReaderNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly arrivals: ArrivalReader
}

/** Of which events (all, where none are named), and up to when. */
export interface LatencyQuestion {
  readonly eventIds: readonly string[] | undefined
  readonly minutes: number
}

export type LatencyReader = ReturnType<typeof createLatencyReader>

export const STEP_SECONDS = 60
const STEP_MS = STEP_SECONDS * 1_000
/** Looked at for one answer, newest first: so many events, and submissions. What is left out makes it incomplete. */
const MAX_EVENTS = 200
export const MAX_SUBMISSIONS = 50_000
/** Activity is noted up to a second late. */
const NOTED_LATE_MS = 2_000

/** How long submissions took, minute by minute of their accept, out of arrival records. */
export function createLatencyReader({ redis, keys, arrivals }: LatencyReaderNeeds) {
  return {
    async read({ eventIds, minutes }: LatencyQuestion, now: Date): Promise<LatencySeries> {
      const toMs = Math.ceil((now.getTime() + 1) / STEP_MS) * STEP_MS
      const fromMs = toMs - minutes * STEP_MS
      const asked = eventIds ?? (await activeSince(fromMs))
      const steps = Array.from({ length: minutes }, newStep)
      let left = MAX_SUBMISSIONS
      for (const eventId of asked.slice(0, MAX_EVENTS)) {
        if (left > 0) left -= await takeEvent(eventId, { fromMs, toMs, left }, steps)
      }
      return {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        stepSeconds: STEP_SECONDS,
        series: steps.map((step, i) => told(step, new Date(fromMs + i * STEP_MS))),
        complete: left > 0 && asked.length <= MAX_EVENTS,
      }
    },
  }

  /** One more than are looked at, so that it is noticed. */
  function activeSince(fromMs: number): Promise<string[]> {
    return redis.zrevrangebyscore(keys.activity, '+inf', fromMs - NOTED_LATE_MS, 'LIMIT', 0, MAX_EVENTS + 1)
  }

  /** Answers how many of its submissions were looked at. */
  async function takeEvent(
    eventId: string,
    { fromMs, toMs, left }: { fromMs: number; toMs: number; left: number },
    steps: readonly Step[],
  ): Promise<number> {
    const [epoch, accepted] = await redis.hmget(keys.event(eventId).meta, 'epoch', 'accepted')
    let looked = 0
    for (const part of arrivals.parts(Number(accepted ?? 0))) {
      const found = await arrivals.part(eventId, part, epoch ?? '')
      let newestMs = 0
      for (const times of found.values()) {
        looked += 1
        newestMs = Math.max(newestMs, times.acceptedMs ?? 0)
        if (times.acceptedMs === undefined || times.acceptedMs < fromMs || times.acceptedMs >= toMs) continue
        const step = steps[Math.floor((times.acceptedMs - fromMs) / STEP_MS)]
        if (step !== undefined) take(step, times, times.acceptedMs)
      }
      // Numbers are given in the order of accept: an older part holds nothing newer.
      if (newestMs < fromMs || looked >= left) break
    }
    return looked
  }
}

interface Step {
  count: number
  readonly accept: number[]
  readonly normalize: number[]
  readonly commit: number[]
  readonly reach: number[]
}

function newStep(): Step {
  return { count: 0, accept: [], normalize: [], commit: [], reach: [] }
}

function take(step: Step, { acceptMs, normalizeMs, committedMs, reachedMs }: ArrivalTimes, acceptedMs: number): void {
  step.count += 1
  if (acceptMs !== undefined) step.accept.push(acceptMs)
  if (normalizeMs !== undefined) step.normalize.push(normalizeMs)
  if (committedMs !== undefined) step.commit.push(msBetween(acceptedMs, committedMs))
  if (reachedMs.size > 0) step.reach.push(msBetween(acceptedMs, Math.max(...reachedMs.values())))
}

function told({ count, accept, normalize, commit, reach }: Step, at: Date): LatencyStep {
  return {
    ...{ at: at.toISOString(), count },
    ...{ accept: of(accept), normalize: of(normalize), commit: of(commit), reach: of(reach) },
  }
}

function of(values: readonly number[]): Percentiles {
  const found = percentilesOf(values)
  return found === null ? { p50: null, p95: null, p99: null } : { p50: found.p50, p95: found.p95, p99: found.p99 }
}
