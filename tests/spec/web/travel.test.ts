import { describe, expect, it } from 'vitest'
import type { PlaybackChange } from '../../../src/client/playing.ts'
import type { Entry } from '../../../src/protocol/entry.ts'
import { olderAsOf, olderPageHref } from '../../../web/reading/links.ts'
import { awayAfter, awayWords } from '../../../web/viewer/away.ts'
import { momentWords } from '../../../web/viewer/moment-words.ts'
import { pageStatus } from '../../../web/viewer/page-status.ts'
import { scrubberOf, withinScrubber } from '../../../web/viewer/scrubber.ts'
import { createSeenStorage } from '../../../web/viewer/seen-storage.ts'
import { newSince, openTravel, stepTravel } from '../../../web/viewer/travel-model.ts'
import { shownUpdates } from '../../../web/viewer/viewer-model.ts'
import { anUpdate, aSnapshot, at, idOf } from './build-view.ts'

const ms = (time: string) => Date.parse(at(time))
const common = (seq: number) => ({ seq, chain: 'b'.repeat(40), at: at('11:00'), acceptNumber: seq })

describe('the scrubber', () => {
  it.each([
    ['by the minute when it took long', '10:02', '12:00', 60_000],
    ['by ten seconds when it took some minutes', '10:02', '10:12', 10_000],
    ['by the second when it was short', '10:02', '10:04', 1_000],
  ])('[TRAVEL7] goes %s, to the very last entry', (_title, first, last, stepMs) => {
    const scrubber = scrubberOf(ms('09:00'), ms(first), ms(last))
    expect(scrubber).toEqual({ minMs: ms(first), maxMs: ms(last), stepMs })
    expect(scrubberOf(ms('09:00'), ms(first), ms(last) + 1).maxMs).toBe(ms(last) + stepMs)
  })

  it('[TRAVEL7] begins no earlier than the event, and has two ends when all came at once', () => {
    expect(scrubberOf(ms('10:00') + 7, ms('10:00') + 9, ms('12:00')).minMs).toBe(ms('10:00') + 7)
    const one = scrubberOf(ms('10:00'), ms('10:00'), ms('10:00'))
    expect(one.maxMs).toBeGreaterThan(one.minMs)
    expect(withinScrubber(one, 0)).toBe(one.minMs)
    expect(withinScrubber(one, Number.MAX_SAFE_INTEGER)).toBe(one.maxMs)
  })
})

describe('a moment', () => {
  const reader = { zone: 'Europe/Moscow', language: 'en' }
  it.each([
    ['by both clocks', 'Europe/London', true, { own: '10:05', there: '13:05 in Moscow' }],
    ['by one clock where both show the same', 'Europe/Istanbul', true, { own: '13:05', there: undefined }],
    ['by the event’s as long as the reader’s is not known', undefined, true, { own: '13:05', there: undefined }],
    ['with its day when there are several', undefined, false, { own: 'November 24, 2026 at 13:05', there: undefined }],
  ])('[TRAVEL12] is told %s', (_title, ownZone, isOneDay, words) => {
    expect(momentWords(ms('10:05'), { ...reader, ownZone }, { isOneDay, stepMs: 60_000 })).toEqual(words)
  })

  it('[TRAVEL12] is told to the second where seconds are chosen', () => {
    const choice = { isOneDay: true, stepMs: 1_000 }
    const words = momentWords(ms('10:05') + 7_000, { ...reader, ownZone: 'Europe/London' }, choice)
    expect(words).toEqual({ own: '10:05:07', there: '13:05:07 in Moscow' })
  })
})

describe('a page that is not live', () => {
  const live = { name: 'live', stale: false } as const
  const place = { moment: at('10:00'), seq: 3, lastSeq: 9 }
  it.each([
    ['[TRAVEL7] of the past', { name: 'past', place }, 'Not live'],
    ['[TRAVEL9] of older updates of the past', { name: 'older', at: '3' }, 'Not live'],
    ['[TRAVEL11] of a rehearsal', { name: 'rehearsal' }, 'Rehearsal'],
  ] as const)('%s says so, whatever the connection', (_title, mode, text) => {
    expect(pageStatus(mode, 'live', live, 0)).toMatchObject({ tone: 'warning', text })
  })

  it('[TRAVEL11] of a rehearsal says when its room cannot be reached', () => {
    expect(pageStatus({ name: 'rehearsal' }, 'live', { name: 'offline' }, 0).text).toBe('You are offline')
  })
})

