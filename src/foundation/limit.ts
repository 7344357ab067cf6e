import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from './errors.ts'
import type { LimitName, Metrics } from './metrics.ts'

/** How much one sender may do: `atOnce`, and in `seconds` (1 or more) all of that again. */
export interface LimitRule {
  readonly name: LimitName
  readonly atOnce: number
  readonly seconds: number
}

/** What is left for one sender. */
export interface Quota {
  readonly remaining: number
  /** When there is more. Of one that is used up: when to come again. */
  readonly resetMs: number
}

export type Taken = Quota & { readonly isOver: boolean }

/** Counts what each sender does. It never rejects because a store is away. */
export interface Limit {
  readonly rule: LimitRule
  /** Takes one; takes nothing when that would be too many. */
  take(sender: string): Promise<Taken>
}

/** A limit that this process counts by itself: for what only concerns it. Undefined with `atOnce` 0: it is off. */
export function memoryLimit(rule: LimitRule, metrics: Pick<Metrics, 'limited'>): Limit | undefined {
  return rule.atOnce === 0 ? undefined : limitOf(rule, memoryLimiter(rule), metrics)
}

export function memoryLimiter({ atOnce, seconds }: LimitRule): RateLimiterMemory {
  return new RateLimiterMemory({ points: atOnce, duration: seconds, keyPrefix: '' })
}

export function limitOf(
  rule: LimitRule,
  limiter: Pick<RateLimiterAbstract, 'consume'>,
  { limited }: Pick<Metrics, 'limited'>,
): Limit {
  return {
    rule,
    async take(sender) {
      try {
        return { isOver: false, ...quotaOf(await limiter.consume(sender)) }
      } catch (over) {
        if (!(over instanceof RateLimiterRes)) throw over
        limited.inc({ limit: rule.name })
        return { isOver: true, ...quotaOf(over) }
      }
    },
  }
}

function quotaOf({ remainingPoints, msBeforeNext }: RateLimiterRes): Quota {
  return { remaining: remainingPoints, resetMs: Math.max(0, msBeforeNext) }
}

/** The refusal of what is too many: it says when to come again, in whole seconds for HTTP and in ms for whoever reads it. */
export function tooMany(detail: string, againInMs: number): Refusal {
  return new Refusal('too-many', detail, againIn(againInMs))
}

export function againIn(ms: number) {
  const retryAfterMs = Math.max(1, Math.ceil(ms))
  return { retryAfterSeconds: Math.ceil(retryAfterMs / 1_000), extra: { retryAfterMs } }
}
