import { describe, expect, it } from 'vitest'
import { runSteps } from '../../../workers/normalize/normalize.ts'
import { readBody } from '../../../workers/normalize/steps/read-body.ts'
import { readTimes } from '../../../workers/normalize/steps/read-times.ts'
import { writeBody } from '../../../workers/normalize/steps/write-body.ts'
import { startDraft } from '../../../workers/normalize/working-draft.ts'
import { cpuMs } from './cpu-time.ts'
import { ACCEPTED_AT, aSubmission, normalized, notesOf, warningsOf } from './submissions.ts'

/** Accepted at 10:00 UTC, which is 13:00 in the event's Moscow. */
const at = (time: string) => `2026-11-24T${time}:00.000Z`

describe('the time in the first line', () => {
  it.each([
    ['10:00 GMT 15.12.2023\nTalks begin.', '2023-12-15T10:00:00.000Z', 'Talks begin.', 'text' as const],
    ['12:50\n\nTalks begin.', at('09:50'), 'Talks begin.', 'text' as const],
    ['**12:50 MSK**\n\nTalks begin.', at('09:50'), 'Talks begin.', 'markdown' as const],
    ['## 24 Nov 2026, 12:50\nTalks begin.', at('09:50'), 'Talks begin.', 'markdown' as const],
    ['<p><strong>12:50<br>Talks</strong> begin.</p>', at('09:50'), 'Talks begin.', 'html' as const],
    ['12:50\n09:50 GMT\nTalks begin.', at('09:50'), 'Talks begin.', 'text' as const],
  ])('[TIME9] of %j is when it happened, and leaves the text', (body, happenedAt, bodyText, bodyFormat) => {
    const { update } = normalized({ body, bodyFormat })
    expect(update).toMatchObject({ happenedAt, bodyText })
    expect(normalized({ body: update.bodyHtml, bodyFormat: 'html' }).update.bodyHtml).toBe(update.bodyHtml)
  })

  it('[TIME9] is quoted in the notes', () => {
    const result = normalized({ body: '12:50\nTalks begin.' })
    expect(notesOf(result, 'times')).toEqual([
      { step: 'times', before: `happenedAt: ${ACCEPTED_AT}`, after: `happenedAt: ${at('09:50')}` },
      { step: 'times', before: 'body: 12:50', after: 'body: ' },
    ])
  })

  it.each(['12:50 – Minister arrives', '12:50: Minister arrives', '(12:50 MSK) Minister arrives'])(
    '[TIME10] before words stays: %s',
    body => {
      expect(normalized({ body }).update).toMatchObject({ happenedAt: at('09:50'), bodyText: body })
    },
  )

  it('[TIME10] is only text where the editor said when, or does without this step', () => {
    const body = '12:50\nTalks begin.'
    const given = normalized({ body, happenedAt: '2026-11-24T12:30' })
    expect(given.update).toMatchObject({ happenedAt: at('09:30'), bodyText: body })
    const asTyped = normalized({ body, keepAsTyped: ['times'] })
    expect(asTyped.update).toMatchObject({ happenedAt: ACCEPTED_AT, bodyText: body })
  })

  it('[TIME10] is read as of the first publication, also in a later revision', () => {
    const changes = { acceptedAt: '2026-11-26T08:00:00.000Z', version: 2 }
    expect(normalized({ body: '12:50\nTalks began.' }, changes).update.happenedAt).toBe(at('09:50'))
  })

  it('[TIME11] of a timetable is not taken', () => {
    const body = '10:00\n11:30\n12:00\nTalks'
    const result = normalized({ body })
    expect(result.update).toMatchObject({ happenedAt: ACCEPTED_AT, bodyText: body })
    expect(warningsOf(result)).toEqual(['The text begins with several times (10:00, 11:30): none was taken.'])
  })

  it('[TIME11] that is all there is stays, unless there is a picture', () => {
    expect(normalized({ body: '12:50' }).update).toMatchObject({ happenedAt: at('09:50'), bodyText: '12:50' })
    const media = [{ url: 'https://a.b/c.jpg' }]
    expect(normalized({ body: '12:50', media }).update).toMatchObject({ happenedAt: at('09:50'), bodyText: '' })
  })

  it('[TIME11] is no time when it is a day: another day than today is warned', () => {
    const today = normalized({ body: '24.11.2026\nTalks' })
    const other = normalized({ body: '20.11.2026\nTalks' })
    expect(today.update).toMatchObject({ happenedAt: ACCEPTED_AT, bodyText: '24.11.2026\nTalks' })
    expect(warningsOf(today)).toEqual([])
    expect(other.update).toMatchObject({ happenedAt: ACCEPTED_AT, bodyText: '20.11.2026\nTalks' })
    expect(warningsOf(other)).toEqual(['"20.11.2026" names a day and no time: happenedAt was left as it is.'])
  })

  it.each([
    ['> 12:50\n\nTalks', 'markdown' as const],
    ['    12:50\n\nTalks', 'markdown' as const],
    ['- 12:50\n- Talks', 'markdown' as const],
    ['`12:50`\n\nTalks', 'markdown' as const],
    ['Talks at 12:50', 'text' as const],
    ['Talks\n12:50', 'text' as const],
  ])('[TIME11] stands for nothing in %j', (body, bodyFormat) => {
    expect(normalized({ body, bodyFormat }).update).toMatchObject({ happenedAt: ACCEPTED_AT })
  })

  it.each(['12:50\n', '12:50\n\n', '12:50 – ', '24.11.2026 12:50 MSK\n', '1\n'])(
    '[TIME11] takes no long look at 32 KB of %j',
    unit => {
      const body = unit.repeat(Math.ceil(32_768 / unit.length)).trim()
      const submission = aSubmission({ body })
      const context = { ...submission, languageGiven: true, happenedAtGiven: false, recent: [] }
      const { draft } = runSteps([readBody, writeBody], startDraft(submission), context)
      expect(cpuMs(() => readTimes.apply(draft, context))).toBeLessThan(50)
    },
  )

  it.each([
    ['13:06\nTalks', {}, /^clock\? 2026-11-24T10:06:00.000Z is in the future/],
    ['13:04\nTalks', {}, undefined],
    ['22.11.2026 12:59\nTalks', { coverageStartTime: '2026-11-23T10:00:00.000Z' }, /more than a day before coverage/],
    ['22.11.2026 13:00\nTalks', { coverageStartTime: '2026-11-23T10:00:00.000Z' }, undefined],
    ['22.11.2026 12:59\nTalks', {}, undefined],
  ])('[TIME12] is doubted when no clock can be right: %j', (body, changes, warning) => {
    const expected = warning === undefined ? [] : [expect.stringMatching(warning)]
    expect(warningsOf(normalized({ body }, changes))).toEqual(expected)
  })

  it('[TIME12] is doubted where the editor gave it, too', () => {
    const future = normalized({ body: 'Talks', happenedAt: '2026-11-25T10:00:00Z' })
    expect(notesOf(future, 'happened-at')).toContainEqual(
      expect.objectContaining({ warning: expect.stringMatching(/^clock\?/) }),
    )
    expect(future.update.happenedAt).toBe('2026-11-25T10:00:00.000Z')
  })
})
