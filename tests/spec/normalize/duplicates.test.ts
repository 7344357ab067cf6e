import { describe, expect, it } from 'vitest'
import type { RecentUpdate } from '../../../src/feed/recent-updates.ts'
import { fingerprintOf } from '../../../workers/normalize/fingerprint.ts'
import { normalizeUpdate } from '../../../workers/normalize/normalize.ts'
import { alertDuplicates } from '../../../workers/normalize/steps/alert-duplicates.ts'
import { startDraft } from '../../../workers/normalize/working-draft.ts'
import { cpuMs } from './cpu-time.ts'
import { aSubmission, notesOf } from './submissions.ts'

const TALKS = 'Belarusian Foreign Minister Sergey Aleinik arrived in Moscow for talks with Sergey Lavrov.'
const [FORTY_SECONDS_AGO, TWO_MINUTES_AGO, LONG_AGO] = ['09:59:20', '09:58:00', '09:49:59'].map(
  time => `2026-11-24T${time}.000Z`,
) as [string, string, string]

type Draft = Parameters<typeof aSubmission>[0]

/** An update as it is remembered when Anna published it. */
function posted(draft: Draft | string, changes: Partial<RecentUpdate> = {}): RecentUpdate {
  const { update } = normalizeUpdate(aSubmission(typeof draft === 'string' ? { body: draft } : draft))
  return {
    ...{ updateId: 'another', acceptedAt: FORTY_SECONDS_AGO, name: 'Anna' },
    fingerprint: fingerprintOf(update),
    ...changes,
  }
}

function alertsOf(draft: Draft | string, ...recent: RecentUpdate[]) {
  const submission = aSubmission(typeof draft === 'string' ? { body: draft } : draft)
  const result = normalizeUpdate(submission, recent)
  return notesOf(result, 'duplicate-alert').map(note => ('warning' in note ? note.warning : note.after))
}

describe('an update that was posted a moment ago', () => {
  it.each<[string, Draft | string]>([
    ['as it is', TALKS],
    ['in capitals', TALKS.toUpperCase()],
    ['with other marks', `“${TALKS.replace(',', ' –')}”`],
    ['in bold', { body: `**${TALKS}**`, bodyFormat: 'markdown' }],
  ])('[DUP1] is told, %s', (_title, draft) => {
    expect(alertsOf(draft, posted(TALKS))).toEqual(['Anna posted this 40 s ago.'])
  })

  it.each([
    ['a word more', TALKS.replace('arrived', 'arrived today')],
    ['a word less', TALKS.replace('Belarusian ', '')],
    ['a slip', TALKS.replace('Aleinik', 'Aleynik')],
    ['an ending', `${TALKS} Details follow.`],
  ])('[DUP2] is told with %s, as nearly the same', (_title, body) => {
    expect(alertsOf(body, posted(TALKS))).toEqual(['Anna posted nearly this 40 s ago.'])
  })

  it.each([
    ['another text', TALKS, 'Russian Foreign Minister Sergey Lavrov opened the talks with Sergey Aleinik in Moscow.'],
    ['short and another', 'Goal for Spain!', 'Goal for France!'],
    ['with another number', `${TALKS} 12 people came with him.`, `${TALKS} 13 people came with him.`],
    ['with another picture', { media: [{ url: 'https://a.b/1.jpg' }] }, { media: [{ url: 'https://a.b/2.jpg' }] }],
    ['a few words over another picture', { body: 'Look:', media: [{ url: 'https://a.b/1.jpg' }] }, 'Look:'],
    ['in Chinese and another', '俄罗斯外交部长今天上午在莫斯科举行会谈', '白俄罗斯总统昨天晚上抵达北京访问三天'],
  ])('[DUP3] is not told when it is %s', (_title, first, second) => {
    expect(alertsOf(second, posted(first))).toEqual([])
  })

  it('[DUP3] is told when it is the same few words, the same picture, or nearly the same Chinese', () => {
    const picture = { media: [{ url: 'https://a.b/1.jpg' }] }
    expect(alertsOf('Goal for Spain', posted('GOAL for Spain!'))).toHaveLength(1)
    expect(alertsOf(picture, posted(picture))).toHaveLength(1)
    const chinese = '俄罗斯外交部长今天上午在莫斯科举行会谈，随后召开新闻发布会'
    expect(alertsOf(chinese, posted(chinese.replace('今天', '昨天')))).toEqual(['Anna posted nearly this 40 s ago.'])
  })

  it('[DUP4] is not told of itself, nor after ten minutes, nor where the step is off', () => {
    const { updateId } = aSubmission({ body: TALKS })
    expect(alertsOf(TALKS, posted(TALKS, { updateId }))).toEqual([])
    expect(alertsOf(TALKS, posted(TALKS, { acceptedAt: LONG_AGO }))).toEqual([])
    expect(alertsOf({ body: TALKS, keepAsTyped: ['duplicate-alert'] }, posted(TALKS))).toEqual([])
  })

  it('[DUP4] is told once, of the last that is the same, else of the last that is nearly so', () => {
    const nearly = posted(TALKS.replace('arrived', 'arrived today'), { name: 'Bob' })
    const same = posted(TALKS, { name: 'Carla', acceptedAt: TWO_MINUTES_AGO })
    expect(alertsOf(TALKS, nearly, same)).toEqual(['Carla posted this 2 min ago.'])
    expect(alertsOf(TALKS, nearly, posted(TALKS, { acceptedAt: LONG_AGO }))).toEqual([
      'Bob posted nearly this 40 s ago.',
    ])
    expect(alertsOf(TALKS, posted(TALKS, { acceptedAt: '2026-11-24T10:00:00.300Z' }))).toEqual([
      'Anna posted this just now.',
    ])
  })

  it('[DUP4] is not told of a fingerprint that an earlier release made', () => {
    expect(alertsOf(TALKS, posted(TALKS, { fingerprint: '0123456789abcdef' }))).toEqual([])
  })

  it('[DUP5] is compared with 200 others in a few milliseconds, also at 64 KB', () => {
    const body = `${TALKS} `.repeat(700).slice(0, 65_000)
    const recent = Array.from({ length: 200 }, (_, i) => posted(`${TALKS} Number ${i}.`))
    const { draft, context } = prepared(body, recent)
    expect(cpuMs(() => alertDuplicates.apply(draft, context))).toBeLessThan(50)
  })
})

function prepared(body: string, recent: RecentUpdate[]) {
  const submission = aSubmission({ body })
  const context = { ...submission, languageGiven: true, happenedAtGiven: true, recent }
  return { draft: { ...startDraft(submission), bodyText: body }, context }
}
