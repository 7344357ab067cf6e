import { describe, expect, it } from 'vitest'
import { renderDeskPage } from '../../../web/desk/render.tsx'
import { renderHomePage, renderProblemPage } from '../../../web/home/render.tsx'
import { renderRehearsalPage, renderViewerPage } from '../../../web/viewer/render.tsx'
import { anEvent } from '../../support/build.ts'
import { anUpdate, aSnapshot, at, idOf } from './build-view.ts'

const settings = { gatewayUrl: undefined, mediaOrigins: ['https://pictures.news.example'] }
const picture = { alt: 'Two flags', caption: 'The hall.', creditText: 'Ana Lind', copyrightHolder: '' }
const HOSTILE = '</script><script>alert(1)</script><!--\u2028"'

/** The page without its data blocks: what a browser shows when it runs no script. */
const readable = (html: string) => html.replaceAll(/<script[^>]*>.*?<\/script>/gs, '')

describe('the viewer page', () => {
  it('[PAGE4] can be read without script: every update in order, with its time, and a link to older ones', () => {
    const links = { older: '/v1/events/talks/feed?before=abc' }
    const html = readable(renderViewerPage(aSnapshot([anUpdate(1), anUpdate(2), anUpdate(3)], { links }), settings))
    expect(html.match(/Text \d\./g)).toEqual(['Text 3.', 'Text 2.', 'Text 1.'])
    expect(html).toContain(`<time datetime="${at('10:03')}"`)
    expect(html).toContain('href="/events/talks?before=abc"')
  })

  it('[PAGE4] of older updates says so, and leads to the latest', () => {
    const html = readable(renderViewerPage(aSnapshot([anUpdate(1)]), settings, { isOlder: true }))
    expect(html).toContain('You are reading older updates.')
    expect(html).toContain('<a href="/events/talks">Go to the latest</a>')
  })

  it('[TRAVEL9] of the past says when, is left out by search engines, and leads a change on, a change back and to live', () => {
    const past = { moment: at('10:02'), seq: 7, lastSeq: 9 }
    const html = renderViewerPage(aSnapshot([anUpdate(1)]), settings, { past })
    expect(html).toContain('Not live.')
    expect(html).toContain(`<time datetime="${at('10:02')}" lang="en"><bdi>November 24, 2026 at 10:02</bdi></time>`)
    for (const href of ['?at=6" rel="prev"', '?at=8" rel="next"', '"'])
      expect(html).toContain(`href="/events/talks${href}`)
    expect(html).toContain('<meta name="robots" content="noindex"/>')
    expect(html).toContain('<link rel="canonical" href="/events/talks"/>')
    expect(html).not.toContain('application/ld+json')
    const ends = [renderViewerPage(aSnapshot([]), settings, { past: { ...past, seq: 1, lastSeq: 1 } })].join()
    expect(ends).not.toMatch(/rel="(prev|next)"/)
  })

  it('[TRAVEL9] of older updates of the past is left out too, and leads to the top of then', () => {
    const past = { moment: at('10:02'), seq: 7, lastSeq: 9 }
    const html = renderViewerPage(aSnapshot([anUpdate(1)]), settings, { past, isOlder: true })
    expect(html).toContain('href="/events/talks?at=7"')
    expect(html).toContain('<meta name="robots" content="noindex"/>')
  })

  it('[TRAVEL11] of a rehearsal has nothing in it that is not in its address', () => {
    const html = renderRehearsalPage('talks', '0123456789abcdef', settings)
    expect(html).toContain('<meta name="robots" content="noindex"/>')
    expect(JSON.parse(/id="viewer-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '')).toEqual({
      kind: 'rehearsal',
      eventId: 'talks',
      replayId: '0123456789abcdef',
      mediaOrigins: settings.mediaOrigins,
    })
  })

  it('[PAGE4] without updates says that they appear by themselves', () => {
    expect(renderViewerPage(aSnapshot([]), settings)).toContain('No updates yet. They appear here by themselves.')
  })

  it('[PAGE2] is in the language and direction of its event, and an update in its own', () => {
    const update = anUpdate(1, { inLanguage: 'en', headline: 'An English line' })
    const html = renderViewerPage(aSnapshot([update], { event: { inLanguage: 'ar', headline: 'محادثات' } }), settings)
    expect(html).toContain('<html lang="ar" dir="rtl">')
    expect(html).toContain('<h3 class="update-headline" lang="en" dir="ltr">')
  })

  it('[PAGE3] shows pictures of listed origins; of others, and of embeds, it shows links', () => {
    const media = [
      { ...picture, url: 'https://pictures.news.example/a.jpg', width: 1200, height: 800 },
      { ...picture, url: 'https://elsewhere.example/b.jpg' },
      picture,
    ]
    const embeds = [
      { provider: 'youtube', url: 'https://www.youtube.com/watch?v=a', originalId: 'a' },
      { provider: 'x', url: 'javascript:alert(1)', originalId: '7' },
    ]
    const html = readable(renderViewerPage(aSnapshot([anUpdate(1, { media, embeds })]), settings))
    const sources = [...html.matchAll(/(?:src|srcset|poster)="([^"]*)"/g)].map(match => match[1])
    expect(sources).toEqual(['https://pictures.news.example/a.jpg'])
    expect(html).toContain('width="1200" height="800" loading="lazy"')
    expect(html).toContain('href="https://elsewhere.example/b.jpg"')
    expect(html).toContain('Picture to follow')
    expect(html).toContain('href="https://www.youtube.com/watch?v=a"')
    expect(html).not.toContain('javascript:')
    expect(html).not.toMatch(/<(iframe|object|embed|video|audio)\b/)
  })

  it('[PAGE10] does not show a headline above the words it was made from', () => {
    const update = anUpdate(1, { headline: 'They shook…', headlineDerived: true, bodyText: 'They shook hands.' })
    expect(readable(renderViewerPage(aSnapshot([update]), settings))).not.toContain('They shook…')
  })

  it('[PAGE10] shows what an update is: pinned, breaking, key event, summary, corrected, revised', () => {
    const update = anUpdate(1, {
      isBreaking: true,
      isKeyEvent: true,
      isSummary: true,
      dateModified: at('10:30'),
      corrections: [{ text: 'Not at noon.', datePublished: at('10:31') }],
      source: 'Press office',
      tags: ['treaty'],
    })
    const snapshot = aSnapshot([update], {
      event: { pinnedUpdateId: idOf(1) },
      pinned: update,
      keyEvents: [{ id: idOf(1), headline: 'Headline 1', happenedAt: at('10:01') }],
    })
    const html = readable(renderViewerPage(snapshot, settings))
    for (const words of ['Pinned', 'Breaking', 'Key event', 'Summary', 'Correction, 10:31', 'Not at noon.', 'treaty']) {
      expect(html).toContain(words)
    }
    expect(html).toContain(`Updated <time datetime="${at('10:30')}">10:30</time>`)
    expect(html).toContain(`<a href="#update-${idOf(1)}">`)
    expect(html.match(new RegExp(`id="update-${idOf(1)}"`, 'g'))).toHaveLength(1)
  })

  it('[PAGE11] tells search engines what it is, as schema.org LiveBlogPosting', () => {
    const html = renderViewerPage(aSnapshot([anUpdate(1)]), settings)
    const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '')
    expect(data).toMatchObject({ '@type': 'LiveBlogPosting', liveBlogUpdate: [{ articleBody: 'Text 1.' }] })
  })
})

