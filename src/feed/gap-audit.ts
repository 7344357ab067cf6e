import { z } from 'zod'
import { readLineHead } from '../protocol/entry.ts'
import { EMPTY_CHAIN } from '../protocol/position.ts'
import type { Keys } from '../redis/keys.ts'
import type { ScriptedRedis } from '../redis/scripts.ts'
import { isLinked } from './chain.ts'
import type { FeedReader } from './feed-reader.ts'

/** What became of every accept number of an event, and whether its feed is whole. */
export interface GapAudit {
  readonly eventId: string
  readonly accepted: number
  readonly entries: number
  /** How many accept numbers ended in each state; `waiting` have not ended. */
  readonly states: Readonly<Record<string, number>>
  /** Accept numbers that are nowhere. */
  readonly missing: readonly number[]
  /** Accept numbers that stand in more than one entry. */
  readonly doubled: readonly number[]
  /** Accept numbers that entered late. */
  readonly late: readonly number[]
  /** The first seq whose chain does not follow, or null: complete, in order, unaltered. */
  readonly brokenAt: number | null
  /** From accept to end, in ms; null where nothing ended. */
  readonly acceptToEndMs: {
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly max: number
  } | null
}

const PAGE = 1_000
const Outcome = z.object({ state: z.string(), acceptedMs: z.number().optional(), endedMs: z.number().optional() })

/** Follows every accept number of an event to where it went, and recomputes the feed's chain. Undefined without an event. */
export async function auditFeed(
  needs: { redis: ScriptedRedis; keys: Keys; reader: FeedReader },
  eventId: string,
): Promise<GapAudit | undefined> {
  const { redis, keys, reader } = needs
  const event = keys.event(eventId)
  const accepted = Number((await redis.hget(event.meta, 'accepted')) ?? 0)
  if (accepted === 0) return undefined

  const feed = await readFeed(reader, eventId)
  const states = new Map<string, number>()
  const missing: number[] = []
  const waits: number[] = []
  const waiting = new Set((await redis.hkeys(event.outbox)).map(Number))
  for (let first = 1; first <= accepted; first += PAGE) {
    const numbers = Array.from({ length: Math.min(PAGE, accepted - first + 1) }, (_, i) => first + i)
    const outcomes = await redis.hmget(event.outcomes, ...numbers.map(String))
    for (const [i, number] of numbers.entries()) {
      const text = outcomes[i]
      const outcome = typeof text === 'string' ? Outcome.parse(JSON.parse(text)) : undefined
      const state = outcome?.state ?? (waiting.has(number) ? 'waiting' : 'missing')
      const isInFeed = feed.numbers.has(number)
      const shouldBe = ['published', 'revised', 'retracted', 'applied'].includes(state)
      if (state === 'missing' || isInFeed !== shouldBe) missing.push(number)
      states.set(state, (states.get(state) ?? 0) + 1)
      if (outcome?.endedMs !== undefined && outcome.acceptedMs !== undefined) {
        waits.push(outcome.endedMs - outcome.acceptedMs)
      }
    }
  }
  return {
    eventId,
    accepted,
    entries: feed.entries,
    states: Object.fromEntries(states),
    missing,
    doubled: feed.doubled,
    late: feed.late,
    brokenAt: feed.brokenAt,
    acceptToEndMs: percentiles(waits),
  }
}

async function readFeed(reader: FeedReader, eventId: string) {
  const numbers = new Set<number>()
  const doubled: number[] = []
  const late: number[] = []
  let brokenAt: number | null = null
  let chain = EMPTY_CHAIN
  let seq = 0
  for (;;) {
    const read = await reader.linesAfter(eventId, { seq }, PAGE)
    if (!read.found || read.lines.length === 0) break
    for (const line of read.lines) {
      seq += 1
      const head = readLineHead(line)
      if (head?.seq !== seq || !isLinked(chain, line)) brokenAt ??= seq
      chain = head?.chain ?? ''
      const number = Number(/"acceptNumber":(\d+)/.exec(line)?.[1])
      if (Number.isNaN(number)) continue // a purged line has none
      if (numbers.has(number)) doubled.push(number)
      if (/^\{"seq":\d+,"chain":"[^"]*","at":"[^"]*","type":"[a-z]+","late":true,/.test(line)) late.push(number)
      numbers.add(number)
    }
  }
  return { numbers, doubled, late, brokenAt, entries: seq }
}

function percentiles(values: readonly number[]): GapAudit['acceptToEndMs'] {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
