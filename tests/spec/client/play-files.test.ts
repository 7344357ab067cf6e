import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readBriefing } from '../../../src/main/play/briefing.ts'
import { BriefingError } from '../../../src/main/play/decode-text.ts'
import { identityOf } from '../../../src/main/play/identity.ts'
import { hasLanded, percentilesOf, summaryOf } from '../../../src/main/play/summary.ts'
import { EventDraft } from '../../../src/protocol/event.ts'
import { UpdateDraft, UpdateId } from '../../../src/protocol/update.ts'
import { anEvent } from './feed-model.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const NOW = new Date('2026-11-24T12:00:00.000Z')
const read = (fileName: string, text: string) => readBriefing(fileName, bytes(text), NOW)
function faultOf(fileName: string, text: string): string {
  try {
    read(fileName, text)
  } catch (error) {
    if (error instanceof BriefingError) return error.message
    throw error
  }
  throw new Error('it was read')
}

describe('a file of timed drafts', () => {
  const lines = (...values: unknown[]) => values.map(value => JSON.stringify(value)).join('\n')

  it('[PLAY1] names its event and gives each draft its time, as happenedAt too', () => {
    const text = lines(
      { event: { id: 'regatta', headline: 'The regatta' } },
      { at: '2026-05-04T10:00:30+02:00', draft: { body: 'Second.' } },
      { at: '2026-05-04T08:00:00Z', draft: { body: 'First.', happenedAt: '2026-05-04T09:58' } },
    )
    const briefing = read('regatta.ndjson', text)
    expect(briefing.event).toMatchObject({ id: 'regatta', coverageStartTime: '2026-05-04T08:00:00.000Z' })
    expect(briefing.items).toMatchObject([
      { key: 'line-3', offsetMs: 0, draft: { body: 'First.', happenedAt: '2026-05-04T09:58' } },
      { key: 'line-2', offsetMs: 30_000, draft: { body: 'Second.', happenedAt: '2026-05-04T08:00:30.000Z' } },
    ])
  })

  it('[PLAY1] leaves it to the text where its first line says when', () => {
    const at = '2026-05-04T10:00:30+02:00'
    const { items } = read('a.ndjson', lines({ at, draft: { body: '4 May 2026, 09:58 CEST\nThey are off.' } }))
    expect(items[0]?.draft).not.toHaveProperty('happenedAt')
  })

  it('[PLAY1] may count seconds instead; such updates happen when they are played', () => {
    const text = lines({ offset: 2, draft: { body: 'a' } }, { offset: 4.5, draft: { body: 'b' } })
    const { items } = read('a.jsonl', `\n${text}\n\n`)
    expect(items.map(({ key, offsetMs, draft }) => [key, offsetMs, draft.happenedAt])).toEqual([
      ['line-2', 0, undefined],
      ['line-3', 2_500, undefined],
    ])
  })

  it.each([
    ['{"offset":0,"draft":{"body":"a"}}\n{"offset":1,', 'line 2: is not valid JSON.'],
    ['{"offset":0,"draft":{"body":""}}', 'line 1: draft.body: A body is needed unless media or embeds are given.'],
    ['{"at":"yesterday","draft":{"body":"a"}}', /^line 1: at: Must be RFC 3339/],
    ['{"at":"2026-02-30T10:00:00Z","draft":{"body":"a"}}', /^line 1: at: 30 February does not exist\./],
    ['{"draft":{"body":"a"}}', 'line 1: Needs either at or offset.'],
    ['{"offset":0,"draft":{"body":"a","colour":"red"}}', /^line 1: draft: Unrecognized key: "colour"/],
    ['{"offset":0,"draft":{"body":"a"}}\n{"at":"2026-05-04T08:00:00Z","draft":{"body":"b"}}', /^line 2: has at, but/],
    ['{"event":{"headline":""}}\n{"offset":0,"draft":{"body":"a"}}', /^line 1: event.headline: /],
    ['{"event":{"headline":"Alone"}}', 'There is no update in this file.'],
  ])('[PLAY2] tells what is wrong in %s, and in which line', (text, expected) => {
    const fault = faultOf('a.ndjson', text)
    if (typeof expected === 'string') expect(fault).toBe(expected)
    else expect(fault).toMatch(expected)
  })

  it('[PLAY1] is what the samples are', () => {
    for (const [name, count] of [
      ['harbour-bridge', 14],
      ['lindhaven-summit', 48],
    ] as const) {
      const sample = readFileSync(new URL(`../../../samples/${name}.ndjson`, import.meta.url))
      const { event, items } = readBriefing(`${name}.ndjson`, sample, NOW)
      expect([event.id, items.length]).toEqual([name, count])
    }
  })
})

