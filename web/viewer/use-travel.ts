import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { Playback, PlaybackChange, PlayPlace } from '../../src/client/playing.ts'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { inBatches } from './in-batches.ts'
import { type PastPlace, placeHref } from './page-mode.ts'
import { readSpan, type Span } from './read-span.ts'
import { afterRender, focusPlayer, isAtTop } from './scrolling.ts'
import { type Scrubber, scrubberOf } from './scrubber.ts'
import { openTravel, stepTravel, type Travel, type TravelAction } from './travel-model.ts'
import type { ViewerModel } from './viewer-model.ts'

/** A silence is never longer than this on the page. */
const MAX_SILENCE_MS = 5_000
/** While the thumb is moved, a place is read at most this often. */
const SEEK_EVERY_MS = 150
/** How often the clock of a playing page moves. */
const TICK_MS = 250
const FIRST_SPEED = 10
/** The address follows a moment that stays for so long. */
const ADDRESS_AFTER_MS = 400

export interface TravelNeeds {
  readonly client: DatelineClient
  readonly eventId: string
  /** What the page was opened with, when that is the past. */
  readonly opened: { readonly shown: ViewerModel; readonly place: PastPlace } | undefined
  /** How it stands now; undefined as long as the page does not know. */
  readonly live: Snapshot | undefined
  /** Told of what a playback shows while it plays. */
  readonly announce: (updates: readonly Update[]) => void
  /** The reader is where everybody is again: went back, or has caught up. */
  readonly onLive: (how: 'went back' | 'caught up') => void
}

export interface TravelNow {
  readonly travel: Travel | undefined
  readonly feedMs: number
  readonly scrubber: Scrubber | undefined
  readonly speed: number
  readonly dispatch: (action: TravelAction) => void
  /** `from` undefined: where the coverage began. */
  readonly open: (from: PlayPlace | undefined, options: { isPlaying: boolean }) => void
  readonly togglePlay: () => void
  readonly seek: (ms: number, isLast: boolean) => void
  readonly setSpeed: (speed: number) => void
  readonly step: (by: 1 | -1) => void
  readonly backToLive: () => void
  /** The feed has an entry of this time: the scrubber reaches to it. */
  readonly noteEntry: (atMs: number) => void
}

type Action = TravelAction | { readonly do: 'open'; readonly travel: Travel } | { readonly do: 'leave' }

