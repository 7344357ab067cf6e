import { readLineHead, readLineNumber } from '../protocol/entry.ts'
import { EMPTY_CHAIN } from '../protocol/position.ts'
import { isLinked } from './chain.ts'
import type { FeedReader } from './feed-reader.ts'
import { walkFeed } from './walk-feed.ts'

/** Numbers that a list names at most; its total counts all. */
export const MAX_LISTED = 1_000

/** The first of some numbers, and how many there are. */
export class NumberList {
  readonly first: number[] = []
  total = 0

  add(number: number): void {
    this.total += 1
    if (this.first.length < MAX_LISTED) this.first.push(number)
  }
}

/** Where accept numbers stand in a feed. */
export interface FeedNumbers {
  readonly epoch: string
  readonly entries: number
  /** The first seq whose line is lost, out of place or does not follow; null when all do. */
  readonly brokenAt: number | null
  readonly doubled: NumberList
  readonly late: NumberList
  /** Of the first entry with that number. */
  seqOf(acceptNumber: number): number | undefined
  isLate(acceptNumber: number): boolean
  isDoubled(acceptNumber: number): boolean
  /** Whether another line stands there for one that was taken down. */
  isPurged(seq: number): boolean
  /** Of those between `first` and `last` only. */
  chainOf(acceptNumber: number): string | undefined
}

const LATE = 1
const DOUBLED = 2

/** Reads a whole feed, in 5 bytes for each of the numbers 1 to `accepted`, and the chains of those that are shown. */
export async function readNumbers(
  reader: FeedReader,
  eventId: string,
  accepted: number,
  shown: { readonly first: number; readonly last: number },
): Promise<FeedNumbers> {
  const seqs = new Uint32Array(accepted + 1)
  const marks = new Uint8Array(accepted + 1)
  const chains = new Map<number, string>()
  const purged = new Set<number>()
  const doubled = new NumberList()
  const late = new NumberList()
  let brokenAt: number | null = null
  let chain = EMPTY_CHAIN
  let epoch = ''
  let seq = 0

  function take(line: string | undefined): void {
    seq += 1
    const head = line === undefined ? undefined : readLineHead(line)
    if (line === undefined || head?.seq !== seq || !isLinked(chain, line)) brokenAt ??= seq
    chain = head?.chain ?? ''
    if (line === undefined) return
    const numbered = readLineNumber(line)
    if (numbered === undefined) purged.add(seq)
    // What was accepted since the audit began is left to the next one.
    if (numbered === undefined || numbered.acceptNumber > accepted) return
    const { acceptNumber, isLate } = numbered
    if (isLate) {
      late.add(acceptNumber)
      marks[acceptNumber] = (marks[acceptNumber] ?? 0) | LATE
    }
    if (seqs[acceptNumber] !== 0) {
      doubled.add(acceptNumber)
      marks[acceptNumber] = (marks[acceptNumber] ?? 0) | DOUBLED
      return
    }
    seqs[acceptNumber] = seq
    if (acceptNumber >= shown.first && acceptNumber <= shown.last) chains.set(acceptNumber, chain)
  }

  for await (const page of walkFeed(reader, eventId, 0)) {
    epoch = page.epoch
    for (const line of page.lines) take(line)
  }
  return {
    ...{ epoch, entries: seq, brokenAt, doubled, late },
    seqOf: number => seqs[number] || undefined,
    isLate: number => ((marks[number] ?? 0) & LATE) !== 0,
    isDoubled: number => ((marks[number] ?? 0) & DOUBLED) !== 0,
    isPurged: seq => purged.has(seq),
    chainOf: number => chains.get(number),
  }
}
