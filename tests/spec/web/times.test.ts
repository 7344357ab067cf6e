import { describe, expect, it } from 'vitest'
import { groupByDay } from '../../../web/reading/day-groups.ts'
import {
  clockTime,
  dayOf,
  localInputTime,
  relativeTime,
  sameClock,
  timeBeside,
  zoneName,
  zoneOffset,
} from '../../../web/reading/times.ts'
import { anUpdate, at, idOf } from './build-view.ts'

describe('a time on a page', () => {
  it.each([
    ['Europe/Moscow', '13:05'],
    ['America/New_York', '05:05'],
    ['Asia/Kathmandu', '15:50'],
    ['UTC', '10:05'],
  ])('[PAGE1] is told by the clocks of %s', (zone, clock) => {
    expect(clockTime(at('10:05'), zone, 'en')).toBe(clock)
  })

  it('[PAGE1] is midnight as 00:00, not 24:00', () => {
    expect(clockTime(at('00:00'), 'UTC', 'en')).toBe('00:00')
  })

  it('[PAGE1] belongs to the day of its zone', () => {
    expect(dayOf(at('22:30'), 'Europe/Moscow')).toBe('2026-11-25')
    expect(dayOf(at('22:30'), 'America/New_York')).toBe('2026-11-24')
    expect(localInputTime(at('22:30'), 'Europe/Moscow')).toBe('2026-11-25T01:30')
  })

  it('[PAGE1] has its day named when it stands beside a time of another day', () => {
    expect(timeBeside(at('10:05'), at('09:00'), 'UTC', 'en')).toBe('10:05')
    expect(timeBeside(at('10:05'), '2026-11-20T10:00:00.000Z', 'UTC', 'en')).toContain('November 24, 2026')
  })

  it.each([
    ['Europe/Moscow', 'Moscow', 'GMT+3'],
    ['America/Argentina/Buenos_Aires', 'Buenos Aires', 'GMT-3'],
    ['UTC', 'UTC', 'GMT'],
  ])('[PAGE1] says which clock it goes by: %s', (zone, name, offset) => {
    expect(zoneName(zone)).toBe(name)
    expect(zoneOffset(at('10:00'), zone)).toBe(offset)
  })

  it('[PAGE1] is not told twice when both clocks show the same', () => {
    expect(sameClock(at('10:00'), 'Europe/Moscow', 'Europe/Istanbul')).toBe(true)
    expect(sameClock(at('10:00'), 'Europe/London', 'UTC')).toBe(true)
    expect(sameClock('2026-07-01T10:00:00.000Z', 'Europe/London', 'UTC')).toBe(false)
  })

  it.each([
    ['10:00', '10:00', 'now'],
    ['10:00', '10:05', '5 min. ago'],
    ['10:00', '13:10', '3 hr. ago'],
    ['10:00', '22:00', undefined],
    ['10:30', '10:00', undefined],
    ['10:01', '10:00', 'now'],
  ])('[PAGE1] at %s is, at %s, told as %s', (instant, now, words) => {
    expect(relativeTime(at(instant), Date.parse(at(now)), 'en')).toBe(words)
  })
})

describe('a timeline', () => {
  it('[PAGE1] is cut into the days of the event, newest first, with retraction notes in their places', () => {
    const updates = [
      anUpdate(3, { sortTime: at('22:30') }),
      anUpdate(2, { sortTime: at('20:00') }),
      anUpdate(1, { sortTime: at('19:00') }),
    ]
    const days = groupByDay(updates, [{ id: idOf(9), sortTime: at('19:30') }], 'Europe/Moscow')
    expect(days.map(({ day, items }) => [day, items.map(item => item.id)])).toEqual([
      ['2026-11-25', [idOf(3)]],
      ['2026-11-24', [idOf(2), idOf(9), idOf(1)]],
    ])
  })
})
