import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ArticleImport, type ArticleInput } from '../../../src/protocol/article.ts'
import { importArticle, readArticle } from '../../../workers/normalize/article/import-article.ts'

const NOW = new Date('2026-11-24T12:00:00.000Z')
const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const SEED = '../shared/data/seed-article.txt'
const hasSeed = existsSync(new URL(`../../../${SEED}`, import.meta.url))

/** The reasons and lines of what was dropped, as `2 repeat of line 1`. */
const droppedBy = ({ dropped }: ArticleImport) => dropped.map(({ lines, reason }) => `${lines.join(',')} ${reason}`)
const warningOf = ({ warnings }: ArticleImport, code: string) => warnings.filter(warning => warning.code === code)

/** Every line is in use or dropped, once; and the answer is what its schema says. */
function importWhole(input: ArticleInput): ArticleImport {
  const { article, ledger } = readArticle(input, NOW)
  expect(ArticleImport.safeParse(article).error).toBeUndefined()
  expect(ledger.free()).toEqual([])
  const dropped = article.dropped.flatMap(({ lines }) => lines)
  const inUpdates = article.updates.flatMap(({ lines }) => lines)
  expect(new Set([...dropped, ...inUpdates]).size).toBe(dropped.length + inUpdates.length)
  return article
}

describe.skipIf(!hasSeed)('the page of a press conference', () => {
  const text = hasSeed ? read(SEED) : 'absent'
  const lines = text.split('\n')
  const line = (number: number) => lines[number - 1] ?? ''
  const article = importWhole({ text })

  it('[ARTICLE1] becomes an event with titles, times, picture and keywords', () => {
    expect(article.event).toEqual({
      id: 'lavrov-talks-to-media-following-negotiations-with-belarusian',
      headline: line(1),
      alternativeHeadline: line(5),
      description: line(3),
      status: 'scheduled',
      datePublished: '2023-12-15T10:00:00.000Z',
      coverageStartTime: '2023-12-15T10:00:00.000Z',
      timeZone: 'UTC',
      inLanguage: 'en',
      image: {
        caption: line(12),
        sourceOrganization: 'Sputnik International',
        width: 1920,
        datePublished: '2023-12-15',
        creditText: line(14),
        copyrightHolder: 'Sputnik',
        creator: 'Viktor Tolochko',
      },
      keywords: ['Russian Foreign Minister Sergey Lavrov', 'Belarusian counterpart Sergey Aleinik'],
    })
  })

  it('[ARTICLE1] becomes four updates, word for word', () => {
    const happenedAt = '2023-12-15T10:00:00.000Z'
    const expected = [17, 18, 19, 20].map(number => ({
      body: line(number),
      bodyFormat: 'text',
      bodyText: line(number),
      happenedAt,
      lines: [number],
    }))
    expect(article.updates).toEqual(expected)
  })

  it('[ARTICLE1] drops repeats, page chrome and the call to action, whole and with the reason', () => {
    expect(droppedBy(article)).toEqual([
      '2 repeat of line 1',
      '4 repeat of lines 18 to 21, run together',
      '6 repeat of line 5',
      '9 repeat of line 1',
      '15 page chrome',
      '16 page chrome',
      '21 call to action',
    ])
    for (const { lines: numbers, text: whole } of article.dropped) expect(whole).toBe(numbers.map(line).join('\n'))
    const used = [1, 3, 5, 7, 11, 12, 13, 14, 17, 18, 19, 20]
    const dropped = article.dropped.flatMap(({ lines: numbers }) => numbers)
    const all = lines.flatMap((words, index) => (words.trim() === '' ? [] : [index + 1]))
    expect([...used, ...dropped].toSorted((a, b) => a - b)).toEqual(all)
  })

  it('[ARTICLE1] is warned about: a time for all, an assumed date, a picture without url, a repeat, another place', () => {
    expect(warningOf(article, 'single-time')).toMatchObject([{ lines: [17, 18, 19, 20] }])
    expect(warningOf(article, 'assumed-time')).toMatchObject([{ lines: [11] }])
    expect(warningOf(article, 'image-without-url')).toMatchObject([{ lines: [12, 13, 14] }])
    expect(warningOf(article, 'repeats-description')).toMatchObject([{ lines: [3, 18] }])
    const [place, ...more] = warningOf(article, 'place')
    expect(more).toEqual([])
    expect(place?.detail).toMatch(/Minsk.*Moscow/)
    expect(place?.lines).toContain(12)
    expect(article.warnings).toHaveLength(5)
  })
})

