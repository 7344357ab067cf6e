import type { Problem } from '../protocol/problems.ts'
import { type BackOff, backOffMs } from './back-off.ts'

const REPEAT: BackOff = { baseMs: 500, capMs: 15_000 }

/** An Idempotency-Key is kept for 24 hours; after that a repeat could be a second submission. */
export const REPEAT_FOR_MS = 23 * 3_600_000

/** What no server of ours asks for; a timer would not take much more. */
const MOST_ASKED_MS = 86_400_000

export interface FailedTry {
  /** Tries so far, 1 or more. */
  readonly attempt: number
  /** Since the first try. */
  readonly elapsedMs: number
  readonly problem: Problem
  /** What the answer's Retry-After asks for; 0 without one. */
  readonly retryAfterMs: number
  /** From 0 up to, not including, 1. */
  readonly random: number
}

export type RepeatStep = { readonly do: 'repeat'; readonly inMs: number } | { readonly do: 'give up' }

/** Pure: whether a failed write is sent again, and when. Never before Retry-After, and not together with everybody else. */
export function judgeFailure({ attempt, elapsedMs, problem, retryAfterMs, random }: FailedTry): RepeatStep {
  const inMs = retryAfterMs + backOffMs(REPEAT, attempt, random)
  if (!problem.retry || elapsedMs + inMs > REPEAT_FOR_MS) return { do: 'give up' }
  return { do: 'repeat', inMs }
}

/** What a problem itself asks for: `retryAfterMs`, of what was too many; 0 where it does not say. */
export function askedToWaitMs(problem: Problem | undefined): number {
  const ms = problem?.['retryAfterMs']
  return typeof ms === 'number' && ms > 0 ? Math.min(ms, MOST_ASKED_MS) : 0
}

/** Milliseconds of a Retry-After header (RFC 9110): seconds or an HTTP date. 0 when absent, past or unreadable. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(ms) && ms > 0 ? ms : 0
}
