import { describe, expect, it } from 'vitest'
import { isKeywordLine, keywordsOf } from '../../../workers/normalize/keywords.ts'
import { normalized, notesOf, warningsOf } from './submissions.ts'

const TEXT = 'Talks with Russian Foreign Minister Sergey Lavrov go on. The talks are held in the U.S. and in Minsk.'

describe('keywords', () => {
  it.each([
    ['sergey lavrov, minsk', ['Sergey Lavrov', 'Minsk']],
    ['russian foreign minister sergey lavrov, talks', ['Russian Foreign Minister Sergey Lavrov', 'talks']],
    ['belarusian minister sergey lavrov, u.s.', ['belarusian Minister Sergey Lavrov', 'U.S.']],
    ['minsk, MINSK, Minsk, economy', ['Minsk', 'economy']],
    ['lavrov sergey, ', ['Lavrov Sergey']],
  ])('[EDIT6] are written as the text writes them, longest match first: %j', (line, expected) => {
    expect(keywordsOf(line, TEXT)).toEqual(expected)
  })

  it('[EDIT6] take the spelling from the middle of a sentence before that of its start', () => {
    expect(keywordsOf('talks', 'Talks. Talks! Talks? They talk. The talks')).toEqual(['talks'])
  })

  it.each([
    ['sergey lavrov, minsk', true],
    ["jean-luc o'neil, r&d, g7", true],
    ['Sergey Lavrov, minsk', false],
    ['sergey lavrov', false],
    ['he came, he saw.', false],
    ['see https://a.example, minsk', false],
    ['انتهت، المحادثات', false],
    ['1, 2, 3', false],
    ['a,'.repeat(2_000), false],
  ])('[EDIT6] stand in a lower-case comma line: %j', (line, expected) => {
    expect(isKeywordLine(line)).toBe(expected)
  })

  it('[EDIT7] become tags, beside those that are given, and their line leaves the body, quoted in the note', () => {
    const result = normalized({ body: `${TEXT}\n\nsergey lavrov, minsk`, tags: ['minsk', 'World'] })
    expect(result.update).toMatchObject({ bodyText: TEXT, tags: ['minsk', 'World', 'Sergey Lavrov'] })
    expect(notesOf(result, 'keywords')).toEqual([
      { step: 'keywords', before: 'body: sergey lavrov, minsk', after: 'tags: Sergey Lavrov, Minsk' },
    ])
  })

  it.each([
    ['sentences in small letters', 'He said it.\nwell, that was quick'],
    ['nothing else', 'sergey lavrov, minsk'],
    ['a list', '<p>Sergey Lavrov came.</p><ul><li>sergey lavrov, talks</li></ul>'],
  ])('[EDIT8] are not seen in %s', (_title, body) => {
    const result = normalized({ body, bodyFormat: body.startsWith('<') ? 'html' : 'text' })
    expect(result.update.tags).toEqual([])
    expect(notesOf(result, 'keywords')).toEqual([])
  })

  it('[EDIT8] stay in the body, with a warning, when the text has few of them', () => {
    const result = normalized({ body: 'Sergey Lavrov came.\nlavrov, politics, economy' })
    expect(result.update).toMatchObject({ bodyText: 'Sergey Lavrov came.\nlavrov, politics, economy', tags: [] })
    expect(warningsOf(result)).toEqual([expect.stringMatching(/^"lavrov, politics, economy" looks like/)])
  })

  it('[EDIT9] come from hashtags too, which stay in the text', () => {
    const body = 'In #Moscow (#Переговоры, #محادثات_اليوم) with #NASA2020'
    const result = normalized({ body, tags: ['moscow'] })
    expect(result.update).toMatchObject({ bodyText: body, tags: ['moscow', 'Переговоры', 'محادثات_اليوم', 'NASA2020'] })
    expect(notesOf(result, 'keywords')).toEqual([
      { step: 'keywords', before: 'tags: moscow', after: 'tags: moscow, Переговоры, محادثات_اليوم, NASA2020' },
    ])
  })

  it.each(['We are #1', 'C# is', 'Colour #1a2b3c', 'https://a.example/#part', 'a#b', '&#x41;', '##b'])(
    '[EDIT9] are no hashtags in %j',
    body => expect(normalized({ body }).update.tags).toEqual([]),
  )

  it('[EDIT9] are no hashtags in code', () => {
    expect(normalized({ body: 'The `#include` line', bodyFormat: 'markdown' }).update.tags).toEqual([])
  })

  it('[EDIT9] are 50 at most', () => {
    const body = Array.from({ length: 80 }, (_, i) => `#tag${i}`).join(' ')
    expect(normalized({ body }).update.tags).toHaveLength(50)
  })
})
