import { useEffect } from 'preact/hooks'
import type { DatelineClient, WatchChange } from '../../src/client/types.ts'
import type { ViewerIsland } from './viewer-island.ts'

/** How often a page in the background takes in what came. */
const BACKGROUND_MS = 250

/** Watches the event as long as the page is open, from where the server's rendering ended. */
export function useWatch(
  client: DatelineClient,
  { snapshot, isOlderPage }: ViewerIsland,
  onChanges: (changes: readonly WatchChange[]) => void,
  onNetwork: (online: boolean) => void,
): void {
  useEffect(() => {
    if (isOlderPage) return
    const take = inBatches(onChanges)
    const watch = client.watch(snapshot.event.id, { from: snapshot, onChange: take })
    const online = () => onNetwork(true)
    const offline = () => onNetwork(false)
    addEventListener('online', online)
    addEventListener('offline', offline)
    if (!navigator.onLine) offline()
    return () => {
      watch.stop()
      removeEventListener('online', online)
      removeEventListener('offline', offline)
    }
  }, [])
}

/** Hands on what came since the last frame at once, so that a burst is one rendering. */
function inBatches<T>(act: (batch: readonly T[]) => void): (item: T) => void {
  let batch: T[] = []
  const flush = () => {
    const ready = batch
    batch = []
    if (ready.length > 0) act(ready)
  }
  return item => {
    batch.push(item)
    if (batch.length > 1) return
    // A page in the background is given no frames.
    if (document.hidden) setTimeout(flush, BACKGROUND_MS)
    else requestAnimationFrame(flush)
  }
}
