import { useEffect } from 'preact/hooks'
import type { DatelineClient, WatchChange, WatchOptions } from '../../src/client/types.ts'
import { inBatches } from './in-batches.ts'

/** Watches an event as long as the page is open. Undefined options: a page that does not go live. */
export function useWatch(
  client: DatelineClient,
  eventId: string,
  options: Pick<WatchOptions, 'from' | 'replay'> | undefined,
  onChanges: (changes: readonly WatchChange[]) => void,
  onNetwork: (online: boolean) => void,
): void {
  useEffect(() => {
    if (options === undefined) return
    const watch = client.watch(eventId, { ...options, onChange: inBatches(onChanges) })
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
