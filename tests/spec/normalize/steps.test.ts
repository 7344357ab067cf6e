import { describe, expect, it } from 'vitest'
import { Update } from '../../../src/protocol/update.ts'
import { normalizeUpdate, runSteps, StepFailure, tombstoneOf } from '../../../workers/normalize/normalize.ts'
import { steps } from '../../../workers/normalize/steps.ts'
import { startDraft } from '../../../workers/normalize/working-draft.ts'
import { ACCEPTED_AT, aSubmission, normalized, notesOf, warningsOf } from './submissions.ts'

describe('happenedAt', () => {
  it.each([
    ['an offset', '2023-12-15T13:05:00+03:00', 'UTC', '2023-12-15T10:05:00.000Z'],
    ['small letters and no seconds', '2023-12-15t13:05z', 'UTC', '2023-12-15T13:05:00.000Z'],
    ['more digits than milliseconds', '2023-12-15T13:05:01.123456789Z', 'UTC', '2023-12-15T13:05:01.123Z'],
    ['the event zone', '2023-12-15T13:05', 'Europe/Moscow', '2023-12-15T10:05:00.000Z'],
    ['summer time', '2023-07-15T13:05', 'Europe/Berlin', '2023-07-15T11:05:00.000Z'],
    ['a zone of half an hour', '2023-07-15T13:05', 'Asia/Tehran', '2023-07-15T09:35:00.000Z'],
    ['the first year', '0001-01-01T00:00:00-00:01', 'UTC', '0001-01-01T00:01:00.000Z'],
  ])('[NORM10] is read with %s', (_title, happenedAt, timeZone, expected) => {
    const result = normalized({ body: 'x', happenedAt }, { timeZone })
    expect(result.update.happenedAt).toBe(expected)
    expect(notesOf(result, 'happened-at')).toEqual([{ step: 'happened-at', before: happenedAt, after: expected }])
  })

  it('[NORM10] is the time of publication when absent, without a note', () => {
    const result = normalized({ body: 'x' })
    expect(result.update.happenedAt).toBe(ACCEPTED_AT)
    expect(notesOf(result, 'happened-at')).toEqual([])
  })

  it.each([
    ['skipped', '2024-03-31T02:30', '2024-03-31T01:30:00.000Z', /did not exist in Europe\/Berlin/],
    ['repeated', '2024-10-27T02:30', '2024-10-27T00:30:00.000Z', /came twice in Europe\/Berlin/],
  ])('[NORM11] warns when a time is %s', (_title, happenedAt, expected, warning) => {
    const result = normalized({ body: 'x', happenedAt }, { timeZone: 'Europe/Berlin' })
    expect(result.update.happenedAt).toBe(expected)
    expect(warningsOf(result)).toEqual([expect.stringMatching(warning)])
  })

  it('[NORM11] warns when a local time is too late for the wire', () => {
    const result = normalized({ body: 'x', happenedAt: '9999-12-31T23:59' }, { timeZone: 'America/New_York' })
    expect(result.update.happenedAt).toBe('9999-12-31T23:59:59.999Z')
    expect(warningsOf(result)).toContainEqual(expect.stringMatching(/too late/))
  })

  it.each([
    ['2026-11-24T09:00:00Z', '2026-11-24T09:00:00.000Z'],
    ['2026-11-24T11:00:00Z', ACCEPTED_AT],
  ])('[NORM12] sorts by the earlier of happening and publication (%s)', (happenedAt, sortTime) => {
    expect(normalized({ body: 'x', happenedAt }).update.sortTime).toBe(sortTime)
  })
})

describe('embeds', () => {
  it.each([
    ['YouTube', { originalId: 'XmP56yBy-18' }, { url: 'https://www.youtube.com/watch?v=XmP56yBy-18' }],
    ['youtube', { url: 'https://youtu.be/XmP56yBy-18?t=4' }, { originalId: 'XmP56yBy-18' }],
    ['youtube', { url: 'https://www.youtube.com/watch?a=b&v=XmP56yBy-18' }, { originalId: 'XmP56yBy-18' }],
    ['twitter', { url: 'https://twitter.com/NASA/status/1362831783444717568' }, { originalId: '1362831783444717568' }],
    ['x', { originalId: '7' }, { url: 'https://x.com/i/status/7' }],
    ['youtube', { originalId: '../a?b&c"' }, { url: 'https://www.youtube.com/watch?v=..%2Fa%3Fb%26c%22' }],
    ['youtube', { url: 'https://youtube.com.evil.example/watch?v=XmP56yBy-18' }, { originalId: '' }],
    ['someone', { originalId: '7' }, { url: '', originalId: '7' }],
    ['someone', { url: 'https://a.b/c' }, { url: 'https://a.b/c', originalId: '' }],
  ])('[NORM13] of %s gain their missing half where it can be known: %j', (provider, given, expected) => {
    expect(normalized({ embeds: [{ provider, ...given }] }).update.embeds).toEqual([
      { provider, ...given, ...expected },
    ])
  })
})

