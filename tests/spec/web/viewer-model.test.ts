import { describe, expect, it } from 'vitest'
import type { WatchChange } from '../../../src/client/types.ts'
import type { Entry } from '../../../src/protocol/entry.ts'
import type { Update } from '../../../src/protocol/update.ts'
import {
  loadedUpdates,
  openViewer,
  pinnedUpdate,
  shownUpdates,
  stepViewer,
  type ViewerModel,
} from '../../../web/viewer/viewer-model.ts'
import { anUpdate, aSnapshot, at, idOf } from './build-view.ts'

const live = { name: 'live', stale: false } as const
const common = { seq: 51, chain: 'b'.repeat(40), at: at('11:00'), acceptNumber: 60 }
const numbers = (updates: readonly Update[]) => updates.map(update => Number(update.id.slice(-4)))
const shown = (model: ViewerModel) => numbers(shownUpdates(model))

/** A page with updates 5, 4 and 3, and older ones to load. */
function aPage(): ViewerModel {
  const updates = [anUpdate(5), anUpdate(4), anUpdate(3)]
  return openViewer(aSnapshot(updates, { links: { older: '/v1/events/talks/feed?before=3' } }), live)
}

function told(model: ViewerModel, change: WatchChange, atTop = true): ViewerModel {
  return stepViewer(model, { do: 'watched', change, atTop, nowMs: 0 })
}

function published(model: ViewerModel, update: Update, atTop = true): ViewerModel {
  const entry: Entry = { ...common, type: 'published', update }
  const view = aSnapshot([update, ...model.view.updates], { links: model.view.links })
  return told(model, { kind: 'entry', entry, view }, atTop)
}

function retracted(model: ViewerModel, number: number, reason?: string): ViewerModel {
  const said = reason === undefined ? {} : { reason }
  const entry: Entry = { ...common, type: 'retracted', updateId: idOf(number), version: 2, ...said }
  const updates = model.view.updates.filter(update => update.id !== idOf(number))
  return told(model, { kind: 'entry', entry, view: aSnapshot(updates, { links: model.view.links }) })
}

function withOlder(model: ViewerModel): ViewerModel {
  return stepViewer(model, { do: 'older loaded', page: aSnapshot([anUpdate(2), anUpdate(1)]) })
}

describe('a reader at the top', () => {
  it('[PAGE7] sees a new update at once', () => {
    const model = published(aPage(), anUpdate(6))
    expect(shown(model)).toEqual([6, 5, 4, 3])
    expect(model.held.size).toBe(0)
    expect(model.fresh.has(idOf(6))).toBe(true)
  })
})

describe('a reader further down', () => {
  it('[PAGE7] is not moved: new updates are held until they are asked for', () => {
    const model = published(published(aPage(), anUpdate(6), false), anUpdate(7), false)
    expect(shown(model)).toEqual([5, 4, 3])
    expect(model.held.size).toBe(2)
    expect(shown(stepViewer(model, { do: 'release' }))).toEqual([7, 6, 5, 4, 3])
  })

  it('[PAGE7] is not told of held updates that are retracted', () => {
    const model = retracted(published(aPage(), anUpdate(6), false), 6)
    expect(model.held.size).toBe(0)
    expect(model.retractions).toEqual([])
  })

  it('[PAGE7] is not moved by a restart either, unless nothing is left of what was there', () => {
    const next = aSnapshot([anUpdate(7), anUpdate(5), anUpdate(4)])
    const restarted = told(aPage(), { kind: 'restarted', reason: 'too-far-behind', view: next }, false)
    expect(shown(restarted)).toEqual([5, 4])
    const other = told(aPage(), { kind: 'restarted', reason: 'epoch-changed', view: aSnapshot([anUpdate(9)]) }, false)
    expect(shown(other)).toEqual([9])
  })
})

describe('a retracted update', () => {
  it('[PAGE8] leaves the page, and a note with the reason stays in its place', () => {
    const model = retracted(aPage(), 4, 'Posted twice.')
    expect(shown(model)).toEqual([5, 3])
    expect(model.retractions).toEqual([{ id: idOf(4), sortTime: at('10:04'), reason: 'Posted twice.' }])
  })

  it('[PAGE8] leaves the older pages too, and does not come back with one that was read before', () => {
    const model = retracted(withOlder(aPage()), 2)
    expect(shown(model)).toEqual([5, 4, 3, 1])
    const again = stepViewer(model, { do: 'older loaded', page: aSnapshot([anUpdate(2)]) })
    expect(shown(again)).toEqual([5, 4, 3, 1])
  })

  it('[PAGE8] that was taken down leaves no note', () => {
    const { seq, chain } = common
    const entry: Entry = { seq, chain, at: common.at, type: 'purged', updateId: idOf(2), digest: chain }
    const before = withOlder(aPage())
    const model = told(before, { kind: 'entry', entry, view: before.view })
    expect(shown(model)).toEqual([5, 4, 3, 1])
    expect(model.retractions).toEqual([])
  })
})

describe('older pages', () => {
  it('[PAGE9] are appended, and the link goes on from them', () => {
    const model = withOlder(aPage())
    expect(shown(model)).toEqual([5, 4, 3, 2, 1])
    expect(model.olderLink).toBeUndefined()
  })

  it('[PAGE9] bring no update twice: the later version is shown', () => {
    const page = aSnapshot([anUpdate(3, { bodyText: 'old' }), anUpdate(2)])
    const revised = told(aPage(), {
      kind: 'entry',
      entry: { ...common, type: 'revised', update: anUpdate(3, { version: 2, bodyText: 'new' }) },
      view: aSnapshot([anUpdate(5), anUpdate(4), anUpdate(3, { version: 2, bodyText: 'new' })]),
    })
    const model = stepViewer(revised, { do: 'older loaded', page })
    expect(shown(model)).toEqual([5, 4, 3, 2])
    expect(loadedUpdates(model)[2]?.bodyText).toBe('new')
  })

  it('[PAGE9] are revised in place, and take in what belongs between them', () => {
    const before = withOlder(aPage())
    const revise = (update: Update) =>
      told(before, { kind: 'entry', entry: { ...common, type: 'revised', update }, view: before.view })
    expect(loadedUpdates(revise(anUpdate(2, { version: 2, bodyText: 'new' })))[3]?.bodyText).toBe('new')
    const between = anUpdate(8, { sortTime: at('10:01').replace(':00.000', ':30.000') })
    expect(shown(revise(between))).toEqual([5, 4, 3, 2, 8, 1])
  })

  it('[PAGE9] can hold the pinned update', () => {
    const view = aSnapshot([anUpdate(5)], { event: { pinnedUpdateId: idOf(2) } })
    expect(pinnedUpdate(withOlder(openViewer(view, live)))?.id).toBe(idOf(2))
    expect(pinnedUpdate(openViewer(view, live))).toBeUndefined()
  })
})
