import type { WatchChange } from '../../src/client/types.ts'
import type { Entry } from '../../src/protocol/entry.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import type { Update } from '../../src/protocol/update.ts'
import { type Connection, connectionAfter } from '../reading/connection.ts'
import type { RetractionNote } from '../reading/day-groups.ts'

/** Everything that an open viewer page knows. */
export interface ViewerModel {
  /** The feed as the watch gives it: its newest updates. */
  readonly view: Snapshot
  /** Updates of the older pages that the reader asked for. */
  readonly older: readonly Update[]
  /** Where still older ones are (a `links.older`), if there are any. */
  readonly olderLink: string | undefined
  /** Updates that came while the reader was further down: kept above, not shown yet. */
  readonly held: ReadonlySet<string>
  /** Updates that came while this page was open. */
  readonly fresh: ReadonlySet<string>
  readonly retractions: readonly RetractionNote[]
  readonly connection: Connection
  readonly viewers: number | undefined
}

export type ViewerAction =
  | { readonly do: 'watched'; readonly change: WatchChange; readonly atTop: boolean; readonly nowMs: number }
  | { readonly do: 'release' }
  | { readonly do: 'older loaded'; readonly page: Snapshot }
  | { readonly do: 'network'; readonly online: boolean }

/** What a page shows that was rendered with this snapshot. */
export function openViewer(view: Snapshot, connection: Connection): ViewerModel {
  return {
    view,
    older: [],
    olderLink: view.links.older,
    held: new Set(),
    fresh: new Set(),
    retractions: [],
    connection,
    viewers: undefined,
  }
}

/** Pure: the model after something happened. */
export function stepViewer(model: ViewerModel, action: ViewerAction): ViewerModel {
  switch (action.do) {
    case 'watched':
      return afterChange(model, action.change, action.atTop, action.nowMs)
    case 'release':
      return model.held.size === 0 ? model : { ...model, held: new Set() }
    case 'older loaded':
      return {
        ...model,
        older: mergeUpdates(model.older, withoutRetracted(model, action.page.updates)),
        olderLink: action.page.links.older,
      }
    case 'network':
      return { ...model, connection: connectionAfter(model.connection, action.online) }
  }
}

function afterChange(model: ViewerModel, change: WatchChange, atTop: boolean, nowMs: number): ViewerModel {
  switch (change.kind) {
    case 'state':
      return { ...model, connection: connectionAfter(model.connection, change.state, nowMs) }
    case 'viewers':
      return model.viewers === change.viewers ? model : { ...model, viewers: change.viewers }
    case 'restarted':
      return afterRestart(model, change.view, atTop)
    case 'pinned':
      return { ...model, view: change.view }
    case 'entry':
      return afterEntry({ ...model, view: change.view }, model, change.entry, atTop)
  }
}

/** What was loaded further down may have changed unseen: it is read again when asked for. */
function afterRestart(model: ViewerModel, view: Snapshot, atTop: boolean): ViewerModel {
  const known = new Set(shownUpdates(model).map(update => update.id))
  const unseen = view.updates.map(update => update.id).filter(id => !known.has(id))
  const held = atTop || unseen.length === view.updates.length ? [] : unseen
  return {
    ...openViewer(view, model.connection),
    held: new Set(held),
    fresh: new Set([...model.fresh, ...(known.size === 0 ? [] : unseen)]),
    viewers: model.viewers,
  }
}

function afterEntry(next: ViewerModel, before: ViewerModel, entry: Entry, atTop: boolean): ViewerModel {
  switch (entry.type) {
    case 'event':
      return next
    case 'published': {
      const { id } = entry.update
      const known = before.view.updates.some(update => update.id === id)
      return {
        ...next,
        older: intoOlder(next, entry.update),
        fresh: new Set(before.fresh).add(id),
        held: atTop || known ? before.held : new Set(before.held).add(id),
      }
    }
    case 'revised':
      return { ...next, older: intoOlder(next, entry.update) }
    case 'retracted': {
      const gone = loadedUpdates(before).find(update => update.id === entry.updateId)
      const dropped = withoutUpdate(next, entry.updateId)
      if (gone === undefined || before.held.has(gone.id)) return dropped
      const reason = entry.reason === undefined ? {} : { reason: entry.reason }
      return { ...dropped, retractions: [...next.retractions, { id: gone.id, sortTime: gone.sortTime, ...reason }] }
    }
    case 'purged':
      return withoutUpdate(next, entry.updateId)
    default:
      // A type that a newer server sends: nothing that this page shows.
      return next
  }
}

/** An entry's update among the older pages, when it is there already or belongs between them. */
function intoOlder({ view, older, olderLink }: ViewerModel, update: Update): readonly Update[] {
  const oldest = older.at(-1)
  if (oldest === undefined || view.updates.some(({ id }) => id === update.id)) return older
  const rest = older.filter(({ id }) => id !== update.id)
  if (olderLink !== undefined && update.sortTime < oldest.sortTime) return rest
  return mergeUpdates(rest, [update])
}

function withoutUpdate(model: ViewerModel, updateId: string): ViewerModel {
  const held = new Set(model.held)
  held.delete(updateId)
  return { ...model, held, older: model.older.filter(update => update.id !== updateId) }
}

function withoutRetracted({ retractions }: ViewerModel, updates: readonly Update[]): readonly Update[] {
  return updates.filter(update => !retractions.some(note => note.id === update.id))
}

/** All that is loaded, newest sortTime first, held ones too. */
export function loadedUpdates({ view, older }: ViewerModel): readonly Update[] {
  return older.length === 0 ? view.updates : mergeUpdates(view.updates, older)
}

/** The pinned update, also when only an older page brought it. */
export function pinnedUpdate(model: ViewerModel): Update | undefined {
  const { pinnedUpdateId } = model.view.event
  if (pinnedUpdateId === null) return undefined
  return model.view.pinned ?? loadedUpdates(model).find(update => update.id === pinnedUpdateId)
}

/** What the reader sees now, newest sortTime first. */
export function shownUpdates(model: ViewerModel): readonly Update[] {
  const loaded = loadedUpdates(model)
  return model.held.size === 0 ? loaded : loaded.filter(update => !model.held.has(update.id))
}

/** Both lists as one, newest sortTime first; of an update that stands in both, the later version is taken. */
export function mergeUpdates(first: readonly Update[], second: readonly Update[]): readonly Update[] {
  const byId = new Map(first.map(update => [update.id, update]))
  for (const update of second) {
    const known = byId.get(update.id)
    if (known === undefined || known.version < update.version) byId.set(update.id, update)
  }
  return [...byId.values()].sort((a, b) => (a.sortTime === b.sortTime ? 0 : a.sortTime < b.sortTime ? 1 : -1))
}
