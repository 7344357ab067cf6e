import { describe, expect, it } from 'vitest'
import { setFrenchSpaces } from '../../../workers/normalize/typography/french-spaces.ts'
import { marksOf } from '../../../workers/normalize/typography/marks-by-language.ts'
import { setMarks } from '../../../workers/normalize/typography/set-marks.ts'

describe('typography', () => {
  it.each([
    '"',
    "'",
    '" ',
    '"a',
    'a"',
    " 'a",
    "a' ",
    '«',
    '» ',
    ' !',
    'a:',
    '--',
    ' - ',
    '...',
    '. ',
    "'n",
    "'68",
    '5"',
    '1990-',
    '1-',
    'ש"ש',
    '10:00-',
    '“',
  ])('[TEXT13] takes little time: %j', piece => {
    const text = piece.repeat(32_768 / piece.length)
    const start = process.cpuUsage()
    for (const language of ['fr', 'he', 'en']) {
      const marks = marksOf(language)
      if (marks !== undefined) setMarks(text, marks)
    }
    setFrenchSpaces(text, 'fr')
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000 / 4).toBeLessThan(50)
  })
})
