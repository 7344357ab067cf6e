import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import type { Problem } from '../../src/protocol/problems.ts'
import { languageDirection } from '../reading/direction.ts'
import { useNow } from '../reading/use-now.ts'
import { afterRender, isAtTop, onReachingTop, showStart } from './scrolling.ts'
import { TokenForm } from './token-form.tsx'
import { useAnnouncement } from './use-announcement.ts'
import { useOlder } from './use-older.ts'
import { useReader } from './use-reader.ts'
import { useWatch } from './use-watch.ts'
import type { RehearsalIsland } from './viewer-island.ts'
import { openViewer, stepViewer, type ViewerAction, type ViewerModel } from './viewer-model.ts'
import { ViewerPage } from './viewer-page.tsx'

export interface RehearsalProps {
  readonly island: RehearsalIsland
  readonly client: DatelineClient
  /** Takes another token, and keeps it in this tab. */
  readonly takeToken: (token: string) => void
}

/** The viewer page on a rehearsal room: as readers would see it, and marked as what it is. */
export function RehearsalApp({ island, client, takeToken }: RehearsalProps) {
  const { eventId, replayId } = island
  const [room, dispatch] = useReducer(stepRoom, { model: undefined, refused: undefined })

  const onChanges = useCallback((changes: readonly WatchChange[]) => {
    const at = { atTop: isAtTop(), nowMs: Date.now() }
    dispatch(changes.map(change => ({ do: 'watched', change, ...at })))
  }, [])
  useWatch(client, eventId, { replay: replayId }, onChanges, online => dispatch([{ do: 'network', online }]))

  if (room.model === undefined) {
    return (
      <main class="page notice-page">
        <h1>Rehearsal</h1>
        <p role="status">{room.refused === undefined ? 'Joining the room…' : refusalWords(room.refused)}</p>
        {room.refused === undefined ? null : <TokenForm take={takeToken} />}
      </main>
    )
  }
  return <RehearsalRoom island={island} client={client} model={room.model} act={action => dispatch([action])} />
}

interface RoomProps {
  readonly island: RehearsalIsland
  readonly client: DatelineClient
  readonly model: ViewerModel
  readonly act: (action: ViewerAction) => void
}

function RehearsalRoom({ island, client, model, act }: RoomProps) {
  const { event } = model.view
  const nowMs = useNow(Date.now(), model.connection.name === 'waiting')
  const reader = useReader(island.mediaOrigins, event, nowMs)
  const [announcement, announce] = useAnnouncement(event.timeZone, event.inLanguage)
  const release = () => act({ do: 'release' })
  const shown = useRef(model)
  shown.current = model
  const older = useOlder({
    client,
    shown: () => shown.current,
    take: page => {
      shown.current = stepViewer(shown.current, { do: 'older loaded', page })
      act({ do: 'older loaded', page })
    },
    release,
  })
  const newest = model.view.updates[0]

  useEffect(() => onReachingTop(release), [])
  useEffect(() => {
    document.title = `Rehearsal: ${event.headline}`
    document.documentElement.lang = event.inLanguage
    document.documentElement.dir = languageDirection(event.inLanguage)
  }, [event.headline, event.inLanguage])
  useEffect(() => {
    if (newest !== undefined && model.fresh.has(newest.id)) announce([newest])
  }, [newest?.id])

  return (
    <ViewerPage
      model={model}
      reader={reader}
      olderState={older.state}
      mode={{ name: 'rehearsal' }}
      announcement={announcement}
      deeds={{
        showNew: () => {
          release()
          afterRender(showStart)
        },
        loadOlder: () => void older.load(),
        goToUpdate: id => void older.goToUpdate(id),
      }}
    />
  )
}

interface RehearsalRoomState {
  /** Undefined until the room has let this viewer in. */
  readonly model: ViewerModel | undefined
  readonly refused: Problem | undefined
}

function stepRoom(room: RehearsalRoomState, actions: readonly ViewerAction[]): RehearsalRoomState {
  return actions.reduce(stepOnce, room)
}

function stepOnce({ model, refused }: RehearsalRoomState, action: ViewerAction): RehearsalRoomState {
  if (action.do === 'watched' && action.change.kind === 'state') {
    const { state } = action.change
    if (state.name === 'refused') {
      return { model: model && stepViewer(model, action), refused: state.problem }
    }
  }
  if (model !== undefined) return { model: stepViewer(model, action), refused }
  if (action.do !== 'watched' || action.change.kind !== 'restarted') return { model, refused }
  return { model: openViewer(action.change.view, { name: 'live', stale: false }), refused: undefined }
}

function refusalWords({ status, title, detail }: Problem): string {
  if (status === 404) return 'There is no such rehearsal, or this token does not reach it.'
  return `The room does not let you in: ${detail ?? title}`
}
