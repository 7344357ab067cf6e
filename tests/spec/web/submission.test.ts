import { describe, expect, it } from 'vitest'
import { createDeskStorage } from '../../../web/desk/desk-storage.ts'
import { EMPTY_FIELDS } from '../../../web/desk/editor-fields.ts'
import { MemoryStorage } from '../../../web/desk/memory-storage.ts'
import { progressWords } from '../../../web/desk/progress-words.ts'
import {
  afterReload,
  isWorthKeeping,
  type Progress,
  type Submission,
  stepSubmissions,
  versionToMatch,
} from '../../../web/desk/submission.ts'
import { formatHash, readHash, readToken } from '../../../web/desk/token.ts'
import { idOf } from './build-view.ts'

const refusal = {
  type: '/problems/version-mismatch',
  title: 'Somebody else changed it first',
  status: 412,
  retry: false,
}

function aSubmission(progress: Progress, over: Partial<Submission> = {}): Submission {
  return {
    key: 'k1',
    eventId: 'talks',
    createdAtMs: 1,
    label: 'Update: They came',
    task: { kind: 'publish', draft: { body: 'They came', updateId: idOf(1) } },
    draft: { fields: { ...EMPTY_FIELDS, body: 'They came' } },
    progress,
    ...over,
  }
}

describe('a submission', () => {
  const progressAfter = (before: Progress, progress: Progress) =>
    stepSubmissions([aSubmission(before)], { do: 'progress', key: 'k1', progress })[0]?.progress

  it('[PAGE16] goes from sending to accepted to published', () => {
    expect(progressAfter({ name: 'sending' }, { name: 'accepted', acceptNumber: 7 })).toEqual({
      name: 'accepted',
      acceptNumber: 7,
    })
    const ended: Progress = { name: 'ended', state: 'published', acceptNumber: 7, seq: 9 }
    expect(progressAfter({ name: 'accepted', acceptNumber: 7 }, ended)).toEqual(ended)
  })

  it('[PAGE16] that has ended stays ended, whichever answer comes late', () => {
    const ended: Progress = { name: 'ended', state: 'published', acceptNumber: 7, seq: 9 }
    expect(progressAfter(ended, { name: 'accepted', acceptNumber: 7 })).toEqual(ended)
    expect(progressAfter(ended, { name: 'failed', problem: refusal })).toEqual(ended)
  })

  it.each([
    ['by its accept number', { name: 'accepted', acceptNumber: 7 }, undefined, true],
    ['by its own update id, before any answer came', { name: 'sending' }, idOf(1), true],
    ['by its own update id, once it was released', { name: 'ended', state: 'held', acceptNumber: 7 }, idOf(1), true],
    ['not by the id of another one', { name: 'sending' }, idOf(2), false],
    ['not by the accept number of another one', { name: 'accepted', acceptNumber: 8 }, undefined, false],
  ] as const)('[PAGE16] is known in the live feed %s', (_how, progress, publishedId, isSeen) => {
    const seen = {
      acceptNumber: 7,
      seq: 9,
      state: 'published' as const,
      ...(publishedId === undefined ? {} : { publishedId }),
    }
    const [after] = stepSubmissions([aSubmission(progress)], { do: 'seen', seen })
    expect(after?.progress.name === 'ended').toBe(isSeen)
  })

  it('[PAGE16] tells in words where it stands, and how long until it is sent again', () => {
    const problem = {
      type: '/problems/unavailable',
      title: 'Dateline is unavailable for a moment',
      status: 503,
      retry: true,
    }
    expect(progressWords({ name: 'repeating', untilMs: 5_000, problem }, 1_000)).toMatchObject({
      tone: 'busy',
      text: 'Dateline is unavailable for a moment. It is sent again by itself in 4 s.',
      spoken: 'Dateline is unavailable for a moment. It is sent again by itself.',
    })
    expect(progressWords({ name: 'repeating', untilMs: 5_000 }, 1_000).text).toBe(
      'No answer yet. It is sent again by itself in 4 s.',
    )
    const paused = {
      ...{ type: '/problems/intake-paused', title: 'Nothing is taken in for now', status: 503, retry: true },
      detail: 'We wait for the embargo',
    }
    expect(progressWords({ name: 'repeating', untilMs: 1_000, problem: paused }, 1_000).text).toBe(
      'Nothing is taken in for now: We wait for the embargo. Sending again…',
    )
    expect(progressWords({ name: 'ended', state: 'published', acceptNumber: 7, seq: 9 }, 0).text).toBe(
      'Published, #7, entry 9 of the feed',
    )
    expect(progressWords({ name: 'failed', problem: refusal }, 0)).toMatchObject({ tone: 'bad' })
  })

  it('[PAGE14] names the latest version that this desk was told of', () => {
    const revise = (progress: Progress) =>
      aSubmission(progress, { task: { kind: 'revise', updateId: idOf(1), version: 1, patch: { isKeyEvent: true } } })
    expect(versionToMatch([revise({ name: 'accepted', acceptNumber: 7, version: 3 })], 2, idOf(1))).toBe(3)
    expect(versionToMatch([revise({ name: 'failed', problem: { ...refusal, version: 5 } })], 2, idOf(1))).toBe(5)
    expect(versionToMatch([revise({ name: 'accepted', acceptNumber: 7, version: 3 })], 2, idOf(2))).toBe(2)
  })
})