const block = (over: object = {}) => ({
  id: 'b1',
  publishedAt: '2026-05-04T08:00:00.000Z',
  pinned: false,
  keyEvent: false,
  summary: false,
  contributors: [],
  elements: [{ type: 'text', html: '<p>Words.</p>' }],
  ...over,
})
const blog = (...blocks: object[]) =>
  JSON.stringify({ title: 'A day at sea', byline: 'Ann Ek and Bo Ask', language: 'en', tags: ['sea', 'sea'], blocks })

describe('a live blog as JSON', () => {
  it('[PLAY3] is posted oldest first, each block at its publishedAt', () => {
    const { event, items } = read(
      'a.json',
      blog(
        block({ id: 'late', publishedAt: '2026-05-04T09:00:00.000Z' }),
        block({ id: 'same-2', publishedAt: '2026-05-04T08:30:00.000Z' }),
        block({ id: 'same-1', publishedAt: '2026-05-04T08:30:00.000Z' }),
        block({ id: 'early' }),
      ),
    )
    expect(items.map(({ key, offsetMs }) => [key, offsetMs])).toEqual([
      ['block-early', 0],
      ['block-same-1', 1_800_000],
      ['block-same-2', 1_800_000],
      ['block-late', 3_600_000],
    ])
    expect(items[0]?.draft.happenedAt).toBe('2026-05-04T08:00:00.000Z')
    expect(EventDraft.parse(event)).toMatchObject({
      headline: 'A day at sea',
      coverageStartTime: '2026-05-04T08:00:00.000Z',
      authors: [{ name: 'Ann Ek' }, { name: 'Bo Ask' }],
      keywords: ['sea'],
    })
  })

  it('[PLAY3] keeps words, pictures, embeds, flags and names', () => {
    const image = {
      type: 'image',
      url: 'https://media.example/1.jpg',
      width: 40,
      height: 30,
      alt: 'A boat',
      caption: 'Off.',
    }
    const full = block({
      title: 'Off they go',
      keyEvent: true,
      summary: true,
      contributors: ['Ann Ek'],
      elements: [
        { type: 'text', html: '<p>One.</p>' },
        { ...image, credit: 'Photo: Bo Ask' },
        { type: 'text', html: '<p>Two.</p>' },
        { type: 'embed', provider: 'youtube', assetId: 'abc', id: 'x', title: 'y' },
        { type: 'embed', provider: 'twitter', url: 'https://twitter.com/a/status/1', html: '<i>1</i>' },
      ],
    })
    const draft = UpdateDraft.parse(read('a.json', blog(full)).items[0]?.draft)
    const { type: _, ...media } = { ...image, creditText: 'Photo: Bo Ask' }
    expect(draft).toEqual({
      body: '<p>One.</p>\n<p>Two.</p>',
      bodyFormat: 'html',
      headline: 'Off they go',
      happenedAt: '2026-05-04T08:00:00.000Z',
      isKeyEvent: true,
      isSummary: true,
      authors: [{ name: 'Ann Ek' }],
      media: [media],
      embeds: [
        { provider: 'youtube', originalId: 'abc' },
        { provider: 'twitter', url: 'https://twitter.com/a/status/1' },
      ],
    })
  })

  it('[PLAY3] may have a block that is a picture without words', () => {
    const elements = [{ type: 'image', url: 'https://media.example/1.jpg' }]
    const draft = UpdateDraft.parse(read('a.json', blog(block({ elements }))).items[0]?.draft)
    expect(draft).not.toHaveProperty('body')
    expect(draft.media).toEqual([{ url: 'https://media.example/1.jpg' }])
  })

  it('[PLAY4] says what it leaves out, and where it cannot be read', () => {
    const odd = [
      { type: 'text', html: '<p>a</p>' },
      { type: 'quiz', id: '1' },
      { type: 'embed', provider: 'p' },
    ]
    expect(read('a.json', blog(block({ elements: odd }), block({ id: 'b2', elements: [] }))).leftOut).toEqual([
      'block b1: an element of type quiz',
      'block b1: an embed without url and assetId',
      'block b2: is empty',
    ])
    expect(faultOf('a.json', blog(block({ publishedAt: 'noon' })))).toMatch(/^blocks\.0\.publishedAt: Must be RFC 3339/)
  })
})