describe('the headline', () => {
  it.each([
    ['the first sentence', 'en', 'Talks have ended. Details follow.', 'Talks have ended.'],
    [
      'ten words',
      'en',
      'one two three four five six seven eight nine ten, eleven',
      'one two three four five six seven eight nine ten…',
    ],
    ['the first line', 'en', 'Talks\n\nThey began at noon.', 'Talks'],
    ['no title before a name', 'en', 'Dr. J. Smith arrived. He left.', 'Dr. J. Smith arrived.'],
    ['Arabic', 'ar', 'انتهت المحادثات. التفاصيل لاحقا.', 'انتهت المحادثات.'],
    ['Persian', 'fa', 'آیا می\u200cخواهید؟ بله.', 'آیا می\u200cخواهید؟'],
    ['Hebrew', 'he', 'השיחות הסתיימו. פרטים בהמשך.', 'השיחות הסתיימו.'],
    ['Chinese', 'zh', '会谈结束。详情稍后。', '会谈结束。'],
    ['Japanese', 'ja', '会談は終了した。詳細は後ほど。', '会談は終了した。'],
  ])('[NORM14] is %s when the editor wrote none', (_title, inLanguage, body, headline) => {
    expect(normalized({ body, inLanguage }).update).toMatchObject({ headline, headlineDerived: true })
  })

  it('[NORM14] cuts a long Chinese sentence between words', () => {
    const { headline = '' } = normalized({ body: '外交部长今天在莫斯科举行会谈'.repeat(10), inLanguage: 'zh' }).update
    expect(headline).toMatch(/^外交部.*…$/u)
    expect(headline.length).toBeLessThan(45)
  })

  it('[NORM14] cuts a word without end between characters as readers see them', () => {
    const { headline = '' } = normalized({ body: '👩\u200d👩\u200d👧'.repeat(1_000) }).update
    expect(headline.length).toBeLessThanOrEqual(121)
    expect(headline.replace('…', '').replaceAll('👩\u200d👩\u200d👧', '')).toBe('')
  })

  it('[NORM14] comes from a caption, then from an alternative text, else there is none', () => {
    const [photo, described] = [{ alt: 'A rover' }, { caption: 'On Mars.' }]
    expect(normalized({ media: [photo, described] }).update.headline).toBe('On Mars.')
    expect(normalized({ media: [photo] }).update.headline).toBe('A rover')
    expect(normalized({ media: [{ url: 'https://a.b/c.jpg' }] }).update).not.toHaveProperty('headline')
  })

  it("[NORM14] stays the editor's when there is one", () => {
    const { update } = normalized({ body: 'x', headline: 'Mine' })
    expect(update.headline).toBe('Mine')
    expect(update).not.toHaveProperty('headlineDerived')
  })
})

describe('type and defaults', () => {
  const media = [{ url: 'https://a.b/c.jpg' }]
  const embeds = [{ provider: 'x', originalId: '7' }]
  it.each([
    ['text', { body: 'x', media, embeds }],
    ['image', { media, embeds }],
    ['image', { body: '<p> </p>', bodyFormat: 'html' as const, media }],
    ['embed', { embeds }],
  ])('[NORM15] is %s for %j', (type, draft) => {
    expect(normalized(draft).update.type).toBe(type)
  })

  it('[NORM16] fills in what the editor left out', () => {
    const { update } = normalized({ body: 'x', media })
    expect(update).toMatchObject({ isKeyEvent: false, isBreaking: false, isSummary: false, tags: [], inLanguage: 'en' })
    expect(update.authors).toEqual([{ name: 'Ann Editor' }])
    expect(update.media).toEqual([
      { url: 'https://a.b/c.jpg', alt: '', caption: '', creditText: '', copyrightHolder: '' },
    ])
  })

  it('[NORM16] writes the fields in the order of the schema, and none that is undefined', () => {
    const { update } = normalized({ body: 'x', source: 's', media, embeds, tags: ['t'] })
    const order = Object.keys(Update.shape).filter(name => name in update)
    expect(Object.keys(update)).toEqual(order)
    expect(Object.values(update)).not.toContain(undefined)
    expect(JSON.stringify(Update.parse(update))).toBe(JSON.stringify(update))
  })

  it.each(['', '\u0007', '\ud800', 'x'.repeat(500)])('[NORM16] stays valid for a token named %j', name => {
    const { update } = normalized({ body: 'x' }, { subject: { sub: 's', name } })
    expect(Update.parse(update)).toEqual(update)
  })
})

