import { describe, expect, it } from 'vitest'
import { sentencesOf, splitSentences } from '../../../workers/normalize/sentences.ts'

describe('sentences', () => {
  it.each([
    ['en', 'Talks ended. Details follow! Really?', ['Talks ended.', 'Details follow!', 'Really?']],
    [
      'en',
      'Dr. J. Smith left the U.S. on 5 May. He was late.',
      ['Dr. J. Smith left the U.S. on 5 May.', 'He was late.'],
    ],
    ['en', 'They met in the U.S. The talks go on.', ['They met in the U.S.', 'The talks go on.']],
    [
      'en',
      'They met at 5 p.m. Talks go on, e.g. Moscow does.',
      ['They met at 5 p.m.', 'Talks go on, e.g. Moscow does.'],
    ],
    ['en', '“Really?” he said. He left.', ['“Really?” he said.', 'He left.']],
    [
      'en',
      'It grew by 3.5 percent. See dateline.example now.',
      ['It grew by 3.5 percent.', 'See dateline.example now.'],
    ],
    [
      'en',
      'See https://a.example/b?id=3&c=d!e now. Mail a.b@c.example? Yes.',
      ['See https://a.example/b?id=3&c=d!e now.', 'Mail a.b@c.example?', 'Yes.'],
    ],
    ['en', 'one line\nanother\n\n third. ', ['one line', 'another', 'third.']],
    ['de', 'Er kam z. B. am 3. Mai. Sie ging.', ['Er kam z. B. am 3. Mai.', 'Sie ging.']],
    ['fr', 'M. Dupont est là. Il parle.', ['M. Dupont est là.', 'Il parle.']],
    ['ru', 'Он живёт в г. Москве. Это так.', ['Он живёт в г. Москве.', 'Это так.']],
    ['ar', 'انتهت المحادثات. هل عاد؟ نعم.', ['انتهت المحادثات.', 'هل عاد؟', 'نعم.']],
    ['he', 'השיחות הסתיימו. פרטים בהמשך.', ['השיחות הסתיימו.', 'פרטים בהמשך.']],
    ['zh', '会谈结束。详情稍后。', ['会谈结束。', '详情稍后。']],
  ])('[TEXT2] of a text (%s) are told apart: %s', (language, text, expected) => {
    expect(splitSentences(text, language)).toEqual(expected)
  })

  it('[TEXT2] know where they stand', () => {
    const text = ' One.  Two.\n Three. '
    for (const { text: sentence, start, end } of sentencesOf(text, 'en')) expect(text.slice(start, end)).toBe(sentence)
  })

  it.each(['A. ', '\n', 'U.S. ', 'Mr. ', 'a', '. ', '?" a ', '。', '...'])('[TEXT2] take little time: %j', piece => {
    const text = piece.repeat(32_768 / piece.length)
    splitSentences('Warm. Up.', 'en')
    const start = process.cpuUsage()
    splitSentences(text, 'en')
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(50)
  })
})
