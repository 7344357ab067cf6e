import { describe, expect, it } from 'vitest'
import { capMarks, cleanInvisible } from '../../../workers/normalize/invisible-characters.ts'
import { cleanLine } from '../../../workers/normalize/text-cleaning.ts'
import { normalized, notesOf } from './submissions.ts'

const GERMANY = '🇩🇪'
const SCOTLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'

describe('characters that nobody sees', () => {
  it.each([
    ['a zero-width space', 'pass\u200bword', 'password'],
    ['a soft hyphen', 'Press\u00adkonferenz', 'Presskonferenz'],
    ['a word joiner and invisible operators', 'a\u2060b\u2062c', 'abc'],
    ['joiners between Latin letters', 'a\u200cb\u200dc', 'abc'],
    ['a joiner at the end of an emoji', '👩\u200d and', '👩 and'],
    ['a non-joiner at the end of a Persian word', 'خواهم\u200c و', 'خواهم و'],
    ['overrides of the direction', 'a\u202eb\u202cc', 'abc'],
    ['overrides in right-to-left text', 'שלום \u202eabc\u202c', 'שלום abc'],
    ['isolates without right-to-left text', '\u2066abc\u2069', 'abc'],
    ['isolates that are never closed', '\u2067שלום', 'שלום'],
    ['ends of what was never opened', 'שלום\u2069\u202c', 'שלום'],
    ['hidden text in tags', 'Yes\u{e0068}\u{e0069}', 'Yes'],
    ['selectors after letters', 'a\ufe0fb\u{e0101}', 'ab'],
    ['a second selector', '❤\ufe0f\ufe0f', '❤\ufe0f'],
    ['Hangul fillers used as a name', '\u3164x', 'x'],
    ['interlinear marks', '\ufff9a\ufffab\ufffb', 'ab'],
  ])('[TEXT14] go: %s', (_title, text, expected) => {
    expect(cleanInvisible(text)).toBe(expected)
    expect(cleanInvisible(expected)).toBe(expected)
  })

  it.each([
    ['joined emoji', '👩\u200d👩\u200d👧 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 🏳\ufe0f\u200d🌈 👨🏿\u200d🦰'],
    ['keycaps and emoji of symbols', '1\ufe0f\u20e3 ☎\ufe0f ☎\ufe0e'],
    ['flags', `${GERMANY} ${SCOTLAND}`],
    ['Persian', 'می\u200cخواهم خانه\u200cای ۵\u200cساله HTML\u200cها'],
    ['an Arabic abbreviation', '1445 ه\u200d'],
    ['Hindi and Sinhala', 'क\u094d\u200dष क\u094d\u200cष ශ\u0dca\u200dර'],
    ['Thai with word ends', 'ภาษา\u200bไทย'],
    ['Hebrew with points', 'שָׁלוֹם'],
    ['direction marks', 'שלום\u200f! abc\u200e (\u061cا)'],
    ['isolates and embeddings in right-to-left text', 'שלום \u2066abc\u2069 \u202aabc\u202c סוף'],
    ['variants of ideographs', '葛\u{e0100} 﨑\ufe00'],
    ['old Korean', '\u1100\u1160\u11a8'],
    ['plain text', 'Nothing to see here – “really”.'],
  ])('[TEXT14] stay where a script or an emoji needs them: %s', (_title, text) => {
    expect(cleanInvisible(text)).toBe(text)
  })

  it('[TEXT14] go from every field that people type, and are named in the note', () => {
    const { update, normalization } = normalized({
      body: 'pass\u200bword',
      headline: 'a\u202eb',
      tags: ['Mos\u00adcow'],
    })
    expect(update).toMatchObject({ bodyText: 'password', headline: 'ab', tags: ['Moscow'] })
    expect(notesOf({ update, normalization }, 'characters')[0]).toMatchObject({ before: 'body: pass‹U+200B›word' })
  })

  it.each(['html', 'markdown'] as const)('[TEXT14] go from the text of %s', bodyFormat => {
    const body = 'a\u202eb &#x200b;c\u2067 **'
    expect(normalized({ body, bodyFormat }).update.bodyText).toBe('ab c **')
  })

  it('[TEXT15] are no way to pile marks on a letter: 8 stay', () => {
    const marks = '\u0300\u0323\u0332\u0338\u035c'.repeat(10)
    const cleaned = cleanLine(`a${marks}b e\u0301`)
    expect([...cleaned.normalize('NFD')].filter(c => /\p{M}/u.test(c)).length).toBeLessThanOrEqual(10)
    expect(cleaned).toMatch(/b é$/)
    expect(cleanLine(cleaned)).toBe(cleaned)
    expect(capMarks('שָׁלוֹם ệ')).toBe('שָׁלוֹם ệ')
  })

  it.each([
    '\u200b',
    '\u200d',
    '👩\u200d',
    '\u2067',
    '\u2067א',
    'א\u2067\u2069',
    '\u{e0061}',
    '\u{1f3f4}\u{e0061}',
    '❤\ufe0f',
    '\ufe0f',
    '\u0301',
    'َّ',
    '\u3164',
    'a\u00ad',
    'می\u200c',
    '\u202eא\n',
  ])('[TEXT15] takes little time: %j', piece => {
    const text = piece.repeat(32_768 / piece.length)
    const start = process.cpuUsage()
    cleanLine(text)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(50)
  })
})