describe('a page as text or HTML', () => {
  const page = ['The ferries sail', 'Share', '15.09.2025 10:00 UTC', 'The first ferry left.', 'The second one waits.']

  it('[PLAY5] is its import: the event, and the updates in posting order, five seconds apart', () => {
    const { event, items, leftOut, doubts } = read('a.txt', `\uFEFF${page.join('\r\n')}`)
    expect(EventDraft.parse(event)).toMatchObject({ id: 'the-ferries-sail', status: 'scheduled' })
    const happenedAt = '2025-09-15T10:00:00.000Z'
    expect(items).toEqual([
      { key: 'line-4', offsetMs: 0, draft: { body: 'The first ferry left.', bodyFormat: 'text', happenedAt } },
      { key: 'line-5', offsetMs: 5_000, draft: { body: 'The second one waits.', bodyFormat: 'text', happenedAt } },
    ])
    expect(leftOut).toEqual(['line 2: page chrome: Share'])
    expect(doubts?.map(doubt => doubt.split(':', 1)[0])).toEqual(
      expect.arrayContaining(['assumed-time', 'single-time']),
    )
  })

  it('[PLAY5] is posted at the times that its paragraphs have', () => {
    const html =
      '<h1>The ferries sail</h1><time datetime="2025-09-15T10:40:00Z">Monday</time>' +
      '<p>10:30 – The second one <b>waits</b>.</p><p>10:00 – The first ferry left.</p><script>a</script>'
    const { items } = read('a.html', html)
    expect(items.map(({ offsetMs, draft }) => [offsetMs, draft.happenedAt, draft.bodyFormat])).toEqual([
      [0, '2025-09-15T10:00:00.000Z', 'text'],
      [1_800_000, '2025-09-15T10:30:00.000Z', 'html'],
    ])
    for (const { draft } of items) UpdateDraft.parse(draft)
  })

  it('[PLAY5] as a saved page may be large for its scripts and for what is beside its article', () => {
    const rest = `<SCRIPT>${'a'.repeat(40_000)}</SCRIPT><!-- ${'b'.repeat(40_000)} -->`
    expect(read('a.html', `${rest}<h1>Ferries</h1><p>They sail.</p>${rest}`).items).toHaveLength(1)
    const article = `<article><h1>Ferries</h1><p>They sail.</p></article><p>${'c '.repeat(20_000)}</p>`
    expect(read('a.html', article).items).toHaveLength(1)
    expect(faultOf('a.html', `<p>${'c '.repeat(20_000)}</p>`)).toBe('HTML may have 32768 bytes at most.')
  })

  it('[PLAY7] has items that are named by the drafts, whatever else changed in the file', () => {
    const identities = [page, [...page, 'Share'], [...page, 'A third one is being built.']].map(
      lines => read('a.txt', lines.join('\n')).identity,
    )
    expect(identities[1]).toBe(identities[0])
    expect(identities[2]).not.toBe(identities[0])
  })

  it('[PLAY5] is what the samples are', () => {
    for (const name of ['lindhaven-article.txt', 'lindhaven-article.html']) {
      const { event, items } = readBriefing(
        name,
        readFileSync(new URL(`../../../samples/${name}`, import.meta.url)),
        NOW,
      )
      expect(EventDraft.parse(event).status).toBe('scheduled')
      expect(items.length).toBeGreaterThan(2)
    }
  })
})

