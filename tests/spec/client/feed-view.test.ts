import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { step } from '../../../src/client/feed-cursor.ts'
import { applyEntry, type FeedView, fillPin, missingPin, openView } from '../../../src/client/feed-view.ts'
import type { Entry } from '../../../src/protocol/entry.ts'
import type { Update } from '../../../src/protocol/update.ts'
import { anUpdate, compare, FeedModel, type Placed } from './feed-model.ts'

const time = (second: number) => new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString()
const ids = (view: FeedView) => view.snapshot.updates.map(update => Number(update.id.slice(-4)))

/** Updates 1 to 5, of which the snapshot holds 3, 4 and 5. */
function aFeedWithOlderOnes() {
  const feed = new FeedModel()
  for (const number of [1, 2, 3, 4, 5]) feed.append({ type: 'published', update: anUpdate(number) })
  return { feed, view: openView(feed.snapshot(3)) }
}

describe('a view', () => {
  it('[SDK3] holds the newest sortTime first, and of equal ones the later published', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const back = feed.append({ type: 'published', update: anUpdate(6, { sortTime: time(4) }) })
    expect(ids(applyEntry(view, back))).toEqual([5, 6, 4, 3])
  })

  it('[SDK3] goes by the feed, not by the clocks of those who accepted', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const slowClock = anUpdate(6, { sortTime: time(4), datePublished: time(3) })
    expect(ids(applyEntry(view, feed.append({ type: 'published', update: slowClock })))).toEqual([5, 6, 4, 3])
  })

  it('[SDK3] puts an entry that came late where it was accepted', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const sortTime = time(4)
    const late = { type: 'published', late: true, acceptNumber: 1, update: anUpdate(0, { sortTime }) } as const
    expect(ids(applyEntry(view, feed.append(late)))).toEqual([5, 4, 0, 3])
  })

  it('[SDK3] moves a revised update when its time is moved, and leaves it in place otherwise', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const edited = applyEntry(view, feed.append({ type: 'revised', update: anUpdate(4, { version: 2 }) }))
    expect(edited.snapshot.updates[1]).toMatchObject({ version: 2 })
    const moved = anUpdate(4, { version: 3, sortTime: time(9) })
    expect(ids(applyEntry(edited, feed.append({ type: 'revised', update: moved })))).toEqual([4, 5, 3])
  })

  it('[SDK4] leaves out what is older than it holds, while there are older ones to load', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const revised = feed.append({ type: 'revised', update: anUpdate(2, { version: 2 }) })
    expect(ids(applyEntry(view, revised))).toEqual([5, 4, 3])
    const movedOut = feed.append({ type: 'revised', update: anUpdate(5, { version: 2, sortTime: time(1) }) })
    expect(ids(applyEntry(view, movedOut))).toEqual([4, 3])
    expect(ids(applyEntry({ ...view, edge: undefined }, revised))).toEqual([5, 4, 3, 2])
  })

  it('[SDK4] goes on reaching back to where its snapshot ended when that update is retracted', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const without = applyEntry(view, feed.append({ type: 'retracted', updateId: anUpdate(3).id, version: 2 }))
    const between = { ...anUpdate(6), sortTime: '2026-11-24T10:00:03.500Z' }
    expect(ids(applyEntry(without, feed.append({ type: 'published', update: between })))).toEqual([5, 4, 6])
  })

  it('[SDK5] takes in a revision that brings an older update into what it holds', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const movedIn = feed.append({ type: 'revised', update: anUpdate(1, { version: 2, sortTime: time(8) }) })
    expect(ids(applyEntry(view, movedIn))).toEqual([1, 5, 4, 3])
  })

  it('[SDK5] moves its position only, for a retraction of what it does not hold and for a type it does not know', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const retracted = applyEntry(view, feed.append({ type: 'retracted', updateId: anUpdate(1).id, version: 2 }))
    expect(retracted.snapshot).toEqual({ ...view.snapshot, position: { ...feed.snapshot(3).position } })
    const unknown = { ...feed.append({ type: 'event', event: feed.event }), type: 'applauded' } as unknown as Entry
    expect(applyEntry(retracted, unknown).snapshot.position.seq).toBe(unknown.seq)
  })

  it('[SDK6] knows that a pinned update stands further back, and shows it once fetched', () => {
    const { feed, view } = aFeedWithOlderOnes()
    const pin = feed.append({ type: 'event', event: { ...feed.event, pinnedUpdateId: anUpdate(1).id } })
    const pinned = applyEntry(view, pin)
    expect(pinned.snapshot.pinned).toBeNull()
    expect(missingPin(pinned)).toBe(anUpdate(1).id)
    expect(fillPin(pinned, anUpdate(1)).snapshot.pinned).toEqual(anUpdate(1))
    expect(fillPin(pinned, anUpdate(2))).toBe(pinned)
    const tombstone = anUpdate(1, { retracted: { datePublished: time(9) } })
    expect(fillPin(pinned, tombstone)).toBe(pinned)
  })
})

const act = fc.record({
  kind: fc.constantFrom('publish', 'publish', 'publish', 'revise', 'retract', 'pin', 'purge', 'late'),
  which: fc.nat(50),
  second: fc.nat(12),
  isKeyEvent: fc.boolean(),
})
const delivery = fc.constantFrom('once', 'once', 'once', 'twice', 'lost', 'other epoch', 'earlier again')

