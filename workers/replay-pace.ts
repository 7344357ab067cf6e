import type { RunningReplay } from '../src/feed/replays.ts'

/** Entries that one advance may send. */
export const MAX_BATCH = 100
/** At the speed `max`: their lines are read by the rooms, so more of them cost Redis no more. */
export const MAX_SPEED_BATCH = 1_000
/**
 * A replay that is later than this (its worker was killed, its machine slept) goes on from where it was, at its intervals;
 * what is less is caught up with, so that the small delays of a busy machine do not add up.
 */
export const MAX_LATE_MS = 1_000

export type Pace =
  /** Send the entries up to this seq now; the last of them was due at `dueAt`, from where the next interval counts. */
  | { readonly do: 'send'; readonly seq: number; readonly dueAt: number }
  /** The next one is due later. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Nothing to do before somebody changes the replay. */
  | { readonly do: 'rest' }
  | { readonly do: 'end' }

/**
 * Pure: what a replay does now. The interval before an entry is the one between the commits of it and its predecessor,
 * divided by the speed and cut at maxSilenceMs; it counts from when the last one was due, whichever worker sent it.
 * `times` are the commit times in ms of the entry at replay.seq (before the first one: its own) and of those after it.
 */
export function paceOf(replay: RunningReplay, times: readonly number[], now: number): Pace {
  const { state, speed, seq, to, sentAt, maxSilenceMs } = replay
  if (state === 'ended' || seq >= to) return { do: 'end' }
  if (state === 'paused' || speed === 'step') return { do: 'rest' }
  if (speed === 'max') return { do: 'send', seq: Math.min(to, seq + MAX_SPEED_BATCH), dueAt: now }

  let dueAt = sentAt
  let last = seq
  for (let i = 1; i < times.length && i <= MAX_BATCH && last < to; i++) {
    const interval = Math.max(0, (times[i] ?? 0) - (times[i - 1] ?? 0)) / speed
    const next = dueAt + Math.min(interval, maxSilenceMs ?? Number.POSITIVE_INFINITY)
    if (next > now) return last > seq ? { do: 'send', seq: last, dueAt } : { do: 'wait', ms: next - now }
    dueAt = now - next > MAX_LATE_MS ? now : next
    last += 1
  }
  // No time is known of the next one: the feed is asked for it.
  if (last === seq) return { do: 'send', seq: seq + 1, dueAt: now }
  return { do: 'send', seq: last, dueAt }
}
