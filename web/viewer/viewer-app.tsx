import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import { updateAnchor } from '../reading/links.ts'
import { useNow } from '../reading/use-now.ts'
import { AwayNotice } from './away-notice.tsx'
import { FeedCheck } from './feed-check.tsx'
import type { PageMode } from './page-mode.ts'
import { afterRender, isAtTop, leavePlayer, onReachingTop, showStart } from './scrolling.ts'
import { newSince } from './travel-model.ts'
import { TravelPlayer } from './travel-player.tsx'
import { useAnnouncement } from './use-announcement.ts'
import { useAway } from './use-away.ts'
import { useOlder } from './use-older.ts'
import { useReader } from './use-reader.ts'
import { useTravel } from './use-travel.ts'
import { useWatch } from './use-watch.ts'
import type { ViewerIsland } from './viewer-island.ts'
import { openViewer, stepViewer, type ViewerAction, type ViewerModel } from './viewer-model.ts'
import { ViewerPage } from './viewer-page.tsx'

/** The viewer page as it lives in a browser: live, or in the event's past while the watch goes on. */
export function ViewerApp({ island, client }: { island: ViewerIsland; client: DatelineClient }) {
  const { snapshot, mode: opened } = island
  const eventId = snapshot.event.id
  const [live, dispatch] = useReducer(stepAll, snapshot, view => openViewer(view, { name: 'still' }))
  // A page that was opened in the past does not know how it is now before its watch has told it.
  const [isLiveKnown, setLiveKnown] = useState(opened.name !== 'past')
  const [announcement, announce] = useAnnouncement(snapshot.event.timeZone, snapshot.event.inLanguage)
  const travelling = useTravel({
    client,
    eventId,
    opened:
      opened.name === 'past' ? { shown: openViewer(snapshot, { name: 'still' }), place: opened.place } : undefined,
    live: isLiveKnown ? live.view : undefined,
    announce,
    onLive: how => {
      if (!isLiveKnownNow.current) location.reload()
      else if (how === 'went back') afterRender(showStart)
      else leavePlayer()
    },
  })
  const { travel } = travelling
  const isLiveKnownNow = useLatest(isLiveKnown)
  const isAway = useLatest(travel !== undefined)
  const model = travel?.model ?? live
  const shown = useLatest(model)

  const onChanges = useCallback((changes: readonly WatchChange[]) => {
    // What comes while the reader is elsewhere is not held: it is all there when the reader is back.
    const at = { atTop: isAway.current || isAtTop(), nowMs: Date.now() }
    dispatch(changes.map(change => ({ do: 'watched', change, ...at })))
    for (const change of changes) {
      if (change.kind === 'restarted') setLiveKnown(true)
      if (change.kind === 'entry') travelling.noteEntry(Date.parse(change.entry.at))
    }
    if (isAway.current) return
    announce(
      changes.flatMap(change =>
        change.kind === 'entry' && change.entry.type === 'published' ? [change.entry.update] : [],
      ),
    )
  }, [])
  const watched = useWatch(client, eventId, watchFrom(island), onChanges, online =>
    dispatch([{ do: 'network', online }]),
  )

  const act = (action: Exclude<ViewerAction, { do: 'watched' | 'network' }>) => {
    if (isAway.current) travelling.dispatch(action)
    else dispatch([action])
  }
  useEffect(() => onReachingTop(() => act({ do: 'release' })), [])
  const older = useOlder({
    client,
    shown: () => shown.current,
    take: page => {
      shown.current = stepViewer(shown.current, { do: 'older loaded', page })
      act({ do: 'older loaded', page })
    },
    release: () => act({ do: 'release' }),
  })
  useEffect(() => {
    const wanted = /^#update-([0-9a-f-]{36})$/.exec(location.hash)?.[1]
    if (wanted !== undefined && document.getElementById(updateAnchor(wanted)) === null) void older.goToUpdate(wanted)
  }, [])

  const [missed, forgetMissed] = useAway({
    client,
    model: live,
    isReading: opened.name !== 'older' && travel === undefined,
  })
  const nowMs = useNow(island.renderedAtMs, live.connection.name === 'waiting')
  const reader = useReader(island.mediaOrigins, model.view.event, travel === undefined ? nowMs : travelling.feedMs)
  const knownSeq = opened.name === 'past' ? opened.place.lastSeq : 0
  const lastSeq = Math.max(knownSeq, model.view.position.seq, live.view.position.seq)
  const mode: PageMode = travel === undefined ? modeHere(opened) : pastMode(travelling.feedMs, model, lastSeq)

  const verified = watched.current?.verified

  return (
    <ViewerPage
      model={travel === undefined ? model : { ...model, connection: { name: 'still' } }}
      reader={reader}
      olderState={older.state}
      mode={mode}
      announcement={announcement}
      check={
        travel === undefined && verified !== undefined ? (
          <FeedCheck client={client} eventId={eventId} verified={verified} reader={reader} />
        ) : null
      }
      deeds={{
        showNew: () => {
          act({ do: 'release' })
          afterRender(showStart)
        },
        loadOlder: () => void older.load(),
        goToUpdate: id => void older.goToUpdate(id),
        openPast: () => travelling.open(undefined, { isPlaying: false }),
        past: { step: travelling.step, backToLive: travelling.backToLive },
      }}
    >
      <AwayNotice
        away={travel === undefined ? missed : undefined}
        goToFirst={() => {
          if (missed !== undefined) void older.goToUpdate(missed.firstId)
          forgetMissed()
        }}
        catchUp={() => {
          if (missed !== undefined) travelling.open(missed.seenSeq, { isPlaying: true })
          forgetMissed()
        }}
        dismiss={() => {
          forgetMissed()
          document.getElementById('updates')?.focus({ preventScroll: true })
        }}
      />
      {travel === undefined ? null : (
        <TravelPlayer
          eventId={eventId}
          reader={reader}
          state={travel.state}
          scrubber={travelling.scrubber}
          feedMs={travelling.feedMs}
          speed={travelling.speed}
          newSince={newSince(travel, live.view)}
          deeds={travelling}
        />
      )}
    </ViewerPage>
  )
}

function stepAll(model: ViewerModel, actions: readonly ViewerAction[]): ViewerModel {
  return actions.reduce(stepViewer, model)
}

function useLatest<T>(value: T): { current: T } {
  const latest = useRef(value)
  latest.current = value
  return latest
}

/** A live page goes on from where the server's rendering ended; one of the past asks how it is now. */
function watchFrom({ mode, snapshot }: ViewerIsland): { from?: ViewerIsland['snapshot'] } | undefined {
  if (mode.name === 'older') return undefined
  return mode.name === 'past' ? {} : { from: snapshot }
}

/** A page that was opened in the past is live when the reader has left it. */
function modeHere(opened: PageMode): PageMode {
  return opened.name === 'past' ? { name: 'live' } : opened
}

function pastMode(feedMs: number, { view }: ViewerModel, lastSeq: number): PageMode {
  return { name: 'past', place: { moment: new Date(feedMs).toISOString(), seq: view.position.seq, lastSeq } }
}
