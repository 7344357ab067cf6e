import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteOptions } from '../../../src/client/types.ts'
import { draftKey } from '../../../web/desk/draft-key.ts'
import { lighterHtml } from '../../../web/desk/lighter-html.ts'
import { type ConfirmedImport, type ImportProgress, postImport } from '../../../web/desk/post-import.ts'
import { anEvent } from '../../support/build.ts'
import { anUpdate } from './build-view.ts'

const confirmed: ConfirmedImport = {
  event: { id: 'ferry', headline: 'Ferry resumes' },
  updates: [
    { body: 'It left.', bodyFormat: 'text', bodyText: 'It left.', happenedAt: '2023-12-15T10:00:00.000Z', lines: [4] },
    { body: '<p>It came.</p>', bodyFormat: 'html', bodyText: 'It came.', lines: [5, 6] },
  ],
}

/** Posts, and says what was sent in which order; the call number `failAt` is refused. */
async function run(draft: ConfirmedImport, failAt = Number.POSITIVE_INFINITY) {
  const sent: { what: unknown; key: string }[] = []
  const told: ImportProgress[] = []
  const take = (what: unknown, options: WriteOptions | undefined) => {
    if (sent.length === failAt) throw new Error('away')
    sent.push({ what, key: options?.key ?? '' })
  }
  const client = {
    async createEvent(event: unknown, options?: WriteOptions) {
      take(event, options)
      return anEvent('ferry')
    },
    async publish(eventId: string, update: unknown, options?: WriteOptions) {
      take([eventId, update], options)
      return { state: 'done', update: anUpdate(1), replayed: false } as const
    },
  }
  const posted = await postImport(draft, { client, tell: progress => told.push(progress) }).catch(String)
  return { sent, told, posted }
}

describe('a page that is confirmed', () => {
  it('[DESK10] is posted as the event, then its updates in order, without what is only for the eye', async () => {
    const { sent, told, posted } = await run(confirmed)
    expect(posted).toBe('ferry')
    expect(sent.map(({ what }) => what)).toEqual([
      confirmed.event,
      ['ferry', { body: 'It left.', bodyFormat: 'text', happenedAt: '2023-12-15T10:00:00.000Z' }],
      ['ferry', { body: '<p>It came.</p>', bodyFormat: 'html' }],
    ])
    expect(told.map(({ posted: count, total }) => `${count}/${total}`)).toEqual(['0/3', '1/3', '2/3', '3/3'])
  })

  it('[DESK10] has keys that follow from the draft: the same again, and others for another draft', async () => {
    const keys = async (draft: ConfirmedImport) => (await run(draft)).sent.map(({ key }) => key)
    const first = await keys(confirmed)
    expect(new Set(first).size).toBe(3)
    for (const key of first) expect(key).toMatch(/^[\x21-\x7e]{1,200}$/)
    expect(await keys(structuredClone(confirmed))).toEqual(first)
    const other = await keys({ ...confirmed, updates: confirmed.updates.slice(1) })
    expect(first.filter(key => other.includes(key))).toEqual([])
  })

  it('[DESK10] goes on where it stopped, under the same keys', async () => {
    const cut = await run(confirmed, 2)
    expect(cut.posted).toMatch(/away/)
    const whole = await run(confirmed)
    expect(whole.sent.slice(0, 2)).toEqual(cut.sent)
  })
})

describe('a key that follows from a text', () => {
  it('[DESK10] is 32 hex digits, another one for each text', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 2 }), texts => {
        const keys = texts.map(draftKey)
        expect(new Set(keys).size).toBe(texts.length)
        for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
      }),
    )
    expect(draftKey('a')).not.toBe(draftKey('a\u0000'))
  })
})

describe('a page that is pasted as HTML', () => {
  it('[DESK9] loses what only styles and scripts want, and no word', () => {
    const copied =
      '<!--StartFragment--><p class="a b" style="color: red" data-id="7">One  <b id="x">two</b></p><a href="https://a.b/c" aria-label="x">three</a>'
    expect(lighterHtml(copied)).toBe('<p>One <b>two</b></p><a href="https://a.b/c">three</a>')
  })

  it('[DESK9] is made lighter in time, whatever it is', () => {
    for (const unit of ['<!--', ' style="', ' data-', '  ', '<p class="a">', ' data-a-a-a']) {
      const startedAt = performance.now()
      lighterHtml(unit.repeat(65_536 / unit.length))
      expect(performance.now() - startedAt, unit).toBeLessThan(200)
    }
  })
})
