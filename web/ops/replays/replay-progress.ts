import type { Replay } from '../../../src/protocol/replay.ts'
import { spanWords } from '../parts/words.ts'

/** When two entries were committed, in ms since 1970: the last one sent (or the first, before it), and the range's last. */
export interface ReplayTimes {
  readonly sentMs: number
  readonly endMs: number
}

/**
 * Pure: what is left of a replay, in ms of a clock on the wall; undefined where that cannot be known. With capped
 * silences it is an upper bound.
 */
export function timeLeftMs(replay: Replay, times: ReplayTimes | undefined): number | undefined {
  const { state, seq, to, speed, maxSilenceMs } = replay
  if (state === 'ended') return 0
  if (typeof speed !== 'number' || times === undefined) return undefined
  const real = Math.max(0, times.endMs - times.sentMs) / speed
  return maxSilenceMs === undefined ? real : Math.min(real, (to - seq) * maxSilenceMs)
}

/** Pure: where a replay stands, in words. */
export function progressWords(replay: Replay, leftMs: number | undefined): string {
  const { state, from, to, seq, speed, maxSilenceMs } = replay
  const total = to - from + 1
  const sent = seq - from + 1
  const place = `${sent} of ${total} sent`
  if (state === 'ended') return `${place}: it has ended.`
  if (speed === 'step') return `${place}, waiting for the next step.`
  const left =
    leftMs === undefined ? '' : `, ${maxSilenceMs === undefined ? 'about' : 'at most'} ${spanWords(leftMs)} left`
  return state === 'paused' ? `${place}${left}, paused.` : `${place}${left}.`
}
