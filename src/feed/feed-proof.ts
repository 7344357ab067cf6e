import { readLineHead } from '../protocol/entry.ts'
import type { FeedProof } from '../protocol/ops.ts'
import { EMPTY_CHAIN } from '../protocol/position.ts'
import { isLinked } from './chain.ts'
import type { FeedReader } from './feed-reader.ts'
import { walkFeed } from './walk-feed.ts'

export type ProofAnswer = { readonly found: true; readonly proof: FeedProof } | NoProof

interface NoProof {
  readonly found: false
  readonly why: 'no-event' | 'ahead-of-feed'
}

/** How a feed differs from what its chain says. */
type Difference = Extract<FeedProof, { complete: false }>['firstDifference']['problem']

/**
 * Recomputes a feed's chain after a seq, page by page: whether each line is there, in its place, and follows from the one before
 * it, and whether the feed ends where Redis says. A taken-down line counts by the digest that stands for it. Throws Refusal
 * (unavailable) when the feed is replaced meanwhile.
 */
export async function proveFeed(reader: FeedReader, eventId: string, after: number): Promise<ProofAnswer> {
  const head = await reader.head(eventId)
  if (head === undefined) return { found: false, why: 'no-event' }
  if (after > head.seq) return { found: false, why: 'ahead-of-feed' }
  let { epoch } = head
  let seq = Math.max(0, after - 1)
  let chain = EMPTY_CHAIN
  for await (const page of walkFeed(reader, eventId, seq)) {
    epoch = page.epoch
    for (const line of page.lines) {
      seq += 1
      // The chain at `after` is taken as it stands: what is before it is not looked at.
      const before = seq === after ? undefined : chain
      const difference = differenceOf(line, seq, before)
      if (difference !== undefined) return differs(seq, difference)
      chain = readLineHead(line ?? '')?.chain ?? ''
    }
  }
  const end = await reader.head(eventId)
  if (end !== undefined && end.epoch === epoch && isOtherEnd(end, seq, chain)) return differs(seq, 'other-end')
  return { found: true, proof: { complete: true, from: after + 1, to: seq, epoch, chain } }
}

function differenceOf(line: string | undefined, seq: number, chainBefore: string | undefined): Difference | undefined {
  if (line === undefined) return 'missing'
  if (readLineHead(line)?.seq !== seq) return 'out-of-place'
  return chainBefore === undefined || isLinked(chainBefore, line) ? undefined : 'not-linked'
}

/** A feed that went on meanwhile ends elsewhere, and that is right. */
function isOtherEnd(end: { seq: number; chain: string }, seq: number, chain: string): boolean {
  return end.seq < seq || (end.seq === seq && end.chain !== chain)
}

function differs(seq: number, problem: Difference): ProofAnswer {
  return { found: true, proof: { complete: false, firstDifference: { seq, problem } } }
}
