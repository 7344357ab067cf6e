import { createHash } from 'node:crypto'
import { MAX_CATCH_UP_ENTRIES } from '../../src/gateway/plan-join.ts'
import { type Entry, readLineHead } from '../../src/protocol/entry.ts'
import type { Position } from '../../src/protocol/position.ts'

/** What a viewer has been given of one feed, and what was wrong with that. */
export interface FeedList {
  readonly position: Position | undefined
  /** Every entry that it was given after its first position, in the order of arrival. */
  readonly entries: readonly Entry[]
  /** What broke the rules: a repeat, a hole, a chain that does not link, an unexpected restart. */
  readonly faults: readonly string[]
  /** How each join was answered. */
  readonly joins: readonly string[]
  /** When each join was answered, by performance.now. */
  readonly joinedAt: readonly number[]
  readonly firstSeq: number | undefined
  /** Where it was further behind than can be caught up with, and was given a snapshot: no entries after `from`, up to `to`. */
  readonly missed: readonly { readonly from: number; readonly to: number }[]
  take(epoch: string, entry: Entry): void
  /** A join was answered; `at`, where it is known, is where what came with the answer ends. */
  resumed(at?: Position): void
  restarted(at: Position, reason: string): void
  refused(): void
  fault(what: string): void
}

/**
 * Whatever is not the next entry is a fault, and so is any new beginning: but for one who is told that it is too far behind,
 * and is.
 */
export function createFeedList(after: Position | null = null): FeedList {
  const entries: Entry[] = []
  const faults: string[] = []
  const joins: string[] = []
  const joinedAt: number[] = []
  const missed: { from: number; to: number }[] = []
  let position = after ?? undefined
  let firstSeq = after?.seq

  return {
    get position() {
      return position
    },
    get firstSeq() {
      return firstSeq
    },
    entries,
    faults,
    joins,
    joinedAt,
    missed,
    take(epoch, entry) {
      if (position === undefined) return void faults.push(`entry ${entry.seq} before the join was answered`)
      if (epoch !== position.epoch) return void faults.push(`entry ${entry.seq} of epoch ${epoch}`)
      if (entry.seq !== position.seq + 1) return void faults.push(`entry ${entry.seq} after ${position.seq}`)
      if (position.chain !== '' && !links(position.chain, entry)) faults.push(`entry ${entry.seq} does not link`)
      entries.push(entry)
      position = { epoch, seq: entry.seq, chain: entry.chain }
    },
    resumed(at) {
      joins.push('resumed')
      joinedAt.push(performance.now())
      if (at !== undefined && position?.seq !== at.seq) faults.push(`resumed at ${at.seq}, not ${position?.seq}`)
    },
    restarted(at, reason) {
      joins.push(reason)
      joinedAt.push(performance.now())
      if (position !== undefined) {
        const behind = at.seq - position.seq
        if (reason === 'too-far-behind' && behind > MAX_CATCH_UP_ENTRIES)
          missed.push({ from: position.seq, to: at.seq })
        else faults.push(`restarted at ${position.seq}, ${behind} behind: ${reason}`)
      }
      position = at
      firstSeq ??= at.seq
    },
    refused() {
      joins.push('refused')
      joinedAt.push(performance.now())
    },
    fault: what => void faults.push(what),
  }
}

/** Recomputes the chain, as anybody may. */
export function links(chainBefore: string, entry: Entry): boolean {
  const head = readLineHead(JSON.stringify(entry))
  return head?.chain === sha1(chainBefore + sha1(head?.unchained ?? ''))
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
