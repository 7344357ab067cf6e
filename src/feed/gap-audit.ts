import { z } from 'zod'
import type { AcceptTrail, GapAudit, TrailState } from '../protocol/gaps.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import type { StoredEvents } from './archive/stored-events.ts'
import { type ArrivalReader, type ArrivalTimes, msBetween, percentilesOf } from './arrival-times.ts'
import { type FeedNumbers, NumberList, readNumbers } from './feed-numbers.ts'
import type { FeedReader } from './feed-reader.ts'

export interface GapAuditNeeds {
  readonly redis: ScriptedRedis
  readonly keys: Keys
  readonly reader: FeedReader
  /** Without it, no event is in the archive store. */
  readonly stored?: Pick<StoredEvents, 'use'>
  readonly arrivals: ArrivalReader
}

/** Which accept numbers are told one by one: the newest `limit` of those before `before`. */
export interface NumbersPage {
  readonly before?: number | undefined
  readonly limit: number
}

const PAGE = 1_000

const Outcome = z.object({
  state: z.string(),
  seq: z.number().optional(),
  acceptedMs: z.number().optional(),
  endedMs: z.number().optional(),
})
type Outcome = z.infer<typeof Outcome>

const IN_FEED: readonly string[] = ['published', 'revised', 'retracted', 'applied']

/**
 * Follows every accept number of an event to where it went and when, and recomputes the feed's chain. Undefined without an
 * event. It takes a few bytes a number: what is told one by one is a page.
 */
export async function auditFeed(
  { redis, keys, reader, stored, arrivals }: GapAuditNeeds,
  eventId: string,
  page: NumbersPage,
): Promise<GapAudit | undefined> {
  const event = keys.event(eventId)
  const [given, archive] = await redis.hmget(event.meta, 'accepted', 'stored')
  const accepted = Number(given ?? 0)
  if (accepted === 0) return undefined

  const last = Math.min(accepted, (page.before ?? accepted + 1) - 1)
  const shown = { first: Math.max(1, last - page.limit + 1), last }
  const feed = await readNumbers(reader, eventId, accepted, shown)
  const times = await readTimes(arrivals, eventId, accepted, feed.epoch)
  const states = new Map<string, number>()
  const missing = new NumberList()
  const waits: number[] = []
  const numbers: AcceptTrail[] = []

  /** Of these numbers, one after the other. */
  async function outcomesOf(range: readonly number[]): Promise<(string | null | undefined)[]> {
    if (typeof archive !== 'string' || stored === undefined) {
      return await redis.hmget(event.outcomes, ...range.map(String))
    }
    const found = new Map(
      await stored.use(eventId, archive, event => event.numbered('outcomes', range[0] ?? 1, range.at(-1) ?? 0)),
    )
    return range.map(number => found.get(String(number)))
  }

  for (let first = 1; first <= accepted; first += PAGE) {
    const range = Array.from({ length: Math.min(PAGE, accepted - first + 1) }, (_, i) => first + i)
    // The outbox first: a submission moves from there to the outcomes, never back.
    const waiting = await redis.zmscore(event.outboxTimes, ...range.map(String))
    const outcomes = await outcomesOf(range)
    for (const [i, number] of range.entries()) {
      const outcome = readOutcome(outcomes[i])
      const state = outcome?.state ?? (typeof waiting[i] === 'string' ? 'waiting' : 'missing')
      if (state === 'missing' || isMisplaced(state, outcome?.seq ?? 0, number, feed)) missing.add(number)
      states.set(state, (states.get(state) ?? 0) + 1)
      if (outcome?.endedMs !== undefined && outcome.acceptedMs !== undefined)
        waits.push(outcome.endedMs - outcome.acceptedMs)
      if (number < shown.first || number > shown.last) continue
      const acceptedMs = outcome?.acceptedMs ?? numberOf(waiting[i])
      numbers.push({
        acceptNumber: number,
        state: state as TrailState,
        seq: feed.seqOf(number) ?? seqSince(feed.entries, outcome?.seq) ?? null,
        chain: feed.chainOf(number) ?? null,
        late: feed.isLate(number),
        doubled: feed.isDoubled(number),
        acceptedAt: acceptedMs === undefined ? null : new Date(acceptedMs).toISOString(),
        ...trailTimes(times.get(number), acceptedMs),
      })
    }
  }

  const { count: _, ...acceptToEndMs } = percentilesOf(waits) ?? { count: 0 }
  return {
    eventId,
    accepted,
    entries: feed.entries,
    states: Object.fromEntries(states),
    missing: missing.first,
    doubled: feed.doubled.first,
    late: feed.late.first,
    totals: { missing: missing.total, doubled: feed.doubled.total, late: feed.late.total },
    brokenAt: feed.brokenAt,
    acceptToEndMs: 'max' in acceptToEndMs ? acceptToEndMs : null,
    times: summary(times),
    numbers: numbers.reverse(),
  }
}