describe('the sample article as text', () => {
  const text = read('samples/lindhaven-article.txt')
  const lines = text.split('\n')
  const line = (number: number) => lines[number - 1] ?? ''
  const article = importWhole({ text, timeZone: 'Europe/Berlin' })

  it('[ARTICLE2] becomes an event', () => {
    expect(article.event).toEqual({
      id: 'coastal-nations-sign-a-pact-on-night-ferries-in-lindhaven',
      headline: line(1),
      alternativeHeadline: line(6),
      description: line(4),
      authors: [{ name: 'Nora Feld' }, { name: 'Tomas Eide' }],
      status: 'scheduled',
      datePublished: '2025-09-15T12:30:00.000Z',
      coverageStartTime: '2025-09-15T12:30:00.000Z',
      timeZone: 'Europe/Berlin',
      inLanguage: 'en',
      image: {
        caption: line(15),
        sourceOrganization: 'Herald Pictures',
        width: 1280,
        datePublished: '2025-09-14',
        creditText: line(17),
        copyrightHolder: 'Herald Pictures',
        creator: 'Nora Feld',
      },
      keywords: ['Minister Olga Brandt', 'Lindhaven Harbour Authority', 'night ferries', 'Lindhaven'],
    })
  })

  it('[ARTICLE2] becomes updates, a heading with the paragraph behind it', () => {
    expect(article.updates.map(({ lines: numbers }) => numbers)).toEqual([[20], [21], [22], [23], [25, 26]])
    for (const { body, lines: numbers } of article.updates) expect(body).toBe(numbers.map(line).join('\n\n'))
  })

  it('[ARTICLE2] drops what repeats, nearly repeats, or belongs to the site', () => {
    expect(droppedBy(article)).toEqual([
      '2 page chrome',
      '3 repeat of line 1',
      '5 repeat of lines 21 to 23 and 29, run together',
      '7 repeat of line 6',
      '11 repeat of line 1',
      '14 time of a change',
      '18 page chrome',
      '19 page chrome',
      '24 nearly repeats line 23',
      '27 page chrome',
      '28 repeat of line 20',
      '29 call to action',
    ])
  })

  it('[ARTICLE2] is warned about', () => {
    const codes = article.warnings.map(({ code }) => code).toSorted()
    expect(codes).toEqual(['assumed-time', 'image-without-url', 'place', 'repeats-description', 'single-time'])
    expect(warningOf(article, 'place')[0]?.detail).toMatch(/Osterby.*Lindhaven/)
  })
})

