import type { Entry } from '../protocol/entry.ts'
import type { Event } from '../protocol/event.ts'
import type { Snapshot } from '../protocol/snapshot.ts'
import type { Update } from '../protocol/update.ts'

/**
 * A snapshot that is kept in step with the feed. A snapshot holds only the newest updates; `edge` is where its list
 * ended when it came, and stays there when that update is retracted or moves: what is older belongs to `links.older`.
 */
export interface FeedView {
  readonly snapshot: Snapshot
  /** Undefined when the snapshot holds every update. */
  readonly edge: Place | undefined
}

type Place = Pick<Update, 'sortTime' | 'datePublished'>

export function openView(snapshot: Snapshot): FeedView {
  const last = snapshot.updates.at(-1)
  return { snapshot, edge: snapshot.links.older === undefined ? undefined : last && placeOf(last) }
}

/**
 * Pure: the view after one entry. It never changes what it is given. Entries must come in order, each once (see
 * feed-cursor.ts). An entry of a type that this version does not know moves the position only.
 */
export function applyEntry(view: FeedView, entry: Entry): FeedView {
  const { snapshot, edge } = view
  const position = { epoch: snapshot.position.epoch, seq: entry.seq, chain: entry.chain }
  switch (entry.type) {
    case 'published':
    case 'revised': {
      // In a feed that is in accept order, what is published now was accepted after everything it shares its time with.
      const isNewest = entry.type === 'published' && entry.late === undefined
      return { edge, snapshot: { ...withUpdate(snapshot, edge, entry.update, isNewest), position } }
    }
    case 'retracted':
    case 'purged':
      return { edge, snapshot: { ...withoutUpdate(snapshot, entry.updateId), position } }
    case 'event':
      return { edge, snapshot: { ...withEvent(snapshot, entry.event), position } }
    default:
      return { edge, snapshot: { ...snapshot, position } }
  }
}

/** The id of a pinned update that the view has not got, because it is older than what was loaded. */
export function missingPin({ snapshot }: FeedView): string | undefined {
  const id = snapshot.event.pinnedUpdateId
  return id === null || snapshot.pinned?.id === id ? undefined : id
}

/** The view with its pinned update, as fetched on its own; unchanged when that is not what is pinned and missing now. */
export function fillPin(view: FeedView, update: Update): FeedView {
  if (update.id !== missingPin(view) || update.retracted !== undefined) return view
  return { ...view, snapshot: { ...view.snapshot, pinned: update } }
}

function withUpdate(snapshot: Snapshot, edge: Place | undefined, update: Update, isNewest: boolean): Snapshot {
  return {
    ...snapshot,
    updates: placed(snapshot.updates, edge, update, isNewest),
    pinned: snapshot.event.pinnedUpdateId === update.id ? update : snapshot.pinned,
    keyEvents: withKeyEvent(snapshot.keyEvents, update),
  }
}

function placed(updates: Update[], edge: Place | undefined, update: Update, isNewest: boolean): Update[] {
  const at = updates.findIndex(({ id }) => id === update.id)
  if (at >= 0 && updates[at]?.sortTime === update.sortTime) return updates.with(at, update)
  const others = at < 0 ? updates : updates.toSpliced(at, 1)
  if (edge !== undefined && !standsBefore(update, edge, isNewest)) return others
  const before = others.findIndex(other => standsBefore(update, other, isNewest))
  return others.toSpliced(before < 0 ? others.length : before, 0, update)
}

/** Newest sortTime first; of equal ones the one that was accepted later. */
function standsBefore(update: Place, other: Place, isNewest: boolean): boolean {
  if (update.sortTime !== other.sortTime) return update.sortTime > other.sortTime
  return isNewest || update.datePublished >= other.datePublished
}

function withKeyEvent(keyEvents: Snapshot['keyEvents'], update: Update): Snapshot['keyEvents'] {
  const { id, happenedAt } = update
  const others = keyEvents.filter(other => other.id !== id)
  if (!update.isKeyEvent) return others.length === keyEvents.length ? keyEvents : others
  const before = others.findIndex(other => happenedAt >= other.happenedAt)
  return others.toSpliced(before < 0 ? others.length : before, 0, { id, headline: update.headline ?? '', happenedAt })
}

function withoutUpdate(snapshot: Snapshot, updateId: string): Snapshot {
  return {
    ...snapshot,
    updates: snapshot.updates.filter(({ id }) => id !== updateId),
    pinned: snapshot.pinned?.id === updateId ? null : snapshot.pinned,
    keyEvents: snapshot.keyEvents.filter(({ id }) => id !== updateId),
  }
}

function withEvent(snapshot: Snapshot, event: Event): Snapshot {
  const loaded = [snapshot.pinned, ...snapshot.updates]
  return { ...snapshot, event, pinned: loaded.find(update => update?.id === event.pinnedUpdateId) ?? null }
}

export function placeOf({ sortTime, datePublished }: Update): Place {
  return { sortTime, datePublished }
}