/** Whether a number stands in the feed though it should not, or should and does not. What was committed since the feed was read is neither. */
function isMisplaced(state: string, seq: number, acceptNumber: number, feed: FeedNumbers): boolean {
  const isInFeed = feed.seqOf(acceptNumber) !== undefined
  if (!IN_FEED.includes(state)) return isInFeed
  return !isInFeed && seq <= feed.entries && !feed.isPurged(seq)
}

/** The seq of an entry that was committed since the feed was read. */
function seqSince(entries: number, seq = 0): number | undefined {
  return seq > entries ? seq : undefined
}

function readOutcome(text: string | null | undefined): Outcome | undefined {
  return typeof text === 'string' ? Outcome.parse(JSON.parse(text)) : undefined
}

function numberOf(score: string | null | undefined): number | undefined {
  return typeof score === 'string' ? Number(score) : undefined
}

/** By accept number; of the newest. */
async function readTimes(arrivals: ArrivalReader, eventId: string, accepted: number, epoch: string) {
  const all = new Map<number, ArrivalTimes>()
  for (const part of arrivals.parts(accepted)) {
    for (const [number, times] of await arrivals.part(eventId, part, epoch))
      if (number <= accepted) all.set(number, times)
  }
  return all
}

/** What was noted of another submission, which had this number before Redis lost it, is left out. */
function trailTimes(times: ArrivalTimes | undefined, acceptedMs: number | undefined) {
  const isSame = times?.acceptedMs === undefined || times.acceptedMs === acceptedMs
  const { acceptMs, normalizeMs, committedMs, reachedMs } = (isSame ? times : undefined) ?? NOTHING
  const since = (ms: number) => msBetween(acceptedMs ?? ms, ms)
  return {
    acceptMs: acceptMs ?? null,
    normalizeMs: normalizeMs ?? null,
    commitMs: acceptedMs === undefined || committedMs === undefined ? null : since(committedMs),
    reach: acceptedMs === undefined ? [] : [...reachedMs].map(([gateway, ms]) => ({ gateway, ms: since(ms) })),
  }
}

const NOTHING: ArrivalTimes = { reachedMs: new Map() }

function summary(all: ReadonlyMap<number, ArrivalTimes>): GapAudit['times'] {
  const accept: number[] = []
  const normalize: number[] = []
  const commit: number[] = []
  const reach = new Map<string, number[]>()
  for (const { acceptMs, normalizeMs, acceptedMs, committedMs, reachedMs } of all.values()) {
    if (acceptMs !== undefined) accept.push(acceptMs)
    if (normalizeMs !== undefined) normalize.push(normalizeMs)
    if (acceptedMs === undefined) continue
    if (committedMs !== undefined) commit.push(msBetween(acceptedMs, committedMs))
    for (const [gateway, ms] of reachedMs) {
      const found = reach.get(gateway) ?? []
      found.push(msBetween(acceptedMs, ms))
      reach.set(gateway, found)
    }
  }
  return {
    accept: percentilesOf(accept),
    normalize: percentilesOf(normalize),
    commit: percentilesOf(commit),
    reach: [...reach].flatMap(([gateway, values]) => {
      const found = percentilesOf(values)
      return found === null ? [] : [{ gateway, ...found }]
    }),
  }
}
