import { createHash } from 'node:crypto'
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
  readonly firstSeq: number | undefined
  take(epoch: string, entry: Entry): void
  /** A join was answered; `at`, where it is known, is where what came with the answer ends. */
  resumed(at?: Position): void
  restarted(at: Position, reason: string): void
  refused(): void
  fault(what: string): void
}

/** Whatever is not the next entry is a fault, and so is any beginning but the first. */
export function createFeedList(after: Position | null = null): FeedList {
  const entries: Entry[] = []
  const faults: string[] = []
  const joins: string[] = []
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
      if (at !== undefined && position?.seq !== at.seq) faults.push(`resumed at ${at.seq}, not ${position?.seq}`)
    },
    restarted(at, reason) {
      joins.push(reason)
      if (position !== undefined) faults.push(`restarted at ${position.seq}: ${reason}`)
      position = at
      firstSeq ??= at.seq
    },
    refused: () => void joins.push('refused'),
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
