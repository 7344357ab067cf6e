import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Position } from '../../src/protocol/position.ts'
import { type Away, awayAfter } from './away.ts'
import { createSeenStorage } from './seen-storage.ts'
import type { ViewerModel } from './viewer-model.ts'

/** So many entries are looked through for what was missed; beyond, there is "more". */
const MAX_MISSED = 1_000

/** A page that was left in the background for less is not told what came meanwhile. */
const AWAY_FROM_MS = 60_000

/** How far the reader has read is kept at most this often, and when the page is left. */
const KEEP_EVERY_MS = 1_000

export interface AwayNeeds {
  readonly client: DatelineClient
  readonly model: ViewerModel
  /** Whether what the model has is what the reader sees: not on a page of the past. */
  readonly isReading: boolean
}

/** What a returning reader missed, and what forgets it. How far the reader read is kept when the page is left. */
export function useAway({ client, model, isReading }: AwayNeeds): [Away | undefined, () => void] {
  const [away, setAway] = useState<Away>()
  const seen = useRef<Position | undefined>(undefined)
  /** Where the reader stood who has come back, until it is looked what was missed since. */
  const returnedTo = useRef<Position | undefined>(undefined)
  const latest = useRef(model)
  latest.current = model
  const reading = useRef(isReading)
  reading.current = isReading
  const eventId = model.view.event.id
  const keptAtMs = useRef(0)
  const storage = useMemo(() => createSeenStorage(() => localStorage), [])

  const keepSeen = () => {
    if (seen.current !== undefined) storage.write(eventId, seen.current)
    keptAtMs.current = Date.now()
  }
  const noteSeen = () => {
    // Updates that are held further up are not seen yet.
    if (!reading.current || document.hidden || latest.current.held.size > 0) return
    seen.current = latest.current.view.position
    // Not at the end alone: a browser that is killed tells nobody.
    if (Date.now() - keptAtMs.current >= KEEP_EVERY_MS) keepSeen()
  }

  const look = () => {
    const from = returnedTo.current
    if (from === undefined || !reading.current || latest.current.connection.name !== 'live') return
    returnedTo.current = undefined
    const to = latest.current.view.position
    void missedBetween(client, eventId, from, to).then(found => found && setAway(found))
  }

  useEffect(() => {
    let hiddenAtMs: number | undefined
    returnedTo.current = storage.read(eventId)

    const turn = () => {
      if (document.hidden) {
        hiddenAtMs = Date.now()
        keepSeen()
        return
      }
      const wasLong = hiddenAtMs !== undefined && Date.now() - hiddenAtMs >= AWAY_FROM_MS
      if (wasLong) returnedTo.current = seen.current
      look()
      noteSeen()
    }
    addEventListener('pagehide', keepSeen)
    document.addEventListener('visibilitychange', turn)
    return () => {
      removeEventListener('pagehide', keepSeen)
      document.removeEventListener('visibilitychange', turn)
    }
  }, [])

  // Not before the page is live: what the server rendered may have been kept by the browser, and be old.
  useEffect(look, [model.connection.name])

  // After the one above: what was kept is read before it is written again.
  useEffect(noteSeen, [model.view.position, model.held, isReading])

  return [away, () => setAway(undefined)]
}

async function missedBetween(
  client: DatelineClient,
  eventId: string,
  from: Position,
  to: Position,
): Promise<Away | undefined> {
  const count = to.seq - from.seq
  // Of another numbering nothing can be said.
  if (from.epoch !== to.epoch || count <= 0) return undefined
  const limit = Math.min(count, MAX_MISSED)
  const [read] = await Promise.allSettled([client.entries(eventId, { after: from.seq, limit })])
  // It is a courtesy: a page that cannot tell what was missed is whole without it.
  if (read.status === 'rejected' || read.value.epoch !== from.epoch) return undefined
  return awayAfter(from, read.value.entries, count > MAX_MISSED)
}