describe('after a reload', () => {
  it.each([
    ['sending', { name: 'sending' }, 'send'],
    ['waiting to be sent again', { name: 'repeating', untilMs: 5 }, 'send'],
    ['accepted', { name: 'accepted', acceptNumber: 7 }, 'follow'],
    ['failed', { name: 'failed', problem: refusal }, 'show'],
    ['failed for want of a token', { name: 'failed', problem: { ...refusal, status: 401 } }, 'send'],
  ] as const)('[PAGE17] a submission that was %s is dealt with', (_state, progress, deed) => {
    const next = afterReload(aSubmission(progress))
    expect(next.do).toBe(deed)
    expect(next.submission.key).toBe('k1')
    expect(next.submission.task).toEqual(aSubmission(progress).task)
  })

  it('[DESK7] that was held is asked after again on the next visit, and told what an editor decided', () => {
    const held: Progress = { name: 'ended', state: 'held', acceptNumber: 7 }
    expect(afterReload(aSubmission(held)).do).toBe('follow')
    expect(afterReload(aSubmission({ name: 'ended', state: 'discarded', acceptNumber: 7 })).do).toBe('show')
    const progress: Progress = { name: 'ended', state: 'discarded', acceptNumber: 7 }
    const after = stepSubmissions([aSubmission(held)], { do: 'progress', key: 'k1', progress })
    expect(after[0]?.progress).toEqual(progress)
    expect(stepSubmissions(after, { do: 'progress', key: 'k1', progress: held })[0]?.progress).toEqual(progress)
  })

  it('[PAGE17] only what has ended well is not kept', () => {
    expect(isWorthKeeping(aSubmission({ name: 'ended', state: 'published' }))).toBe(false)
    expect(isWorthKeeping(aSubmission({ name: 'ended', state: 'held' }))).toBe(true)
    expect(isWorthKeeping(aSubmission({ name: 'failed', problem: refusal }))).toBe(true)
  })
})

describe('the desk storage', () => {
  const open = (storage: Storage, over = {}) =>
    createDeskStorage({ storage, sub: 'anna', eventId: 'talks', tab: 't1', ...over })
  const draft = { fields: { ...EMPTY_FIELDS, body: 'Half a sen' } }

  it('[PAGE17] gives back what stood in the editor', () => {
    const storage = new MemoryStorage()
    expect(open(storage).saveDraft(draft)).toBe(true)
    expect(open(storage).readDraft()).toEqual(draft)
    open(storage).saveDraft(undefined)
    expect(open(storage).readDraft()).toBeUndefined()
  })

  it('[PAGE17] keeps the texts of tabs, events and people apart', () => {
    const storage = new MemoryStorage()
    open(storage).saveDraft(draft)
    expect(open(storage, { tab: 't2' }).readDraft()).toBeUndefined()
    expect(open(storage, { tab: 't2' }).otherDrafts()).toEqual([{ tab: 't1', draft }])
    expect(open(storage, { tab: 't2', eventId: 'other' }).otherDrafts()).toEqual([])
    expect(open(storage, { tab: 't2', sub: 'bela' }).otherDrafts()).toEqual([])
  })

  it('[PAGE17] keeps each submission with its key, newest first', () => {
    const storage = new MemoryStorage()
    open(storage).saveSubmission(aSubmission({ name: 'sending' }))
    open(storage).saveSubmission(aSubmission({ name: 'sending' }, { key: 'k2', createdAtMs: 2 }))
    expect(
      open(storage)
        .readSubmissions()
        .map(({ key }) => key),
    ).toEqual(['k2', 'k1'])
    open(storage).dropSubmission('k2')
    expect(
      open(storage)
        .readSubmissions()
        .map(({ key }) => key),
    ).toEqual(['k1'])
  })

  it('[PAGE17] says so when the browser keeps nothing, and passes over what cannot be read', () => {
    const full = new MemoryStorage(0)
    expect(open(full).saveDraft(draft)).toBe(false)
    const broken = new MemoryStorage()
    broken.setItem('dateline-desk/2/anna/talks/draft/t1', '{"fields":')
    expect(open(broken).readDraft()).toBeUndefined()
  })
})

describe('a token', () => {
  const jwt = (claims: object) =>
    `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
  const claims = { sub: 'anna', name: 'Аня Лінд', roles: ['editor'], exp: 2_000 }

  it('[PAGE18] is read for whose it is and until when', () => {
    expect(readToken(` ${jwt(claims)}\n`, 1_000_000)).toEqual({
      fine: true,
      owner: { sub: 'anna', name: 'Аня Лінд', roles: ['editor'], expiresAtMs: 2_000_000 },
    })
  })

  it.each([
    ['', 'This is not a token.'],
    ['a.b', 'This is not a token.'],
    ['a.%%%.c', 'This is not a token.'],
    ['a.bm9KU09O.c', 'This is not a token.'],
    [jwt({ name: 'x' }), 'This token names nobody'],
    [jwt({ ...claims, exp: 999 }), 'This token has expired.'],
  ])('[PAGE18] that is of no use is named in a sentence: %s', (token, words) => {
    const reading = readToken(token, 1_000_000)
    expect(reading.fine === false && reading.fault.startsWith(words)).toBe(true)
  })

  it('[PAGE18] is taken from the address and never written back', () => {
    expect(readHash('#token=a.b.c&event=talks')).toEqual({ token: 'a.b.c', event: 'talks' })
    expect(readHash('')).toEqual({})
    expect(formatHash('talks')).toBe('#event=talks')
    expect(formatHash(undefined)).toBe('')
  })
})