/** The page's way through the event's past: a playback for this reader alone, beside the watch, which goes on. */
export function useTravel(needs: TravelNeeds): TravelNow {
  const { client, eventId, opened, live } = needs
  const first = () => opened && openTravel(opened.shown, undefined)
  const [travel, dispatch] = useReducer<Travel | undefined, Action, undefined>(step, undefined, first)
  const [feedMs, setFeedMs] = useState(opened === undefined ? 0 : Date.parse(opened.place.moment))
  const [span, setSpan] = useState<Span>()
  const [speed, setSpeed] = useState<number>(FIRST_SPEED)
  const playback = useRef<Playback | undefined>(undefined)
  const seeking = useRef<{ timer: ReturnType<typeof setTimeout>; ms: number } | undefined>(undefined)
  const openings = useRef(0)
  const latest = useRef(needs)
  latest.current = needs

  const stopSeeking = () => {
    clearTimeout(seeking.current?.timer)
    seeking.current = undefined
  }

  const leave = (how: 'went back' | 'caught up') => {
    openings.current += 1
    stopSeeking()
    playback.current?.stop()
    playback.current = undefined
    dispatch({ do: 'leave' })
    history.replaceState(history.state, '', placeHref(eventId))
    latest.current.onLive(how)
  }

  const take = (changes: readonly PlaybackChange[]) => {
    const played = playback.current
    if (played === undefined) return
    for (const change of changes) {
      dispatch({ do: 'played', change, atTop: isAtTop() })
      if (change.kind === 'entry' && change.entry.type === 'published') latest.current.announce([change.entry.update])
    }
    if (played.state.name === 'live' && played.state.connection.name === 'live') {
      leave('caught up')
      return
    }
    if (seeking.current === undefined && played.feedMs !== undefined) setFeedMs(played.feedMs)
  }

  const play = (from: PlayPlace, isPlaying: boolean) => {
    playback.current?.stop()
    const options = { from, paused: !isPlaying, speed, maxSilenceMs: MAX_SILENCE_MS }
    const own: Playback = client.play(eventId, {
      ...options,
      onChange: inBatches(changes => {
        if (playback.current === own) take(changes)
      }),
    })
    playback.current = own
  }

  const open = (from: PlayPlace | undefined, { isPlaying }: { isPlaying: boolean }) => {
    dispatch({ do: 'open', travel: openTravel(undefined, latest.current.live) })
    openings.current += 1
    const opening = openings.current
    // Until the place is read, the page shows what it showed.
    setFeedMs(Date.now())
    // What was pressed is gone.
    afterRender(focusPlayer)
    void findSpan().then(found => {
      if (found === undefined || opening !== openings.current) return
      const { minMs } = scrubberOf(found.createdMs, found.firstMs, found.lastMs)
      if (from === undefined) setFeedMs(minMs)
      play(from ?? new Date(minMs).toISOString(), isPlaying)
    })
  }

  const findSpan = async (): Promise<Span | undefined> => {
    const found = await readSpan(client, eventId)
    if (!found.ok) {
      const state = { name: 'refused' as const, problem: found.problem }
      dispatch({ do: 'played', change: { kind: 'state', state }, atTop: true })
      return undefined
    }
    setSpan(found.span)
    return found.span
  }

  useEffect(() => {
    if (opened === undefined) return
    void findSpan()
    play(opened.place.moment, false)
    return () => playback.current?.stop()
  }, [])

  const isPlaying = travel?.state.name === 'playing'
  useEffect(() => {
    if (!isPlaying) return
    const timer = setInterval(() => {
      const now = playback.current?.feedMs
      if (now !== undefined && seeking.current === undefined) setFeedMs(now)
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [isPlaying])

  const isAway = travel !== undefined
  const isLoading = travel?.state.name === 'loading'
  useEffect(() => {
    if (!isAway || isPlaying || isLoading) return
    // Browsers refuse an address that is changed too often.
    const keep = () => history.replaceState(history.state, '', placeHref(eventId, new Date(feedMs).toISOString()))
    const timer = setTimeout(keep, ADDRESS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isAway, isPlaying, isLoading, feedMs])

  useEffect(() => {
    if (live !== undefined && travel !== undefined) dispatch({ do: 'live known', live })
  }, [live === undefined, isAway])

  return {
    travel,
    feedMs,
    scrubber: span && scrubberOf(span.createdMs, span.firstMs, span.lastMs),
    speed,
    dispatch,
    open,
    togglePlay() {
      const played = playback.current
      if (played?.state.name === 'playing') played.pause()
      else if (played?.state.name === 'paused') played.resume()
    },
    seek(ms, isLast) {
      setFeedMs(ms)
      const go = () => {
        const wanted = seeking.current?.ms ?? ms
        stopSeeking()
        playback.current?.seek(new Date(wanted).toISOString())
      }
      if (seeking.current === undefined) seeking.current = { timer: setTimeout(go, SEEK_EVERY_MS), ms }
      else seeking.current.ms = ms
      if (isLast) go()
    },
    setSpeed(next) {
      setSpeed(next)
      playback.current?.setSpeed(next)
    },
    step(by) {
      const played = playback.current
      if (played?.view === undefined) return
      if (by === 1) played.step()
      else played.seek(Math.max(1, played.view.position.seq - 1))
    },
    backToLive: () => leave('went back'),
    noteEntry: atMs => setSpan(known => known && (atMs > known.lastMs ? { ...known, lastMs: atMs } : known)),
  }
}

function step(travel: Travel | undefined, action: Action): Travel | undefined {
  if (action.do === 'open') return action.travel
  if (action.do === 'leave') return undefined
  return travel && stepTravel(travel, action)
}