describe('the frame', () => {
  it('[NORM17] runs the declared steps in their order', () => {
    const order = [
      ...['characters', 'body', 'commands', 'repeats', 'near-repeats', 'sentence-spacing', 'page-chrome'],
      ...['calls-to-action', 'credits', 'quotes', 'keywords', 'links', 'embed-links', 'language', 'typography', 'html'],
      ...['times', 'happened-at', 'embeds', 'derived-headline', 'type', 'duplicate-alert', 'consistency'],
      'blocked-terms',
    ]
    const names = steps.map(({ name }) => name)
    expect(names).toEqual(order.filter(name => names.includes(name)))
    expect(new Set(names).size).toBe(names.length)
  })

  it('[NORM17] names the step that breaks, with its cause', () => {
    const cause = new Error('no such thing')
    const broken = {
      name: 'broken',
      apply: () => {
        throw cause
      },
    }
    const submission = aSubmission({ body: 'x' })
    const context = { ...submission, languageGiven: false, happenedAtGiven: false, recent: [] }
    const run = () => runSteps([broken], startDraft(submission), context)
    expect(run).toThrow(StepFailure)
    expect(run).toThrow(expect.objectContaining({ step: 'broken', cause }))
  })

  it('[NORM17] names the step when a time zone is not known', () => {
    const submission = aSubmission({ body: 'x', happenedAt: '2023-12-15T13:05' }, { timeZone: 'Mars/Jezero' })
    expect(() => normalizeUpdate(submission)).toThrow(
      expect.objectContaining({ name: 'StepFailure', step: 'happened-at' }),
    )
  })
})

describe('a tombstone', () => {
  const draft = {
    body: 'secret',
    headline: 'secret',
    source: 'secret',
    tags: ['secret'],
    media: [{ caption: 'secret' }],
    embeds: [{ provider: 'secret', originalId: '1' }],
    isKeyEvent: true,
    happenedAt: '2026-11-24T12:00',
    authors: [{ name: 'Bob' }],
    inLanguage: 'ru',
  }
  const corrections = [{ text: 'secret', datePublished: ACCEPTED_AT }]
  const retract = {
    ...aSubmission(draft, { version: 3, corrections }),
    kind: 'retract' as const,
    reason: ' Posted\ntwice. ',
  }

  it('[NORM18] has no words and no media left, but keeps its place, and says when and why', () => {
    const tombstone = tombstoneOf(retract)
    expect(JSON.stringify(tombstone)).not.toContain('secret')
    expect(Update.parse(tombstone)).toEqual(tombstone)
    expect(tombstone).toMatchObject({
      version: 3,
      type: 'text',
      bodyHtml: '',
      bodyText: '',
      isKeyEvent: false,
      authors: [{ name: 'Bob' }],
      inLanguage: 'ru',
      happenedAt: '2026-11-24T09:00:00.000Z',
      sortTime: '2026-11-24T09:00:00.000Z',
      retracted: { datePublished: ACCEPTED_AT, reason: 'Posted twice.' },
    })
    expect(tombstone).not.toHaveProperty('headline')
  })

  it('[NORM18] gives no reason when there is none, and is what a retraction normalizes to', () => {
    const { reason: _, ...silent } = retract
    expect(tombstoneOf(silent).retracted).toEqual({ datePublished: ACCEPTED_AT })
    expect(normalizeUpdate(retract)).toEqual({ update: tombstoneOf(retract), normalization: [] })
  })
})

describe('what one step takes out', () => {
  it.each([
    ['a command behind a date line', '10:00 GMT 15.12.2023\n/key Minister arrives.', 'Minister arrives.'],
    ['a headline behind a date line', '10:00 GMT 15.12.2023\nTalks begin in Oslo\nThey met.', 'They met.'],
    ['lines that meet', 'They met in the hall.\n/key', 'They met in the hall.'],
  ])('[NORM23] lets all steps look once more: %s', (_title, body, expected) => {
    const { update } = normalized({ body, headline: 'Talks begin in Oslo' })
    expect(update.bodyText).toBe(expected)
  })

  it('[NORM23] is told once, with what the finished text is judged by', () => {
    const { normalization } = normalized({ body: '10:00 GMT 15.12.2023\n/key Minister arrives at noon.' })
    const steps = normalization.map(({ step }) => step)
    expect(steps.filter(step => step === 'derived-headline')).toHaveLength(1)
    expect(new Set(normalization.map(note => JSON.stringify(note))).size).toBe(normalization.length)
    expect(steps).toEqual(expect.arrayContaining(['times', 'commands']))
  })
})
