import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CALLS, CHROME, HEADLINES, LANGUAGES, PLACES, SET, SPACED, TIMES, WEEKDAYS, WRITTEN } from './language-cells.ts'
import { normalized, notesOf } from './submissions.ts'

/** The cells of the table, by step. */
const CELLS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'sentence-spacing': SPACED,
  'page-chrome': CHROME,
  'calls-to-action': CALLS,
  typography: SET,
  times: TIMES,
  language: WRITTEN,
  'derived-headline': HEADLINES,
  consistency: { ...PLACES, ...WEEKDAYS },
}

describe('a language', () => {
  it.each([...Object.entries(SPACED), ...Object.entries(SET)])(
    '[LANG6] %s: spaces and marks',
    (inLanguage, [typed, becomes]) => {
      expect(normalized({ body: typed }, { inLanguage }).update.bodyText).toBe(becomes)
    },
  )

  it.each(Object.entries(CHROME))('[LANG6] %s: page chrome is named, and left', (inLanguage, line) => {
    const result = normalized({ body: `${line}\n\nx` }, { inLanguage })
    expect(notesOf(result, 'page-chrome')).toHaveLength(1)
    expect(result.update.bodyText).toContain(line)
  })

  it.each(Object.entries(CALLS))('[LANG6] %s: a call to action is named, and left', (inLanguage, line) => {
    const result = normalized({ body: `${line}\n\nx` }, { inLanguage })
    expect(notesOf(result, 'calls-to-action')).toHaveLength(1)
    expect(result.update.bodyText).toContain(line)
  })

  it.each(Object.entries(TIMES))('[LANG6] %s: a line of a date is read', (inLanguage, line) => {
    const { update } = normalized({ body: `${line}\nx` }, { inLanguage, timeZone: 'UTC' })
    expect(update).toMatchObject({ happenedAt: '2026-11-23T10:00:00.000Z', bodyText: 'x' })
  })

  it.each(Object.entries(WRITTEN))('[LANG6] %s: is told from its words', (language, body) => {
    const inLanguage = language === 'en' ? 'de' : 'en'
    expect(normalized({ body }, { inLanguage }).update.inLanguage).toBe(language)
  })

  it.each(Object.entries(HEADLINES))(
    '[LANG6] %s: the first sentence is the headline',
    (inLanguage, [headline, more]) => {
      const { update } = normalized({ body: `${headline} ${more}`, keepAsTyped: ['typography'] }, { inLanguage })
      expect(update.headline).toBe(headline)
    },
  )

  it.each(Object.entries(PLACES))(
    '[LANG6] %s: a caption with another place is named',
    (inLanguage, [caption, body]) => {
      const result = normalized({ body, media: [{ caption }] }, { inLanguage })
      expect(notesOf(result, 'consistency')).toEqual([
        { step: 'consistency', warning: expect.stringContaining('Minsk') },
      ])
    },
  )

  it.each(Object.entries(WEEKDAYS))('[LANG6] %s: a weekday that does not fit its date is named', (inLanguage, body) => {
    const result = normalized({ body }, { inLanguage })
    expect(notesOf(result, 'consistency')).toEqual([
      { step: 'consistency', warning: expect.stringContaining('Friday') },
    ])
  })

  it('[LANG6] has a cell in the table of docs/NORMALIZATION.md for each of these, and no other', () => {
    const text = readFileSync(new URL('../../../docs/NORMALIZATION.md', import.meta.url), 'utf8')
    for (const [step, cells] of Object.entries(CELLS)) {
      const row = text.split('\n').findLast(line => line.startsWith(`| \`${step}\` |`))
      const filled = (row ?? '').split('|').slice(2, 2 + LANGUAGES.length)
      expect(LANGUAGES.filter((_, i) => filled[i]?.trim() !== '')).toEqual(LANGUAGES.filter(each => each in cells))
    }
  })
})
