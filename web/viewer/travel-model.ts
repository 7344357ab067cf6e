import type { PlaybackChange, PlaybackState } from '../../src/client/playing.ts'
import type { Snapshot } from '../../src/protocol/snapshot.ts'
import { openViewer, stepViewer, type ViewerAction, type ViewerModel } from './viewer-model.ts'

/** A reader who is in the event's past. */
export interface Travel {
  /** What is shown; undefined until the first place was read. */
  readonly model: ViewerModel | undefined
  readonly state: PlaybackState
  /** The updates that were there when the reader left; undefined while the page does not know how it is now. */
  readonly leftWith: ReadonlySet<string> | undefined
}

export type TravelAction =
  | { readonly do: 'played'; readonly change: PlaybackChange; readonly atTop: boolean }
  | { readonly do: 'live known'; readonly live: Snapshot }
  | Exclude<ViewerAction, { do: 'watched' | 'network' }>

/** Pure: a reader leaves for the past. `shown` is what stands on the page already when that is the past. */
export function openTravel(shown: ViewerModel | undefined, live: Snapshot | undefined): Travel {
  return { model: shown, state: { name: 'loading' }, leftWith: live && idsOf(live) }
}

/** Pure: the travel after something happened. */
export function stepTravel(travel: Travel, action: TravelAction): Travel {
  switch (action.do) {
    case 'played':
      return afterPlayed(travel, action.change, action.atTop)
    case 'live known':
      return travel.leftWith === undefined ? { ...travel, leftWith: idsOf(action.live) } : travel
    default:
      return travel.model === undefined ? travel : { ...travel, model: stepViewer(travel.model, action) }
  }
}

function afterPlayed(travel: Travel, change: PlaybackChange, atTop: boolean): Travel {
  switch (change.kind) {
    case 'state':
      return { ...travel, state: change.state }
    case 'restarted':
      // Another place: whatever was loaded further down was of the one before.
      return { ...travel, model: openViewer(change.view, { name: 'still' }) }
    default: {
      if (travel.model === undefined) return travel
      return { ...travel, model: stepViewer(travel.model, { do: 'watched', change, atTop, nowMs: 0 }) }
    }
  }
}

/** Pure: how many updates came since the reader left for the past. */
export function newSince({ leftWith }: Travel, live: Snapshot): number {
  return leftWith === undefined ? 0 : live.updates.filter(({ id }) => !leftWith.has(id)).length
}

function idsOf({ updates }: Snapshot): ReadonlySet<string> {
  return new Set(updates.map(({ id }) => id))
}