describe('the sample article as HTML', () => {
  const html = read('samples/lindhaven-article.html')
  const url = 'https://herald.example/ticker/faehren.html'
  const article = importWhole({ html, url, timeZone: 'Europe/Berlin' })

  it('[ARTICLE3] becomes an event with its picture, in the language of its words', () => {
    expect(article.event).toMatchObject({
      headline: 'Nachtfähren: vier Küstenländer einigen sich in Lindhaven',
      description: /^Nach zweitägigen Gesprächen/.exec(article.event.description ?? '')?.input,
      datePublished: '2025-09-15T14:10:00.000Z',
      coverageStartTime: '2025-09-15T09:55:00.000Z',
      inLanguage: 'de',
      image: {
        url: 'https://herald.example/bilder/brandt-maas.jpg',
        alt: 'Zwei Menschen am Kai',
        caption: 'Olga Brandt und Piet Maas am Kai.',
        creditText: 'Foto: dpa/Nora Feld',
        copyrightHolder: 'dpa',
        creator: 'Nora Feld',
      },
    })
  })

  it('[ARTICLE3] has its paragraphs in the order of their times, with links and lists', () => {
    expect(article.updates.map(({ happenedAt }) => happenedAt)).toEqual([
      '2025-09-15T09:55:00.000Z',
      '2025-09-15T13:40:00.000Z',
      '2025-09-15T14:05:00.000Z',
    ])
    expect(article.updates.map(({ bodyFormat }) => bodyFormat)).toEqual(['html', 'html', 'html'])
    const [arrival, hall, signed] = article.updates
    expect(arrival?.bodyText).toBe(
      '11:55 – Ministerin Brandt erreicht den Hafen.\nMaas kommt mit dem Zug.\nEine Brücke, die schwimmt.\nOlga Brandt',
    )
    expect(arrival?.body).toContain('<blockquote><p>Eine Brücke, die schwimmt.</p><p>Olga Brandt</p></blockquote>')
    expect(hall?.body).toContain('<ul><li>Olga Brandt, Norland</li><li>Piet Maas, Estmark</li></ul>')
    expect(hall?.body).toContain('href="https://hafen.example/saal?')
    expect(signed?.body).toBe(
      '<p><strong>16:05</strong> – Der Vertrag ist <strong>unterzeichnet</strong>.</p>' +
        '<p>Die erste Fähre soll im Mai 2026 fahren.</p>',
    )
  })

  it('[ARTICLE3] has its picture without the address, where nobody says where the page is', () => {
    const { event, updates, warnings } = importWhole({ html })
    expect(event.image).toMatchObject({ alt: 'Zwei Menschen am Kai', creator: 'Nora Feld' })
    expect(event.image).not.toHaveProperty('url')
    expect(updates).toHaveLength(3)
    expect(warnings.map(({ code }) => code)).toContain('image-without-url')
  })

  it('[ARTICLE3] has pictures within its sentences as links, as updates do', () => {
    const { updates } = importWhole({
      html: '<h1>Ferries</h1><ul><li>One <img src="/a.jpg" alt="ferry"> sails.</li><li><img src="/a.jpg"></li></ul>',
      url,
    })
    const link = (words: string) => `<a href="https://herald.example/a.jpg" rel="noopener nofollow ugc">${words}</a>`
    expect(updates[0]?.body).toBe(`<ul><li>One ${link('ferry')} sails.</li><li>${link('a.jpg')}</li></ul>`)
  })

  it('[ARTICLE3] is told of what it has to leave out', () => {
    expect(droppedBy(article).map(dropped => dropped.replace(/^\d+ /, ''))).toEqual([
      ...['page chrome', 'page chrome', 'repeat of line 1', 'page chrome', 'further picture', 'call to action'],
    ])
    expect(warningOf(article, 'left-out')[0]?.detail).toContain('<iframe>')
    expect(warningOf(article, 'more-pictures')[0]?.detail).toContain('https://bilder.example/hafen.jpg')
    expect(warningOf(article, 'assumed-zone')[0]?.detail).toContain('Europe/Berlin')
    expect(warningOf(article, 'ordered-by-time')).toHaveLength(1)
  })
})

const page = (...lines: string[]) => lines.join('\n')
const SENTENCE = 'The ferry left the harbour of Osterby at dawn.'
const OTHER = 'Nobody on the quay had expected so many passengers.'

describe('a page of another make', () => {
  it.each([
    ['with its date above the headline', page('15.09.2025 10:00 UTC', 'Ferries', SENTENCE, OTHER)],
    ['with its date at the end', page('Ferries', SENTENCE, OTHER, '15 September 2025, 10:00 UTC')],
    ['with its date in the middle of its head', page('Ferries', '2025-09-15T10:00:00Z', 'Ferries', SENTENCE, OTHER)],
  ])('[ARTICLE4] %s has headline, time and updates', (_, text) => {
    const { event, updates } = importWhole({ text })
    expect(event).toMatchObject({ id: 'ferries', headline: 'Ferries', datePublished: '2025-09-15T10:00:00.000Z' })
    expect(updates.map(({ body }) => body)).toEqual([SENTENCE, OTHER])
    expect(new Set(updates.map(({ happenedAt }) => happenedAt))).toEqual(new Set(['2025-09-15T10:00:00.000Z']))
  })

  it('[ARTICLE4] without any date has updates that happen when they are posted', () => {
    const article = importWhole({ text: page('Ferries', SENTENCE, OTHER) })
    expect(article.event).not.toHaveProperty('datePublished')
    expect(article.event).not.toHaveProperty('coverageStartTime')
    expect(article.updates.map(update => 'happenedAt' in update)).toEqual([false, false])
    expect(article.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['no-date', 'no-time']))
  })

  it('[ARTICLE4] with nothing but text gets a headline from its first sentence, and is warned', () => {
    const long = `${'The council of the harbour debated for hours '.repeat(4)}and then went home.`
    const article = importWhole({ text: long })
    expect(article.event.headline).toMatch(/^The council of the harbour .*…$/)
    expect(article.event.headline.length).toBeLessThanOrEqual(121)
    expect(article.updates.map(({ body }) => body)).toEqual([long])
    expect(warningOf(article, 'no-headline')).toHaveLength(1)
  })

  it('[ARTICLE4] that has no words at all is an untitled event without updates', () => {
    const article = importWhole({ html: '<p> </p><script>a</script>' })
    expect(article.event).toMatchObject({ headline: 'Untitled' })
    expect(article.updates).toEqual([])
    expect(article.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['no-headline', 'no-updates']))
  })

  it('[ARTICLE4] gives keywords by their label, too', () => {
    const { event } = importWhole({ text: page('Ferries', 'Tags: Osterby; Night Ferries', '15.09.2025', SENTENCE) })
    expect(event.keywords).toEqual(['Osterby', 'Night Ferries'])
  })

  it('[ARTICLE4] keeps a number that no full date stands behind out of the picture', () => {
    const { event, updates } = importWhole({
      text: page('Ferries', '15.09.2025', 'Ferry - Herald, 1920, 2025', SENTENCE),
    })
    expect(event).not.toHaveProperty('image')
    expect(updates.map(({ bodyText }) => bodyText).join(' ')).toContain('Herald, 1920, 2025')
  })

  it('[ARTICLE4] keeps what people do say twice, and warns', () => {
    const article = importWhole({
      text: page('Ferries', '15.09.2025', SENTENCE, 'I do not recall.', OTHER, 'I do not recall.'),
    })
    expect(article.updates).toHaveLength(4)
    expect(warningOf(article, 'said-twice')).toMatchObject([{ lines: [4, 6] }])
  })
})

