import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import { updateAnchor } from '../reading/links.ts'
import type { Reader } from '../reading/reader.ts'
import { useNow } from '../reading/use-now.ts'
import { useAnnouncement } from './use-announcement.ts'
import { useWatch } from './use-watch.ts'
import type { ViewerIsland } from './viewer-island.ts'
import { loadedUpdates, openViewer, stepViewer, type ViewerAction, type ViewerModel } from './viewer-model.ts'
import { ViewerPage } from './viewer-page.tsx'

/** A page that looks for one update gives up after so many older pages. */
const MAX_SEARCH_PAGES = 20
const OLDER_LIMIT = 100

/** The viewer page as it lives in a browser. */
export function ViewerApp({ island, client }: { island: ViewerIsland; client: DatelineClient }) {
  const [model, dispatch] = useReducer(stepAll, island.snapshot, snapshot => openViewer(snapshot, { name: 'still' }))
  const [olderState, setOlderState] = useState<'idle' | 'loading' | 'failed'>('idle')
  const latest = useRef(model)
  latest.current = model
  const event = model.view.event
  const nowMs = useNow(island.renderedAtMs, model.connection.name === 'waiting')
  const reader = useReader(island, event, nowMs)
  const [announcement, announce] = useAnnouncement(event.timeZone, event.inLanguage)

  const onChanges = useCallback((changes: readonly WatchChange[]) => {
    const at = { atTop: isAtTop(), nowMs: Date.now() }
    dispatch(changes.map(change => ({ do: 'watched', change, ...at })))
    announce(
      changes.flatMap(change =>
        change.kind === 'entry' && change.entry.type === 'published' ? [change.entry.update] : [],
      ),
    )
  }, [])
  useWatch(client, island, onChanges, online => dispatch([{ do: 'network', online }]))
  useEffect(() => onReachingTop(() => dispatch([{ do: 'release' }])), [])

  const loadOlder = async (): Promise<boolean> => {
    const { olderLink } = latest.current
    if (olderLink === undefined) return false
    setOlderState('loading')
    try {
      const page = await client.feed(event.id, { limit: OLDER_LIMIT, older: olderLink })
      dispatch([{ do: 'older loaded', page }])
      latest.current = stepViewer(latest.current, { do: 'older loaded', page })
      setOlderState('idle')
      return true
    } catch {
      // Whatever the reason, the reader can do one thing: try again.
      setOlderState('failed')
      return false
    }
  }

  const goToUpdate = async (updateId: string): Promise<void> => {
    for (let page = 0; page < MAX_SEARCH_PAGES; page++) {
      if (loadedUpdates(latest.current).some(update => update.id === updateId)) break
      if (!(await loadOlder())) break
    }
    dispatch([{ do: 'release' }])
    afterRender(() => showUpdate(updateId))
  }

  const showNew = () => {
    dispatch([{ do: 'release' }])
    afterRender(() => {
      const heading = document.getElementById('updates')
      heading?.scrollIntoView({ behavior: scrollBehavior(), block: 'start' })
      heading?.focus({ preventScroll: true })
    })
  }

  useEffect(() => {
    const wanted = /^#update-([0-9a-f-]{36})$/.exec(location.hash)?.[1]
    if (wanted !== undefined && document.getElementById(updateAnchor(wanted)) === null) void goToUpdate(wanted)
  }, [])

  return (
    <ViewerPage
      model={model}
      reader={reader}
      olderState={olderState}
      isOlderPage={island.isOlderPage}
      announcement={announcement}
      deeds={{ showNew, loadOlder: () => void loadOlder(), goToUpdate: id => void goToUpdate(id) }}
    />
  )
}

function stepAll(model: ViewerModel, actions: readonly ViewerAction[]): ViewerModel {
  return actions.reduce(stepViewer, model)
}

/** After hydration, the reader's own zone and the page's own origin are known. */
function useReader(island: ViewerIsland, event: { timeZone: string; inLanguage: string }, nowMs: number): Reader {
  const [own, setOwn] = useState<{ zone: string; origin: string }>()
  useEffect(() => setOwn({ zone: new Intl.DateTimeFormat().resolvedOptions().timeZone, origin: location.origin }), [])
  const pictureOrigins = useMemo(
    () => (own === undefined ? island.mediaOrigins : [...island.mediaOrigins, own.origin]),
    [own],
  )
  return { zone: event.timeZone, language: event.inLanguage, ownZone: own?.zone, nowMs, pictureOrigins }
}

/** Whether the feed's start is in view, so that a new update moves nothing that is being read above it. */
function isAtTop(): boolean {
  const heading = document.getElementById('updates')
  return heading === null || heading.getBoundingClientRect().top >= 0
}

function onReachingTop(act: () => void): () => void {
  const listen = () => {
    if (isAtTop()) act()
  }
  addEventListener('scroll', listen, { passive: true })
  return () => removeEventListener('scroll', listen)
}

function afterRender(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act))
}

function showUpdate(updateId: string): void {
  const article = document.getElementById(updateAnchor(updateId))
  if (article === null) return
  history.replaceState(history.state, '', `#${updateAnchor(updateId)}`)
  article.scrollIntoView({ behavior: scrollBehavior(), block: 'start' })
  article.querySelector<HTMLElement>('.stamp-time')?.focus({ preventScroll: true })
}

function scrollBehavior(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
}