describe('any file', () => {
  it.each([
    ['a.json', '{"offset":0,"draft":{"body":"a"}}'],
    ['a', '{"event":{"headline":"a"}}\n{"offset":0,"draft":{"body":"a"}}'],
    ['a.json', blog(block())],
    ['a', 'words'],
    ['a', '<p>words</p>'],
  ])('[PLAY6] is known by what it holds when its name does not tell: %s %s', (fileName, text) => {
    expect(read(fileName, text).items).toHaveLength(1)
  })

  it.each([
    ['a.json', '[]'],
    ['a.json', '{"name":"dateline"}'],
    ['a.csv', 'a,b'],
    ['a.json', '{'],
  ])('[PLAY6] of another kind is refused with the formats that are known: %s %s', (fileName, text) => {
    expect(faultOf(fileName, text)).toMatch(
      /^This format is not known\. A briefing is .*NDJSON.*blocks.*page as text or HTML/,
    )
  })

  it('[PLAY6] must be text', () => {
    expect(() => readBriefing('a.txt', Uint8Array.of(0xff, 0xfe, 0x41), NOW)).toThrow('This file is not UTF-8 text.')
    expect(faultOf('a.txt', 'a\u0000b')).toBe('This file is not text.')
    expect(faultOf('a.txt', ' \n ')).toBe('There is no update in this file.')
  })
})

describe('an item', () => {
  it('[PLAY7] has the same key and id in every run, and shares them with no other item, event or file', () => {
    const file = bytes('The first line\n')
    const one = identityOf(file, 'regatta', 'line-1')
    expect(identityOf(bytes('The first line\n'), 'regatta', 'line-1')).toEqual(one)
    expect(UpdateId.safeParse(one.updateId).success).toBe(true)
    expect(one.key).toMatch(/^play:[0-9a-f]{32}:line-1$/)
    const others = [
      identityOf(file, 'regatta', 'line-2'),
      identityOf(file, 'other', 'line-1'),
      identityOf(bytes('The first line!\n'), 'regatta', 'line-1'),
    ]
    expect(new Set([one, ...others].map(({ updateId }) => updateId)).size).toBe(4)
  })
})

describe('the summary', () => {
  const item = { key: 'line-7', offsetMs: 0, draft: { body: 'a' } }
  const posted = { state: 'posted', acceptMs: 5, publishedMs: 12 } as const

  it('[PLAY8] counts, gives latencies and every reason', () => {
    const outcomes = [
      { item, outcome: posted },
      { item, outcome: { state: 'already there' } as const },
      { item, outcome: { state: 'failed', reason: 'The request is not valid: #/happenedAt no' } as const },
      { item, outcome: { state: 'not sent' } as const },
    ]
    const played = { event: anEvent(), isNewEvent: true, outcomes, unwatched: undefined }
    const text = summaryOf(played, 1_234, 'http://127.0.0.1:3000')
    expect(text.split('\n').map(line => line.trim().replace(/ +/g, ' '))).toEqual([
      '',
      'New event harbour-opening: The harbour opens',
      'posted 1, already there 1, failed 1, not sent 1, in 1.2 s',
      'accepted p50 5.0 ms p95 5.0 ms max 5.0 ms',
      'seen by a viewer p50 12.0 ms p95 12.0 ms max 12.0 ms',
      'line-7: The request is not valid: #/happenedAt no',
      'http://127.0.0.1:3000/events/harbour-opening',
      '',
    ])
    expect(hasLanded(played)).toBe(false)
    expect(hasLanded({ outcomes: outcomes.slice(0, 2) })).toBe(true)
  })

  it('[PLAY8] takes percentiles that were measured', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, max: 100 })
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, max: 7 })
    expect(percentilesOf([])).toBeUndefined()
  })
})
