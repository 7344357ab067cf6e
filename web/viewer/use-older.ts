import { useState } from 'preact/hooks'
import type { DatelineClient } from '../../src/client/types.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { olderAsOf } from '../reading/links.ts'
import type { OlderState } from './feed-controls.tsx'
import { afterRender, showUpdate } from './scrolling.ts'
import { loadedUpdates, type ViewerModel } from './viewer-model.ts'

/** A page that looks for one update gives up after so many older pages. */
const MAX_SEARCH_PAGES = 20

export interface OlderNeeds {
  readonly client: DatelineClient
  /** What the page shows now. */
  readonly shown: () => ViewerModel
  readonly take: (page: Snapshot) => void
  /** Shows what is held further up. */
  readonly release: () => void
}

export interface Older {
  readonly state: OlderState
  readonly load: () => Promise<boolean>
  readonly goToUpdate: (updateId: string) => Promise<void>
}

/** Loads older updates in place, one page at a time, or as many as it takes to find one of them. */
export function useOlder({ client, shown, take, release }: OlderNeeds): Older {
  const [state, setState] = useState<OlderState>('idle')

  const load = async (): Promise<boolean> => {
    const { olderLink, view } = shown()
    if (olderLink === undefined) return false
    setState('loading')
    try {
      const page = await client.feed(view.event.id, { older: olderAsOf(olderLink, view.position.seq) })
      take(page)
      setState('idle')
      return true
    } catch {
      // Whatever the reason, the reader can do one thing: try again.
      setState('failed')
      return false
    }
  }

  const goToUpdate = async (updateId: string): Promise<void> => {
    for (let page = 0; page < MAX_SEARCH_PAGES; page++) {
      if (loadedUpdates(shown()).some(update => update.id === updateId)) break
      if (!(await load())) break
    }
    release()
    afterRender(() => showUpdate(updateId))
  }

  return { state, load, goToUpdate }
}
