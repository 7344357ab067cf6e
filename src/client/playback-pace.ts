import type { ReplaySpeed } from '../protocol/replay.ts'

/** Where a playback stands between two entries. Times are in ms. */
export interface Playhead {
  /** The feed's own clock, since 1970: what was committed up to it is shown. */
  readonly feedMs: number
  /** For how long nothing was shown, by the reader's clock. Pauses do not count. */
  readonly silentMs: number
}

/** Pure: the playhead after some time of playing, by the reader's clock. */
export function playedOn({ feedMs, silentMs }: Playhead, elapsedMs: number, speed: ReplaySpeed): Playhead {
  const elapsed = Math.max(0, elapsedMs)
  return { feedMs: feedMs + (typeof speed === 'number' ? elapsed * speed : 0), silentMs: silentMs + elapsed }
}

/**
 * Pure: how long the next entry is waited for, by the reader's clock: the feed's interval divided by the speed, and a
 * silence is over after `maxSilenceMs`. 0 or less when it is due; infinite at the speed `step`.
 */
export function untilDue(head: Playhead, nextMs: number, speed: ReplaySpeed, maxSilenceMs: number): number {
  if (speed === 'max') return 0
  if (speed === 'step') return Number.POSITIVE_INFINITY
  return Math.min((nextMs - head.feedMs) / speed, maxSilenceMs - head.silentMs)
}

/** Pure: the playhead when an entry has just been shown. An entry is never dated before the one ahead of it. */
export function arrivedAt(head: Playhead, entryMs: number): Playhead {
  return { feedMs: Math.max(head.feedMs, entryMs), silentMs: 0 }
}
