import type { DatelineClient } from '../../client/index.ts'

/** A watch that is not live after this long is not waited for: then only the submissions tell what became of them. */
const LIVE_WITHIN_MS = 5_000

export interface Sightings {
  /** Resolves when viewers of the event get its entries, or with the reason why this one does not. */
  ready(): Promise<string | undefined>
  /** When an update was seen in the feed, in ms of `now`; undefined as long as it was not. */
  seenAt(updateId: string): number | undefined
  /** Resolves when all of these were seen, or the time is over. */
  seen(updateIds: readonly string[], withinMs: number): Promise<void>
  stop(): void
}

/** Looks on as a viewer would, and notes when each update comes. */
export function watchForUpdates(client: DatelineClient, eventId: string, now: () => number): Sightings {
  const times = new Map<string, number>()
  const waiting = new Set<() => void>()
  const watch = client.watch(eventId, {
    onChange(change) {
      if (change.kind === 'entry' && 'update' in change.entry) times.set(change.entry.update.id, now())
      for (const look of [...waiting]) look()
    },
  })

  function until(isDone: () => boolean, withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(end, withinMs)
      function look() {
        if (isDone()) end()
      }
      function end() {
        clearTimeout(timer)
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  }

  return {
    async ready() {
      await until(() => ['live', 'refused'].includes(watch.state.name), LIVE_WITHIN_MS)
      const { state } = watch
      if (state.name === 'live') return undefined
      return state.name === 'refused' ? (state.problem.detail ?? state.problem.title) : 'The gateway does not answer.'
    },
    seenAt: updateId => times.get(updateId),
    seen: (updateIds, withinMs) => until(() => updateIds.every(id => times.has(id)), withinMs),
    stop: () => watch.stop(),
  }
}
