import { setTimeout as pause } from 'node:timers/promises'
import { type DatelineClient, ProblemError } from '../../client/index.ts'
import type { Event } from '../../protocol/event.ts'
import type { Problem, ProblemCode } from '../../protocol/problems.ts'
import type { SubmissionState } from '../../protocol/submission.ts'
import type { Briefing, BriefingItem } from './briefing.ts'
import { identityOf } from './identity.ts'
import { type Sightings, watchForUpdates } from './sightings.ts'

/** One post is repeated for at most this long before the next item has its turn. */
const POST_WITHIN_MS = 60_000
/** After the last post, submissions have this long to end, and their entries a moment more to come to a viewer. */
const END_WITHIN_MS = 15_000
const SEEN_WITHIN_MS = 1_000
const LONGEST_WAIT_S = 10

/** What no later item of the same briefing can do better. */
const HOPELESS: readonly (ProblemCode | undefined)[] = [
  'token-needed',
  'not-allowed',
  'event-not-found',
  'event-closed',
]

export type ItemOutcome =
  /** Milliseconds from sending it to its receipt, and to its arrival at a viewer where that was seen. */
  | { readonly state: 'posted'; readonly acceptMs: number; readonly publishedMs: number | undefined }
  | { readonly state: 'already there' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'not sent' }

/** What is known of an item right after its post. */
export type SentOutcome = 'accepted' | 'already there' | 'failed' | 'not sent'

export interface PlayNeeds {
  readonly client: DatelineClient
  readonly briefing: Briefing
  /** Part of every item's identity: the file as read, or what was made of it. */
  readonly identity: Uint8Array
  readonly eventId: string
  /** Real intervals are divided by it. */
  readonly speed: number
  readonly signal: AbortSignal
  /** Told after each post. */
  onSent(item: BriefingItem, outcome: SentOutcome): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface Played {
  readonly event: Event
  readonly isNewEvent: boolean
  readonly outcomes: readonly { readonly item: BriefingItem; readonly outcome: ItemOutcome }[]
  /** Why nothing was measured at a viewer. */
  readonly unwatched: string | undefined
}

/** Accepted, and not known to have ended. `isNew`: by this run, not an earlier one. */
interface Pending {
  readonly state: 'pending'
  readonly isNew: boolean
  readonly acceptNumber: number
  readonly updateId: string
  readonly sentAt: number
  readonly acceptMs: number
}

/**
 * Posts a briefing as an editor would: one update after the other, each when it is due. Then waits for what became of
 * each. Rejects with a ProblemError when the event can neither be found nor created.
 */
export async function playBriefing(needs: PlayNeeds): Promise<Played> {
  const { client, briefing, eventId, signal, now } = needs
  const { event, isNewEvent } = await findOrCreate(client, { ...briefing.event, id: eventId }, signal)
  const sightings = watchForUpdates(client, eventId, now)
  try {
    const unwatched = await sightings.ready()
    const sent = await postAll(needs)
    const deadline = now() + END_WITHIN_MS
    const ended = []
    for (const { item, outcome } of sent)
      ended.push({ item, outcome: await endOf(outcome, needs, sightings, deadline) })
    const published = ended.flatMap(({ outcome }) => (outcome.state === 'published' ? [outcome.pending.updateId] : []))
    if (unwatched === undefined) await sightings.seen(published, SEEN_WITHIN_MS)
    const outcomes = ended.map(({ item, outcome }) => ({ item, outcome: measured(outcome, sightings) }))
    return { event, isNewEvent, outcomes, unwatched }
  } finally {
    sightings.stop()
  }
}

async function findOrCreate(
  client: DatelineClient,
  draft: Briefing['event'] & { id: string },
  signal: AbortSignal,
): Promise<{ event: Event; isNewEvent: boolean }> {
  try {
    return { event: await client.event(draft.id), isNewEvent: false }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'event-not-found') throw error
  }
  return { event: await client.createEvent(draft, { signal }), isNewEvent: true }
}

