import type { Media } from '../../../src/protocol/update.ts'
import { moveCreditLines } from '../credit-lines.ts'
import { type Credit, parseCreditField, parseSourceTail, takeCredit } from '../credits.ts'
import { describeRemoval } from '../describe-change.ts'
import type { NormalizationStep, StepNote } from '../step.ts'
import { toMedia } from '../working-draft.ts'

/**
 * Puts what pictures' captions say about their origin into its own fields, and reads who is named in a credit. Fields
 * that the editor filled in stay as they are; a caption that says something else than they do stays too, with a warning.
 * A credit that was typed into the text goes to the update's one picture (credit-lines.ts).
 *
 *     caption 'Lavrov in Minsk - Sputnik International, 1920, 15.12.2023'
 *         ->  caption 'Lavrov in Minsk', sourceOrganization, width 1920, datePublished 2023-12-15
 *     caption 'Lavrov in Minsk. © Sputnik / Viktor Tolochko'
 *         ->  caption 'Lavrov in Minsk.', creditText, copyrightHolder Sputnik, creator Viktor Tolochko
 *     creditText 'Photo: Reuters/Jane Doe'
 *         ->  the same, copyrightHolder Reuters, creator Jane Doe
 */
export const readCredits: NormalizationStep = {
  name: 'credits',
  takesAway: true,
  apply(start) {
    const { draft, notes } = moveCreditLines(start)
    const media = draft.media.map((item, i) => readMedia(item, `media/${i}`, notes))
    return notes.length === 0 ? { draft, notes } : { draft: { ...draft, media }, notes }
  },
}

type Facts = Partial<Media>

/** A caption has one credit and one tail at most, in either order. */
function readMedia(start: Media, field: string, notes: StepNote[]): Media {
  const warned = new Set<string>()
  const moveOut = (media: Media, found: { caption: string; facts: Facts } | undefined): Media => {
    if (found === undefined) return media
    const { caption, facts } = found
    const removed = media.caption.slice(caption.length).trim()
    const other = Object.entries(facts).find(([name, value]) => !fits(media[name as keyof Media], value))
    if (other === undefined) {
      notes.push(describeRemoval(`${field}/caption`, removed, inWords(facts)))
      return toMedia({ ...media, ...missingIn(media, facts), caption })
    }
    const warning = `${field}: the caption says "${removed}", but ${other[0]} is ${media[other[0] as keyof Media]}. It stays in the caption.`
    if (!warned.has(warning)) notes.push({ warning })
    warned.add(warning)
    return media
  }
  const withoutTail = moveOut(start, tailOf(start.caption))
  const withoutCredit = moveOut(withoutTail, creditOf(withoutTail.caption))
  const moved = withoutCredit === withoutTail ? withoutCredit : moveOut(withoutCredit, tailOf(withoutCredit.caption))
  return nameHolders(moved, field, notes)
}

function tailOf(text: string): { caption: string; facts: Facts } | undefined {
  const tail = parseSourceTail(text)
  if (tail === undefined) return undefined
  const { caption, ...facts } = tail
  return { caption, facts }
}

function creditOf(text: string): { caption: string; facts: Facts } | undefined {
  const found = takeCredit(text)
  return found === undefined ? undefined : { caption: found.caption, facts: { creditText: found.credit.creditText } }
}

/** Who holds the rights and who made it, as far as the editor left that open. */
function nameHolders(media: Media, field: string, notes: StepNote[]): Media {
  const credit: Credit | undefined = media.creditText === '' ? undefined : parseCreditField(media.creditText)
  if (credit === undefined) return media
  const { copyrightHolder, creator } = credit
  const facts: Facts = {
    ...(copyrightHolder !== undefined && media.copyrightHolder === '' ? { copyrightHolder } : {}),
    ...(creator !== undefined && isEmpty(media.creator) ? { creator } : {}),
  }
  if (Object.keys(facts).length === 0) return media
  notes.push({ before: `${field}/creditText: ${media.creditText}`, after: inWords(facts) })
  return toMedia({ ...media, ...facts })
}

function missingIn(media: Media, facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => isEmpty(media[name as keyof Media])))
}

/** A moment fits the day that it is on. */
function fits(now: unknown, wanted: unknown): boolean {
  return (
    isEmpty(now) ||
    now === wanted ||
    (typeof now === 'string' && /^\d{4}-\d\d-\d\dT/.test(now) && now.slice(0, 10) === wanted)
  )
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === ''
}

function inWords(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')
}
