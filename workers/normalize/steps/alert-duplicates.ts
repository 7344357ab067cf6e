import type { RecentUpdate } from '../../../src/feed/recent-updates.ts'
import { type Likeness, likenessTo } from '../fingerprint.ts'
import type { NormalizationStep, StepContext } from '../step.ts'
import { cleanLine } from '../text-cleaning.ts'
import type { WorkingDraft } from '../working-draft.ts'

const WITHIN_MS = 10 * 60_000

/**
 * Tells when somebody posted the same a moment ago. Never a refusal: two may well say the same.
 *
 *     the same words, whatever their case and markup  ->  warning "Anna posted this 40 s ago."
 *     a word more or less, in 8 words or more         ->  warning "Anna posted nearly this 40 s ago."
 *     other numbers ("12 dead", "13 dead")             ->  nothing
 *     over 10 minutes ago, or a revision of itself    ->  nothing
 */
export const alertDuplicates: NormalizationStep = {
  name: 'duplicate-alert',
  apply(draft, context) {
    const found = findDuplicate(draft, context)
    if (found === undefined) return { draft, notes: [] }
    const { recent, likeness } = found
    const who = cleanLine(recent.name) || 'Somebody'
    const what = likeness === 'same' ? 'this' : 'nearly this'
    return { draft, notes: [{ warning: `${who} posted ${what} ${howLongAgo(recent, context)}.` }] }
  },
}

interface Duplicate {
  readonly recent: RecentUpdate
  readonly likeness: Likeness
}

/** The last one with the same words, else the last one with nearly the same. */
function findDuplicate(draft: WorkingDraft, { recent, updateId, acceptedAt }: StepContext): Duplicate | undefined {
  // Either way: of two that were accepted together, the later one may be published first.
  const from = momentBeside(acceptedAt, -WITHIN_MS)
  const to = momentBeside(acceptedAt, WITHIN_MS)
  const others = recent.filter(
    other => other.acceptedAt >= from && other.acceptedAt <= to && other.updateId !== updateId,
  )
  if (others.length === 0 || !saysSomething(draft)) return undefined
  const likeness = likenessTo(draft)
  const compared = others.map((other): Duplicate => ({ recent: other, likeness: likeness(other.fingerprint) }))
  const like = (wanted: Likeness) => compared.find(({ likeness: is }) => is === wanted)
  return like('same') ?? like('nearly the same')
}

function saysSomething({ bodyText, media, embeds }: WorkingDraft): boolean {
  return bodyText !== '' || media.length + embeds.length > 0
}

/** Wire times are UTC of one fixed width, so the order of the strings is the order of the times. */
function momentBeside(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString()
}

function howLongAgo({ acceptedAt }: RecentUpdate, context: StepContext): string {
  const seconds = Math.round((Date.parse(context.acceptedAt) - Date.parse(acceptedAt)) / 1000)
  if (seconds < 1) return 'just now'
  return seconds < 100 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`
}
