import type { RunningReplay } from '../src/feed/replays.ts'

/** Entries that one advance may send at the speed `max`. */
export const MAX_BATCH = 100

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
 * divided by the speed and cut at maxSilenceMs; it counts from when the last one was sent, whichever worker sent it.
 * `times` are the commit times in ms of the entry at replay.seq (before the first one: its own) and of those after it.
 */
export function paceOf(replay: RunningReplay, times: readonly number[], now: number): Pace {
  const { state, speed, seq, to, sentAt, maxSilenceMs } = replay
  if (state === 'ended' || seq >= to) return { do: 'end' }
  if (state === 'paused' || speed === 'step') return { do: 'rest' }
  if (speed === 'max') return { do: 'send', seq: Math.min(to, seq + MAX_BATCH), dueAt: now }

  let dueAt = sentAt
  let last = seq
  for (let i = 1; i < times.length && last < to; i++) {
    const interval = Math.max(0, (times[i] ?? 0) - (times[i - 1] ?? 0)) / speed
    const next = dueAt + Math.min(interval, maxSilenceMs ?? Number.POSITIVE_INFINITY)
    if (next > now) return last > seq ? { do: 'send', seq: last, dueAt } : { do: 'wait', ms: Math.ceil(next - now) }
    dueAt = next
    last += 1
  }
  return { do: 'send', seq: last, dueAt }
}
