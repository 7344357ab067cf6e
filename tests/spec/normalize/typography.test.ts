import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalized, notesOf } from './submissions.ts'

const NARROW = '\u202f'
const set = (inLanguage: string, body: string) =>
  normalized({ body, inLanguage, keepAsTyped: ['sentence-spacing', 'quotes', 'times', 'commands'] }).update.bodyText

describe('marks by language', () => {
  it.each([
    ['en', '"It\'s over," he said.', '“It’s over,” he said.'],
    ['en', '"He said \'go\' and "now" too."', '“He said ‘go’ and ‘now’ too.”'],
    ['en', "'Go,' he said. 'Now!'", '‘Go,’ he said. ‘Now!’'],
    ['en', '(see "The Hill")', '(see “The Hill”)'],
    [
      'en',
      "rock 'n' roll in the '90s, the players' boots and goin' on",
      'rock ’n’ roll in the ’90s, the players’ boots and goin’ on',
    ],
    ['en', "in '68 it was", 'in ’68 it was'],
    ['en', "'12 dead' in blast", '‘12 dead’ in blast'],
    ['en', 'Talks - the first -- ended', 'Talks – the first — ended'],
    ['en', 'the talks--long ones--ended', 'the talks—long ones—ended'],
    ['en', 'for 2024-2026, 10:00-12:30, 5-10%', 'for 2024–2026, 10:00–12:30, 5–10%'],
    ['en', 'And so... he left...', 'And so… he left…'],
    ['en-GB', '"Yes"', '“Yes”'],
    ['de', '"Es ist \'aus\'", sagte er - gestern.', '„Es ist ‚aus‘“, sagte er – gestern.'],
    ['de', "Wie geht's?", 'Wie geht’s?'],
    ['de-CH', '"Es ist aus"', '«Es ist aus»'],
    [
      'fr',
      '"C\'est fini !" - a-t-il dit : oui ; non?',
      `«${NARROW}C’est fini${NARROW}!${NARROW}» – a-t-il dit${NARROW}: oui${NARROW}; non${NARROW}?`,
    ],
    ['fr', 'l\'"amour"', `l’«${NARROW}amour${NARROW}»`],
    [
      'fr',
      '« Oui », dit-il à 10:30, 50 % «non».',
      `«${NARROW}Oui${NARROW}», dit-il à 10:30, 50${NARROW}% «${NARROW}non${NARROW}».`,
    ],
    ['fr-CA', '"Oui!" dit-il; non?', `«${NARROW}Oui!${NARROW}» dit-il; non?`],
    ['es', '"Se acabó", dijo. ¿"Ya"?', '«Se acabó», dijo. ¿«Ya»?'],
    ['it', "\"L'amore c'è\", un po' - disse.", '«L’amore c’è», un po’ – disse.'],
    ['ru', '"Всё "кончено"" - сказал он...', '«Всё „кончено“» — сказал он…'],
    ['ru', "Жанна д'Арк", 'Жанна д’Арк'],
    ['uk', '"П\'ять" - сказав він', '«П’ять» — сказав він'],
    ['ar', 'قال "انتهت المحادثات" - ثم غادر...', 'قال «انتهت المحادثات» – ثم غادر…'],
    ['ar', 'صحيفة و"الشرق الأوسط"', 'صحيفة و«الشرق الأوسط»'],
    ['fa', 'او گفت "تمام شد" - و رفت', 'او گفت «تمام شد» – و رفت'],
    ['he', 'הוא אמר "נגמר" - והלך', 'הוא אמר ”נגמר” – והלך'],
    ['he', 'צה"ל וצ\'ק', 'צה״ל וצ׳ק'],
    ['he', 'כתב ב"הארץ" היום', 'כתב ב”הארץ” היום'],
  ])('[TEXT11] are set (%s): %s', (language, body, expected) => {
    expect(set(language, body)).toBe(expected)
    expect(set(language, expected)).toBe(expected)
  })

  it.each([
    ['en', 'an unbalanced "quotation stays'],
    ['en', 'a 27" screen, 6\' 2" tall, 5\'10" and 6\' long'],
    ['en', '“Set already,” she said – it’s ‘fine’…'],
    ['en', 'call 555-1234, on 2023-12-15, Su-27, 2-1, 10 - 3, COVID-19, 2026-2024'],
    ['en', 'a....b, ../x, 1...e5, . . .'],
    ['en', 'it --help me, a---b, x = - y'],
    ['en', "an 'open mark"],
    ['en', 'the "a"b" mess "c'],
    ['en', '«guillemets» and „low“ marks'],
    ['de', '„Schon gesetzt“ und »so« – „auch ‚innen‘“'],
    ['fr', `«${NARROW}Déjà${NARROW}» :) 10:30 https://a.example/?q=1;b`],
    ['ru', '«Уже „есть“» — так'],
    ['ar', 'بين 2024-2026'],
    ['he', 'יו״ר'],
    ['ja', '"そうです" - 彼は言った...'],
    ['sw', '"Ndiyo" - alisema...'],
  ])('[TEXT11] stay where they are right, or nobody can be sure (%s): %s', (language, body) => {
    expect(set(language, body)).toBe(body)
  })

  it('[TEXT11] stay at the beginning of a line, where they may be a list or a dialogue', () => {
    expect(set('en', '- one\n- two')).toBe('- one\n- two')
  })

  it('[TEXT11] never change in code, addresses and links that show theirs, but do over inline elements', () => {
    const body =
      '<p>"<em>Yes</em>", <code>"a" -- b...</code> <a href="https://a.b/c--d...e">https://a.b/c--d...e</a> ' +
      'https://a.b/it\'s--x...y it\'s@b.example "<code>x</code>"</p><pre>"x" - y...</pre>'
    expect(normalized({ body, bodyFormat: 'html' }).update.bodyText).toBe(
      '“Yes”, "a" -- b... https://a.b/c--d...e https://a.b/it\'s--x...y it\'s@b.example “x”\n"x" - y...',
    )
  })

  it('[TEXT12] are set in headline and captions too, with notes, unless the editor keeps them as typed', () => {
    const draft = { body: 'x', headline: '"Yes" - he said', media: [{ caption: "It's here", alt: "It's" }] }
    const result = normalized(draft)
    expect(result.update.headline).toBe('“Yes” – he said')
    expect(result.update.media[0]).toMatchObject({ caption: 'It’s here', alt: "It's" })
    expect(notesOf(result, 'typography')).toEqual([
      { step: 'typography', before: "media/0/caption: It's here", after: 'media/0/caption: It’s here' },
      { step: 'typography', before: 'headline: "Yes" - he said', after: 'headline: “Yes” – he said' },
    ])
    expect(normalized({ ...draft, keepAsTyped: ['typography'] }).update.headline).toBe('"Yes" - he said')
  })

  it('[TEXT12] are the same when they are set twice', () => {
    const piece = fc.constantFrom(
      ...'"\'«»“”„‘’‚!?:; .,-–()'.split(''),
      'a',
      'ab',
      ' a',
      'a ',
      '5',
      '--',
      '...',
      ' - ',
      "'s",
      'ש',
      "'90s",
      '\n',
      ' «',
    )
    const language = fc.constantFrom('en', 'de', 'fr', 'fr-CA', 'es', 'it', 'ru', 'uk', 'ar', 'fa', 'he')
    fc.assert(
      fc.property(language, fc.array(piece, { minLength: 1, maxLength: 24 }), (inLanguage, pieces) => {
        const draft = { inLanguage, media: [{ url: 'https://a.b/c.jpg' }] }
        const body = pieces.join('')
        const once = normalized({ ...draft, body: body.trim() === '' ? 'x' : body }).update.bodyHtml
        if (once !== '') expect(normalized({ ...draft, body: once, bodyFormat: 'html' }).update.bodyHtml).toBe(once)
      }),
      { numRuns: 1_000 },
    )
  })
})
