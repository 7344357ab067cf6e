import { useEffect, useState } from 'preact/hooks'
import type { Replay } from '../../../src/protocol/replay.ts'
import type { OpsApi } from '../ops-api.ts'
import type { ReplayTimes } from './replay-progress.ts'

/** When the entries were committed between which a replay stands; read as it moves. Undefined until it is known. */
export function useReplayTimes(
  api: Pick<OpsApi, 'committedMs'>,
  { eventId, from, to, seq, speed, state }: Replay,
): ReplayTimes | undefined {
  const [endMs, setEndMs] = useState<number>()
  const [sentMs, setSentMs] = useState<number>()
  const isTimed = typeof speed === 'number' && state !== 'ended'

  const read = (place: number, take: (ms: number | undefined) => void) => {
    if (!isTimed) return
    const stop = new AbortController()
    // Without these times the page just does not say how much is left.
    api.committedMs(eventId, place, stop.signal).then(take, () => stop.signal.aborted || take(undefined))
    return () => stop.abort()
  }
  useEffect(() => read(to, setEndMs), [to, isTimed])
  useEffect(() => read(Math.max(seq, from), setSentMs), [seq, from, isTimed])
  return sentMs === undefined || endMs === undefined ? undefined : { sentMs, endMs }
}
