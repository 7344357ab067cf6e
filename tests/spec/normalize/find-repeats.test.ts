import { describe, expect, it } from 'vitest'
import { findNearRepeats } from '../../../workers/normalize/find-near-repeats.ts'
import { findRepeats } from '../../../workers/normalize/find-repeats.ts'

const repeats = (...lines: string[]) => findRepeats(lines.map(text => ({ text })))
const surely = (...lines: string[]) => repeats(...lines).flatMap(({ line, of, sure }) => (sure ? [[line, ...of]] : []))

const FIRST = 'The ministers met in Moscow on Friday.'
const SECOND = 'They signed a number of joint documents.'
const THIRD = 'More will follow later in the evening.'

describe('repeated lines', () => {
  it.each([
    [
      'a title given three times',
      ['Talks in Moscow', 'x', 'Talks in Moscow', 'Talks  in Moscow'],
      [
        [2, 0],
        [3, 0],
      ],
    ],
    [
      'quotation marks and dashes set in another way',
      ['The "best" of times - so far', 'The “best” of times – so far'],
      [[1, 0]],
    ],
    ['a paragraph that runs together', [`${FIRST}${SECOND}`, FIRST, SECOND], [[0, 1, 2]]],
    ['a paragraph that is well written', [`${FIRST} ${SECOND}`, FIRST, SECOND], [[0, 1, 2]]],
    ['a paragraph after its sentences', [FIRST, SECOND, `${FIRST}${SECOND}`], [[2, 0, 1]]],
    ['a paragraph whose sentences stand further on', [`${FIRST}${THIRD}`, 'x', FIRST, SECOND, THIRD], [[0, 2, 4]]],
    [
      'paragraphs of paragraphs',
      [`${FIRST}${SECOND}${THIRD}`, `${FIRST}${SECOND}`, FIRST, SECOND, THIRD],
      [
        [0, 1, 4],
        [1, 2, 3],
      ],
    ],
    ['Chinese lines', ['外交部长今天在莫斯科举行会谈', '外交部长今天在莫斯科举行会谈'], [[1, 0]]],
  ])('[TEXT3] are found: %s', (_title, lines, expected) => {
    expect(surely(...lines)).toEqual(expected)
  })

  it.each([
    ['short lines', ['Goal!', 'Goal!', 'Two words', 'Two words']],
    ['numbers in a table', ['2 1 0 7', '2 1 0 7']],
    ['what is said twice', ['I do not recall.', 'I do not recall.']],
    ['quotations', ['"Nobody knows what will happen to us"', '"Nobody knows what will happen to us"']],
    ['a paragraph that says more', [`${FIRST} ${SECOND} ${THIRD}`, FIRST, SECOND]],
    ['sentences in another order', [`${FIRST} ${SECOND}`, SECOND, FIRST]],
    ['lines of other case', ['TALKS IN MOSCOW', 'Talks in Moscow']],
  ])('[TEXT3] are left alone where that is no mistake: %s', (_title, lines) => {
    expect(surely(...lines)).toEqual([])
  })

  it('[TEXT3] that people may mean are marked as not sure', () => {
    expect(repeats('I do not recall.', 'x', 'I do not recall.')).toEqual([{ line: 2, of: [0], sure: false }])
  })

  it('[TEXT3] with other links are not the same', () => {
    const text = 'The whole story is here'
    expect(
      findRepeats([
        { text, links: ['https://a.b/'] },
        { text, links: ['https://c.d/'] },
      ]),
    ).toEqual([])
  })

  it.each([
    ['distinct lines', Array.from({ length: 1_600 }, (_, i) => `line ${i} of some words`)],
    ['short lines', Array.from({ length: 16_000 }, () => 'a')],
    ['lines that begin alike', Array.from({ length: 700 }, (_, i) => `${'a'.repeat(i % 2 === 0 ? 40 : 10)}${i}`)],
    ['one long line and its parts', ['a'.repeat(16_000), ...Array.from({ length: 1_400 }, () => 'aaaaaaaaaaa')]],
  ])('[TEXT3] are looked for in little time: %s', (_title, lines) => {
    const start = process.cpuUsage()
    repeats(...lines)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(50)
  })
})

const LIVE = 'Sputnik goes live as Minister Sergey Lavrov holds a press conference after talks in Moscow.'

describe('sentences that nearly repeat another', () => {
  it.each([
    [
      'one word differs',
      LIVE,
      'Sputnik is live as Minister Sergey Lavrov holds a press conference after talks in Moscow.',
    ],
    ['one word more', LIVE, LIVE.replace('holds', 'now holds')],
    [
      'Russian',
      'Министр прибыл в Москву на переговоры с коллегой сегодня утром.',
      'Министр прилетел в Москву на переговоры с коллегой сегодня утром.',
    ],
  ])('[TEXT4] are found: %s', (_title, first, second) => {
    expect(findNearRepeats([first, 'Something else stands between them.', second])).toEqual([{ first: 0, second: 2 }])
  })

  it.each([
    ['the same sentence', LIVE, LIVE],
    ['another number', 'The score is 2 to 1 after half an hour.', 'The score is 3 to 1 after half an hour.'],
    [
      'another name',
      'The Russian minister has arrived in Moscow for talks.',
      'The Russian minister has arrived in Minsk for talks.',
    ],
    [
      'a negation',
      'The minister will come to the talks on Friday evening.',
      'The minister will not come to the talks on Friday evening.',
    ],
    ['short sentences', 'He has arrived now.', 'He has arrived here.'],
    ['different sentences', LIVE, 'Nobody knows what the ministers will talk about in the evening.'],
  ])('[TEXT4] are not: %s', (_title, first, second) => {
    expect(findNearRepeats([first, second])).toEqual([])
  })

  it.each([
    ['equal sentences', Array.from({ length: 800 }, () => 'some words that are all the same.')],
    ['sentences with common words', Array.from({ length: 800 }, (_, i) => `it is what it is and ${i}`)],
    ['one of many words', ['word '.repeat(6_500)]],
  ])('[TEXT4] are looked for in little time: %s', (_title, sentences) => {
    const start = process.cpuUsage()
    findNearRepeats(sentences)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(50)
  })
})
