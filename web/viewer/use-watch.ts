import { useEffect, useRef } from 'preact/hooks'
import type { DatelineClient, Watch, WatchChange, WatchOptions } from '../../src/client/types.ts'
import { inBatches } from './in-batches.ts'

/** Watches an event as long as the page is open, and gives the watch. Undefined options: a page that does not go live. */
export function useWatch(
  client: DatelineClient,
  eventId: string,
  options: Pick<WatchOptions, 'from' | 'replay'> | undefined,
  onChanges: (changes: readonly WatchChange[]) => void,
  onNetwork: (online: boolean) => void,
): { readonly current: Watch | undefined } {
  const watched = useRef<Watch | undefined>(undefined)
  useEffect(() => {
    if (options === undefined) return
    const watch = client.watch(eventId, { ...options, onChange: inBatches(onChanges) })
    watched.current = watch
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
  return watched
}