async function postAll(needs: PlayNeeds) {
  const { briefing, speed, signal, now, onSent } = needs
  const startedAt = now()
  const sent: { item: BriefingItem; outcome: ItemOutcome | Pending }[] = []
  let isHopeless = false
  for (const item of briefing.items) {
    const dueInMs = startedAt + item.offsetMs / speed - now()
    if (!isHopeless && dueInMs > 0) await pause(dueInMs, undefined, { signal }).catch(() => signal.aborted)
    if (isHopeless || signal.aborted) {
      sent.push({ item, outcome: { state: 'not sent' } })
      continue
    }
    const { outcome, code } = await post(needs, item)
    isHopeless = HOPELESS.includes(code) && code !== undefined
    sent.push({ item, outcome })
    onSent(item, sentOutcomeOf(outcome))
  }
  return sent
}

function sentOutcomeOf(outcome: ItemOutcome | Pending): SentOutcome {
  if (outcome.state === 'pending') return outcome.isNew ? 'accepted' : 'already there'
  return outcome.state === 'posted' ? 'accepted' : outcome.state
}

async function post(
  { client, identity: content, eventId, signal, now }: PlayNeeds,
  item: BriefingItem,
): Promise<{ outcome: ItemOutcome | Pending; code?: ProblemCode | undefined }> {
  const identity = identityOf(content, eventId, item.key)
  const updateId = item.draft.updateId ?? identity.updateId
  const sentAt = now()
  let last: Problem | undefined
  let wasRepeated = false
  const options = {
    key: identity.key,
    signal: AbortSignal.any([signal, AbortSignal.timeout(POST_WITHIN_MS)]),
    onRepeat: (repeat: { problem: Problem | undefined }) => {
      wasRepeated = true
      last = repeat.problem
    },
  }
  try {
    const written = await client.publish(eventId, { ...item.draft, updateId }, options)
    if (written.state === 'done') return { outcome: { state: 'already there' } }
    const { acceptNumber } = written.receipt
    // A repeat that finds its own first try accepted is this run's doing.
    const isNew = !written.replayed || wasRepeated
    return { outcome: { state: 'pending', isNew, acceptNumber, updateId, sentAt, acceptMs: now() - sentAt } }
  } catch (error) {
    if (signal.aborted) return { outcome: { state: 'not sent' } }
    if (error instanceof ProblemError) {
      const { code, problem } = error
      if (code === 'update-exists') return { outcome: { state: 'already there' } }
      return { outcome: { state: 'failed', reason: sentenceOf(problem) }, code }
    }
    const why = last === undefined ? 'no answer' : sentenceOf(last)
    if (options.signal.aborted)
      return { outcome: { state: 'failed', reason: `after ${POST_WITHIN_MS / 1_000} s: ${why}` } }
    throw error
  }
}

type Ended = ItemOutcome | { readonly state: 'published'; readonly pending: Pending }

async function endOf(
  outcome: ItemOutcome | Pending,
  { client, eventId, now }: PlayNeeds,
  sightings: Sightings,
  deadline: number,
): Promise<Ended> {
  if (outcome.state !== 'pending') return outcome
  if (sightings.seenAt(outcome.updateId) !== undefined) return { state: 'published', pending: outcome }
  try {
    const waitSeconds = Math.max(0, Math.min(LONGEST_WAIT_S, Math.ceil((deadline - now()) / 1_000)))
    const { state, problem } = await client.submission(eventId, outcome.acceptNumber, { waitSeconds })
    if (LANDED.includes(state)) return { state: 'published', pending: outcome }
    const reason = problem === undefined ? 'accepted, but no worker has taken it up' : sentenceOf(problem)
    return { state: 'failed', reason }
  } catch (error) {
    if (error instanceof ProblemError) return { state: 'failed', reason: `accepted, but: ${sentenceOf(error.problem)}` }
    throw error
  }
}

/** A superseded one is there, too, in a later version that came in before it. */
const LANDED: readonly SubmissionState[] = ['published', 'revised', 'retracted', 'superseded']

function measured(ended: Ended, sightings: Sightings): ItemOutcome {
  if (ended.state !== 'published') return ended
  const { isNew, acceptMs, sentAt, updateId } = ended.pending
  if (!isNew) return { state: 'already there' }
  const seenAt = sightings.seenAt(updateId)
  return { state: 'posted', acceptMs, publishedMs: seenAt === undefined ? undefined : seenAt - sentAt }
}

/** A problem in one line. */
export function sentenceOf({ title, detail, errors }: Problem): string {
  const faults = errors?.map(({ pointer, detail: fault }) => `${pointer} ${fault}`) ?? []
  return [title, ...(faults.length > 0 ? faults : detail === undefined ? [] : [detail])].join(': ')
}