describe('a page whose paragraphs carry times', () => {
  const clock = (text: string, timeZone = 'UTC') => {
    const { updates } = importWhole({ text, timeZone })
    return updates.map(({ happenedAt, lines }) => [happenedAt?.slice(0, 16), ...lines])
  }

  it.each([
    ['oldest first', page('Ferries', '15.09.2025', '10:00', SENTENCE, '10:30', OTHER), [4, 6]],
    ['newest first', page('Ferries', '15.09.2025', '10:30', OTHER, '10:00', SENTENCE), [6, 4]],
  ])('[ARTICLE5] is ordered by them: %s', (_, text, [first = 0, second = 0]) => {
    expect(clock(text)).toEqual([
      ['2025-09-15T10:00', first - 1, first],
      ['2025-09-15T10:30', second - 1, second],
    ])
  })

  it('[ARTICLE5] is read past midnight, in the zone that is given', () => {
    const text = page('Ferries', '15.09.2025 20:00', `23:50 – ${SENTENCE}`, `00:10 – ${OTHER}`)
    expect(clock(text, 'Europe/Berlin')).toEqual([
      ['2025-09-15T21:50', 3],
      ['2025-09-15T22:10', 4],
    ])
  })

  it('[ARTICLE5] may have them right before the words, where it does so more than once', () => {
    const text = page(
      'Ferries',
      '15.09.2025 09:00 UTC',
      `10:00 ${SENTENCE}`,
      OTHER,
      `10.30 ${SENTENCE.replace('Osterby', 'Lindhaven')}`,
    )
    expect(clock(text)).toEqual([
      ['2025-09-15T10:00', 3, 4],
      ['2025-09-15T10:30', 5],
    ])
    expect(clock(page('Ferries', '15.09.2025 09:00 UTC', `10:00 ${SENTENCE}`))).toEqual([['2025-09-15T09:00', 3]])
  })

  it('[ARTICLE5] may give each its full date', () => {
    const text = page('Ferries', '15 Sep 2025, 13:00 CEST', SENTENCE, '15 Sep 2025, 13:20 CEST', OTHER)
    expect(clock(text)).toEqual([
      ['2025-09-15T11:00', 2, 3],
      ['2025-09-15T11:20', 4, 5],
    ])
  })

  it('[ARTICLE5] keeps paragraphs of one time in the order in which they stand', () => {
    const text = page('Ferries', '15.09.2025 12:00 UTC', SENTENCE, OTHER, '11:30', 'They wait.', '11:00', 'They come.')
    expect(clock(text)).toEqual([
      ['2025-09-15T11:00', 7, 8],
      ['2025-09-15T11:30', 5, 6],
      ['2025-09-15T12:00', 3],
      ['2025-09-15T12:00', 4],
    ])
  })
})

describe('an import', () => {
  it('[ARTICLE6] gives the same answer each time', () => {
    const text = read('samples/lindhaven-article.txt')
    expect(importArticle({ text }, NOW)).toEqual(importArticle({ text }, NOW))
  })
})