describe('every page', () => {
  const hostile = anUpdate(1, {
    headline: HOSTILE,
    bodyText: HOSTILE,
    bodyHtml: '<p>safe</p>',
    source: HOSTILE,
    tags: [HOSTILE],
  })
  const event = { headline: HOSTILE, description: HOSTILE, summaryPoints: [HOSTILE], section: HOSTILE }
  it.each([
    ['viewer', renderViewerPage(aSnapshot([hostile], { event }), settings)],
    [
      'past',
      renderViewerPage(aSnapshot([hostile], { event }), settings, {
        past: { moment: at('10:00'), seq: 2, lastSeq: 3 },
      }),
    ],
    ['rehearsal', renderRehearsalPage(HOSTILE, HOSTILE, settings)],
    ['desk', renderDeskPage({ gatewayUrl: `https://live.example/${HOSTILE}`, mediaOrigins: [] })],
    ['home', renderHomePage([{ ...anEvent(), ...event }])],
    [
      'problem',
      renderProblemPage({ type: '/problems/internal', title: HOSTILE, detail: HOSTILE, status: 500, retry: true }),
    ],
  ])('[PAGE11] has nothing inline that is run or styled, whatever is written in it: %s', (_name, html) => {
    const scripts = [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
    for (const [, attributes = '', content = ''] of scripts) {
      if (/type="application\/(ld\+)?json"/.test(attributes)) expect(() => JSON.parse(content)).not.toThrow()
      else expect([attributes.includes('src="/assets/'), content]).toEqual([true, ''])
    }
    expect(html).not.toContain('<script>')
    expect(html).not.toMatch(/<[^>]+\s(style|on\w+)=/i)
    expect(html.startsWith('<!doctype html><html lang="')).toBe(true)
  })

  it('[PAGE11] of a problem says what happened, and where to go on', () => {
    const html = renderProblemPage({
      type: '/problems/event-not-found',
      title: 'No such event',
      status: 404,
      retry: false,
    })
    expect(html).toContain('<h1>No such event</h1>')
    expect(html).toContain('href="/"')
  })

  it('[PAGE11] of events lists them with their status', () => {
    const html = renderHomePage([anEvent(), { ...anEvent('second'), status: 'ended' }])
    expect(html).toContain('href="/events/talks"')
    expect(html).toContain('Ended')
  })
})
