import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DraftContent, MAX_HTML_BYTES, Update } from '../../src/protocol/update.ts'
import { keepSafe } from '../../workers/normalize/body/html-policy.ts'
import type { Normalized, UpdateSubmission } from '../../workers/normalize/normalize.ts'
import { normalizeUpdate } from '../../workers/normalize/normalize.ts'
import { expectSafe } from '../spec/normalize/safe-html.ts'
import { aSubmission } from '../spec/normalize/submissions.ts'
import { type DirtyDraft, dirtyDraft } from '../support/newsroom-dirt.ts'
import { pinnedDirt } from '../support/pinned-dirt.ts'

/** `npm run test:properties` asks for many more. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 300)
const timeout = 20_000 + numRuns * 50

describe('normalizing what newsrooms send', { timeout }, () => {
  it('[PROP1] never throws, and gives an update that keeps the schema, the same one each time', () => {
    forAll(dirty => {
      const submission = submissionOf(dirty)
      const result = normalizeUpdate(submission)
      expect(Update.parse(result.update)).toEqual(result.update)
      expect(normalizeUpdate(submission)).toEqual(result)
    })
  })

  it('[PROP2] drops no word that no note lists', () => {
    forAll(dirty => {
      const { typed, draft } = dirty
      const result = normalizeUpdate(submissionOf(dirty))
      // Markdown reads some numbers as marks: those of a list.
      const counted = draft.bodyFormat === 'markdown' ? lettersOnly : Boolean
      const pictures = (draft.media ?? []).flatMap(({ caption, alt, creditText }) => [caption, alt, creditText])
      const fields = [draft.headline, draft.source, ...(draft.tags ?? []), ...pictures]
      expect(missingWords(wordsOf(typed).filter(counted), result)).toEqual([])
      for (const field of fields) expect(missingWords(wordsOf(field ?? ''), result)).toEqual([])
    })
  })

  it('[PROP3] changes nothing more when its result is normalized again', () => {
    forAll(dirty => {
      const { update } = normalizeUpdate(submissionOf(dirty))
      if (Buffer.byteLength(update.bodyHtml) > MAX_HTML_BYTES) return
      const again = normalizeUpdate(submissionOf({ ...dirty, draft: draftOf(update, dirty) })).update
      expect(again).toEqual(update)
    })
  })

  it('[PROP4] gives HTML of allowed tags, attributes and schemes that the last gate leaves as it is', () => {
    forAll(dirty => {
      const { bodyHtml } = normalizeUpdate(submissionOf(dirty)).update
      expectSafe(bodyHtml)
      expect(keepSafe(bodyHtml)).toBe(bodyHtml)
    })
  })

  it('[PROP5] gives no longer text than twice what was typed and a line', () => {
    forAll(dirty => {
      const { draft } = dirty
      const { update } = normalizeUpdate(submissionOf(dirty))
      expect(update.bodyText.length).toBeLessThanOrEqual(2 * (draft.body ?? '').length + 100)
      expect((update.headline ?? '').length).toBeLessThanOrEqual(300)
    })
  })
})

function forAll(property: (dirty: DirtyDraft) => void): void {
  fc.assert(fc.property(dirtyDraft, property), { numRuns, examples: pinnedDirt.map(dirty => [dirty]) })
}

function submissionOf({ draft, settings, inLanguage, timeZone }: DirtyDraft): UpdateSubmission {
  return aSubmission(draft, { settings, inLanguage, timeZone })
}

/** An update as the draft of the same update: what an editor who starts from the published one would send. */
function draftOf(update: Update, { draft }: DirtyDraft): DirtyDraft['draft'] {
  const { bodyHtml, headline, headlineDerived, happenedAt, isKeyEvent, isBreaking, isSummary } = update
  const { authors, source, media, embeds, tags, inLanguage } = update
  return DraftContent.parse({
    body: bodyHtml,
    bodyFormat: 'html',
    ...(headline === undefined || headlineDerived === true ? {} : { headline }),
    ...{ happenedAt, isKeyEvent, isBreaking, isSummary, authors, media, tags, inLanguage },
    ...(source === undefined ? {} : { source }),
    embeds: embeds.map(({ provider, url, originalId }) => ({
      provider,
      ...(url === '' ? {} : { url }),
      ...(originalId === '' ? {} : { originalId }),
    })),
    ...(draft.keepAsTyped === undefined ? {} : { keepAsTyped: draft.keepAsTyped }),
  })
}

/** Format and control characters, marks, tags and selectors (assigned or not), and letters that fill a place and show nothing. */
const INVISIBLE = /\p{Cf}|\p{M}|(?!\s)\p{Cc}|[\u115f\u1160\u3164\uffa0]|[\u{e0000}-\u{e0fff}]/gu

/** Letters and digits that stand together, whatever invisible characters and marks are among them. */
function wordsOf(text: string): string[] {
  const plain = withoutEscapes(text)
    .replace(/[\v\f\u0085]/g, ' ')
    .normalize('NFD')
  const visible = plain.replace(INVISIBLE, '').toLowerCase()
  return visible.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Addresses are told as browsers follow them: %27 is an apostrophe that somebody typed. */
function withoutEscapes(text: string): string {
  return text.replace(/%[2-7][\da-f]/gi, escaped => decodeURIComponent(escaped))
}

const lettersOnly = (word: string) => /^\p{L}+$/u.test(word)

/** Of the update itself, and of what its notes quote. */
function wordsKept({ update, normalization }: Normalized): string[] {
  const { bodyText, headline, source, tags, media, embeds, bodyHtml } = update
  const notes = normalization.flatMap(note => ('before' in note ? [note.before] : []))
  const pictures = media.flatMap(({ url: _, ...texts }) => Object.values(texts))
  const links = [...bodyHtml.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
  const kept = [bodyText, headline, source, ...tags, ...pictures, ...embeds.map(({ url }) => url), ...links, ...notes]
  return wordsOf(kept.join('\n'))
}

/** Those that a note says are gone: they stand before a change and not behind it. Equal changes are told once. */
function wordsTakenOut({ normalization }: Normalized): ReadonlySet<string> {
  const gone = normalization.flatMap(note => {
    if (!('before' in note)) return []
    const after = new Set(wordsOf(note.after))
    return wordsOf(note.before).filter(word => !after.has(word))
  })
  return new Set(gone)
}

/** Those of which there are fewer now than there were, and of which no note says why. */
function missingWords(before: readonly string[], result: Normalized): string[] {
  const left = new Map<string, number>()
  for (const word of wordsKept(result)) left.set(word, (left.get(word) ?? 0) + 1)
  const takenOut = wordsTakenOut(result)
  return before.filter(word => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count <= 0 && !takenOut.has(word)
  })
}
