import type { Replay, ReplayPatch, ReplaySpeed } from '../../protocol/replay.ts'
import type { Key } from './terminal-keys.ts'

/** What a key asks for: a change of the replay, its end, or to look no longer. */
export type Wish =
  | { readonly do: 'change'; readonly patch: ReplayPatch }
  | { readonly do: 'end' }
  | { readonly do: 'leave' }

export const KEYS_HELP =
  'space: pause, resume   ←/→: 10 entries   ↑/↓: speed   s: step   q: end it   Ctrl-C: leave it running'

const JUMP = 10
const [SLOWEST, FASTEST] = [0.1, 1_000]

/** Pure: what a key means for a replay as it stands; undefined for a key that means nothing. */
export function wishOf(key: Key, replay: Replay): Wish | undefined {
  const { seq, from, to, speed, state } = replay
  const change = (patch: ReplayPatch): Wish => ({ do: 'change', patch })
  const seekTo = (wanted: number) => change({ seq: Math.min(to, Math.max(from, wanted)) })
  if (key.ctrl === true) return key.name === 'c' || key.name === 'd' ? { do: 'leave' } : undefined
  switch (key.name) {
    case 'space':
      return change({ state: state === 'paused' ? 'running' : 'paused' })
    case 'left':
      return seekTo(seq - JUMP)
    case 'right':
      return seekTo(seq + JUMP)
    case 'up':
      return change({ speed: faster(speed) })
    case 'down':
      return change({ speed: slower(speed) })
    case 's':
      return change({ step: true })
    case 'q':
      return { do: 'end' }
    default:
      return undefined
  }
}

function faster(speed: ReplaySpeed): ReplaySpeed {
  if (speed === 'step') return 1
  return speed === 'max' || speed * 2 > FASTEST ? 'max' : speed * 2
}

function slower(speed: ReplaySpeed): ReplaySpeed {
  if (speed === 'max') return FASTEST
  return speed === 'step' ? speed : Math.max(SLOWEST, speed / 2)
}

/**
 * Pure: how long a replay still takes, in ms: the intervals between the commits of what is to come, each divided by the
 * speed and cut at the longest silence. `times` are the commit times from `from` on, `sinceLastMs` how long ago the last
 * entry was sent. Undefined where it waits for somebody.
 */
export function timeLeftMs(replay: Replay, times: readonly number[], sinceLastMs: number): number | undefined {
  const { from, to, seq, speed, state, maxSilenceMs = Number.POSITIVE_INFINITY } = replay
  if (state === 'ended' || seq >= to || speed === 'max') return 0
  if (state === 'paused' || speed === 'step') return undefined
  let leftMs = 0
  for (let next = Math.max(seq + 1, from + 1); next <= to; next += 1) {
    const interval = Math.max(0, (times[next - from] ?? 0) - (times[next - from - 1] ?? 0)) / speed
    const ms = Math.min(interval, maxSilenceMs)
    leftMs += next === seq + 1 ? Math.max(0, ms - sinceLastMs) : ms
  }
  return leftMs
}

/** Pure: such as `4:05` or `1:02:03`, rounded up. */
export function clockText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export function speedText(speed: ReplaySpeed): string {
  return typeof speed === 'number' ? `${speed}x` : speed
}
