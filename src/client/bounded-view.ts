import { type FeedView, placeOf } from './feed-view.ts'
import { olderPathAt } from './paths.ts'

/** What a long playback keeps at most, and what is kept of it then. */
export const MAX_KEPT_UPDATES = 400
const KEPT_UPDATES = 200

/** Pure: a view of the past that stays small: what falls off its end is read again by its `links.older`. */
export function boundedView(view: FeedView): FeedView {
  const { snapshot } = view
  if (snapshot.updates.length <= MAX_KEPT_UPDATES) return view
  const updates = snapshot.updates.slice(0, KEPT_UPDATES)
  const last = updates.at(-1)
  if (last === undefined) return view
  const older = olderPathAt(snapshot.event.id, snapshot.position.seq, last)
  return { edge: placeOf(last), snapshot: { ...snapshot, updates, links: { older } } }
}