describe('a reader in the past', () => {
  const then = aSnapshot([anUpdate(2), anUpdate(1)])
  const now = aSnapshot([anUpdate(3), anUpdate(2), anUpdate(1)])
  const entry: Entry = { ...common(51), type: 'published', update: anUpdate(3) }
  const played = (change: PlaybackChange, atTop = true) => ({ do: 'played' as const, change, atTop })
  const begun = stepTravel(openTravel(undefined, now), played({ kind: 'restarted', reason: 'begun', view: then }))
  const shown = ({ model }: typeof begun) => model && shownUpdates(model).map(({ id }) => id)

  it('[TRAVEL7] sees what the playback shows, and in another place nothing of the one before', () => {
    expect(openTravel(undefined, now).model).toBeUndefined()
    const on = stepTravel(begun, played({ kind: 'entry', entry, view: now }))
    expect(shown(on)).toEqual([idOf(3), idOf(2), idOf(1)])
    const older = stepTravel(on, { do: 'older loaded', page: aSnapshot([anUpdate(0, { sortTime: at('09:00') })]) })
    expect(shown(older)).toHaveLength(4)
    expect(shown(stepTravel(older, played({ kind: 'restarted', reason: 'sought', view: then })))).toHaveLength(2)
  })

  it('[TRAVEL7] is not moved by what is played while reading further down', () => {
    const on = stepTravel(begun, played({ kind: 'entry', entry, view: now }, false))
    expect(shown(on)).toEqual([idOf(2), idOf(1)])
    expect(shown(stepTravel(on, { do: 'release' }))).toHaveLength(3)
  })

  it('[TRAVEL8] is told how many came since, from when the page knows how it is', () => {
    const later = aSnapshot([anUpdate(5), anUpdate(4), ...now.updates])
    expect(newSince(begun, now)).toBe(0)
    expect(newSince(begun, later)).toBe(2)
    const opened = openTravel(undefined, undefined)
    expect(newSince(opened, later)).toBe(0)
    const known = stepTravel(stepTravel(opened, { do: 'live known', live: now }), { do: 'live known', live: later })
    expect(newSince(known, later)).toBe(2)
  })
})

describe('what a returning reader missed', () => {
  const seen = { epoch: 'e', seq: 50, chain: 'a'.repeat(40) }
  const published = (number: number, isKeyEvent = false): Entry => ({
    ...common(50 + number),
    type: 'published',
    update: anUpdate(number, { isKeyEvent }),
  })

  it('[TRAVEL10] is what is there to be read: counted as it is now, from the first by time', () => {
    const entries: Entry[] = [
      published(5),
      published(4, true),
      published(6),
      published(7),
      { ...common(60), type: 'retracted', updateId: idOf(6), version: 2 },
      { ...common(61), type: 'revised', update: anUpdate(7, { version: 2, isKeyEvent: true }) },
      { ...common(62), type: 'revised', update: anUpdate(1, { version: 2 }) },
    ]
    expect(awayAfter(seen, entries, false)).toEqual({
      keyEvents: 2,
      others: 1,
      isMore: false,
      firstId: idOf(4),
      seenSeq: 50,
    })
    expect(awayAfter(seen, entries.slice(6), false)).toBeUndefined()
  })

  it.each([
    [3, 9, false, 'While you were away: 3 key, 9 others'],
    [1, 1, false, 'While you were away: 1 key, 1 other'],
    [2, 0, false, 'While you were away: 2 key'],
    [0, 1, false, 'While you were away: 1 update'],
    [0, 990, true, 'While you were away: 990 updates and more'],
  ])('[TRAVEL10] of %i key events and %i others is said in a line', (keyEvents, others, isMore, words) => {
    expect(awayWords({ keyEvents, others, isMore, firstId: '', seenSeq: 1 })).toBe(words)
  })

  it('[TRAVEL10] is known by what this browser kept, and by nothing when it keeps nothing', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    } as unknown as Storage
    const working = createSeenStorage(() => storage)
    expect(working.read('talks')).toBeUndefined()
    working.write('talks', seen)
    expect(working.read('talks')).toEqual(seen)
    expect(working.read('other')).toBeUndefined()
    for (const foreign of ['{', '7', '{"epoch":1}']) {
      kept.set('dateline-viewer/1/talks', foreign)
      expect(working.read('talks')).toBeUndefined()
    }
    const forbidden = createSeenStorage(() => {
      throw new Error('forbidden')
    })
    forbidden.write('talks', seen)
    expect(forbidden.read('talks')).toBeUndefined()
  })
})

describe('a link to older updates', () => {
  const older = '/v1/events/talks/feed?limit=50&before=170.a-b&at=7'
  it('[TRAVEL9] keeps its place in the past', () => {
    expect(olderPageHref('talks', older)).toBe('/events/talks?at=7&before=170.a-b')
  })

  it('[TRAVEL7] follows the page to where that is now; one of today stays as it is', () => {
    expect(olderAsOf(older, 12)).toBe('/v1/events/talks/feed?limit=50&before=170.a-b&at=12')
    expect(olderAsOf('/v1/events/talks/feed?limit=50&before=9.x', 12)).toBe('/v1/events/talks/feed?limit=50&before=9.x')
  })
})
