import { describe, expect, it } from 'vitest'
import { announceInMs, announcementFor } from '../../../web/reading/announcement.ts'
import { connectionAfter } from '../../../web/reading/connection.ts'
import { languageDirection, textDirection } from '../../../web/reading/direction.ts'
import { hostOf, isOwnPicture, olderPageHref, safeHref } from '../../../web/reading/links.ts'
import { statusLine } from '../../../web/reading/status-line.ts'
import { anUpdate } from './build-view.ts'

describe('the direction', () => {
  it.each([
    ['ar', 'rtl'],
    ['fa', 'rtl'],
    ['he', 'rtl'],
    ['ur-PK', 'rtl'],
    ['az-Arab', 'rtl'],
    ['az', 'ltr'],
    ['en', 'ltr'],
    ['ru', 'ltr'],
    ['not a tag', 'ltr'],
  ])('[PAGE2] of the language %s is %s', (tag, direction) => {
    expect(languageDirection(tag)).toBe(direction)
  })

  it.each([
    ['NATO ليس طرفا في المحادثات', 'en', 'rtl'],
    ['They said "سلام" and left the hall.', 'ar', 'ltr'],
    ['12:05', 'he', 'rtl'],
    ['', 'en', 'ltr'],
  ])('[PAGE2] of the text "%s" goes by most of its letters, else by its language', (text, language, direction) => {
    expect(textDirection(text, language)).toBe(direction)
  })
})

describe('a link', () => {
  it.each(['javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'data:text/html,x', '//evil.example', 'x', '', undefined])(
    '[PAGE3] to %s is none',
    url => {
      expect(safeHref(url)).toBeUndefined()
    },
  )

  it('[PAGE3] says where it goes', () => {
    expect(safeHref('https://www.nasa.example/a')).toBe('https://www.nasa.example/a')
    expect(hostOf('https://www.nasa.example/a')).toBe('nasa.example')
  })

  it('[PAGE3] is what a picture becomes, unless its origin is listed', () => {
    const origins = ['https://pictures.news.example']
    expect(isOwnPicture('https://pictures.news.example/a.jpg', origins)).toBe(true)
    expect(isOwnPicture('https://pictures.news.example.evil.example/a.jpg', origins)).toBe(false)
    expect(isOwnPicture('http://pictures.news.example/a.jpg', origins)).toBe(false)
  })

  it('[PAGE4] to older updates is the same page with the cursor', () => {
    expect(olderPageHref('talks', '/v1/events/talks/feed?limit=50&before=a%2Bb')).toBe('/events/talks?before=a%2Bb')
    expect(olderPageHref('talks', undefined)).toBeUndefined()
  })
})

describe('the status line', () => {
  const live = { name: 'live', stale: false } as const

  it.each([
    ['live', live, 'live', 'Live'],
    ['paused', live, 'quiet', 'Paused'],
    ['ended', live, 'quiet', 'Ended'],
    ['live', { name: 'live', stale: true }, 'warning', 'Updates may be delayed'],
    ['live', { ...live, by: 'poll' }, 'live', 'Live, by polling'],
    ['paused', { ...live, by: 'poll' }, 'quiet', 'Paused'],
    ['live', { ...live, by: 'stream' }, 'live', 'Live'],
    ['live', { name: 'waiting', untilMs: 4_500 }, 'warning', 'Connection lost. Reconnecting in 4 s'],
    ['live', { name: 'waiting', untilMs: 900 }, 'warning', 'Connection lost. Reconnecting…'],
    ['ended', { name: 'offline' }, 'warning', 'You are offline'],
    ['live', { name: 'connecting' }, 'quiet', 'Connecting…'],
  ] as const)('[PAGE5] of an event that is %s, with the connection %o, is %s: %s', (status, connection, tone, text) => {
    expect(statusLine(status, connection, 1_000)).toMatchObject({ tone, text })
  })

  it('[PAGE5] does not count seconds aloud', () => {
    const spoken = (nowMs: number) => statusLine('live', { name: 'waiting', untilMs: 9_000 }, nowMs).spoken
    expect(spoken(1_000)).toBe(spoken(5_000))
  })

  it('[PAGE5] keeps saying that the connection is lost while a repeat is tried', () => {
    const waiting = connectionAfter(
      { name: 'connecting' },
      { name: 'waiting', attempt: 1, retryInMs: 3_000, why: 'x' },
      1_000,
    )
    expect(waiting).toEqual({ name: 'waiting', untilMs: 4_000 })
    expect(connectionAfter(waiting, { name: 'connecting', attempt: 2 })).toBe(waiting)
  })

  it('[PAGE5] says offline until the browser is online again', () => {
    const offline = connectionAfter({ name: 'live', stale: false }, false)
    expect(connectionAfter(offline, { name: 'waiting', attempt: 1, retryInMs: 3_000, why: 'x' }, 0)).toBe(offline)
    expect(connectionAfter(offline, true)).toEqual({ name: 'connecting' })
    const live = { name: 'live', stale: false, by: 'websocket' } as const
    expect(connectionAfter(offline, { ...live, sinceMs: 5 })).toEqual(live)
  })
})

describe('an announcement', () => {
  it('[PAGE6] is one short sentence', () => {
    expect(announcementFor([anUpdate(5)], 'Europe/Moscow', 'en')).toBe('New update, 13:05: Headline 5')
    expect(announcementFor([], 'UTC', 'en')).toBeUndefined()
  })

  it('[PAGE6] sums up what came together, and names what is breaking', () => {
    const many = [anUpdate(1), anUpdate(2, { isBreaking: true }), anUpdate(3)]
    expect(announcementFor(many, 'UTC', 'en')).toBe('3 new updates. Breaking, 10:02: Headline 2')
  })

  it('[PAGE6] comes at most every six seconds', () => {
    expect(announceInMs(undefined, 50_000)).toBe(400)
    expect(announceInMs(50_000, 51_000)).toBe(5_000)
    expect(announceInMs(50_000, 70_000)).toBe(400)
  })
})