describe('any walk through a feed', () => {
  it('[SDK7] leaves the view equal to the feed, whatever was repeated, lost or of another feed', () => {
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 20 }),
        fc.array(fc.tuple(act, delivery)),
        fc.nat(6),
        (before, walk, limit) => {
          const feed = new FeedModel()
          for (const [number, doing] of before.entries()) write(feed, doing, number + 1)
          const viewer = new Viewer(feed, limit + 1)
          for (const [number, [doing, delivered]] of walk.entries()) {
            const entry = write(feed, doing, before.length + number + 1)
            if (entry === undefined) continue
            if (delivered === 'other epoch') viewer.receive('e2', entry)
            if (delivered === 'earlier again')
              viewer.receive('e1', feed.entries[doing.which % feed.entries.length] ?? entry)
            if (delivered !== 'lost') viewer.receive('e1', entry)
            if (delivered === 'twice') viewer.receive('e1', entry)
          }
          viewer.catchUp()
          viewer.expectEqual()
        },
      ),
    )
  })

  it('[SDK8] never changes what it is given', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), fc.nat(6), (walk, limit) => {
        const feed = new FeedModel()
        let view = deepFreeze(openView(feed.snapshot(limit + 1)))
        for (const [number, doing] of walk.entries()) {
          const entry = write(feed, doing, number + 1)
          if (entry !== undefined) view = deepFreeze(applyEntry(view, deepFreeze(entry)))
        }
      }),
    )
  })
})

/** What a room does with its entries, without a network: on a hole it is given the entries that it lacks. */
class Viewer {
  readonly #feed: FeedModel
  readonly #edge: Placed | undefined
  #view: FeedView

  constructor(feed: FeedModel, limit: number) {
    const { edge, ...snapshot } = feed.snapshot(limit)
    this.#feed = feed
    this.#edge = edge
    this.#view = openView(snapshot)
  }

  receive(epoch: string, entry: Entry): void {
    const next = step(this.#view.snapshot.position, epoch, entry)
    if (next.do === 'show') this.#show(entry)
    if (next.do === 'rejoin') this.catchUp()
  }

  catchUp(): void {
    for (const entry of this.#feed.entries.slice(this.#view.snapshot.position.seq)) this.#show(entry)
  }

  expectEqual(): void {
    const { snapshot } = this.#view
    const edge = this.#edge
    const held = this.#feed.placed().filter(placed => edge === undefined || isFrom(edge, placed))
    expect(snapshot.updates).toEqual(held.map(({ update }) => update))
    expect(snapshot.event).toEqual(this.#feed.event)
    expect(snapshot.position.seq).toBe(this.#feed.entries.length)
    expect(snapshot.pinned ?? null).toEqual(missingPin(this.#view) === undefined ? this.#feed.pinned() : null)
    expect(new Set(snapshot.keyEvents.map(({ id }) => id))).toEqual(new Set(this.#feed.keyEvents().map(({ id }) => id)))
    expect(snapshot.keyEvents.map(({ happenedAt }) => happenedAt)).toEqual(
      this.#feed.keyEvents().map(({ happenedAt }) => happenedAt),
    )
  }

  #show(entry: Entry): void {
    this.#view = applyEntry(this.#view, entry)
    const pinned = this.#feed.pinned()
    if (entry.type === 'event' && pinned !== null) this.#view = fillPin(this.#view, pinned)
  }
}

function isFrom(edge: Placed, { update, acceptNumber }: Placed): boolean {
  const order = compare(update.sortTime, edge.update.sortTime)
  return order > 0 || (order === 0 && acceptNumber >= edge.acceptNumber)
}

/** Writes one entry, if there is something to write it about. Update n is accepted before update n + 1. */
function write(
  feed: FeedModel,
  doing: { kind: string; which: number; second: number; isKeyEvent: boolean },
  number: number,
) {
  const { isKeyEvent } = doing
  const happenedAt = time(doing.second)
  const written = { isKeyEvent, happenedAt, sortTime: happenedAt }
  if (doing.kind === 'publish') return feed.append({ type: 'published', update: anUpdate(100 + number, written) })
  if (doing.kind === 'late') {
    // Accepted at half the way from the one before: it comes in after those that were accepted later.
    const acceptNumber = 0.5 + doing.which / 100
    const datePublished = new Date(Date.UTC(2026, 10, 24, 9) + doing.which * 1_000 + number).toISOString()
    const update = anUpdate(100 + number, { ...written, datePublished })
    return feed.updates.some(known => known.datePublished.slice(0, 19) === datePublished.slice(0, 19))
      ? undefined
      : feed.append({ type: 'published', late: true, acceptNumber, update })
  }
  const update: Update | undefined = feed.updates[doing.which % Math.max(1, feed.updates.length)]
  if (update === undefined) return undefined
  switch (doing.kind) {
    case 'revise':
      return feed.append({ type: 'revised', update: { ...update, ...written, version: update.version + 1 } })
    case 'retract':
      return feed.append({ type: 'retracted', updateId: update.id, version: update.version + 1 })
    case 'purge':
      return feed.append({ type: 'purged', updateId: update.id, digest: '0'.repeat(40) })
    default: {
      const pinnedUpdateId = doing.second > 8 ? null : update.id
      return feed.append({ type: 'event', event: { ...feed.event, pinnedUpdateId } })
    }
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
