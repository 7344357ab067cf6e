import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Entry } from '../protocol/entry.ts'
import type { Position } from '../protocol/position.ts'

/**
 * What a watch has checked itself: that each entry from `from` to `to` is what the feed's chain says, and follows from the one
 * before it (none yet while `to` is under `from`); or the first entry that does not.
 */
export type Verified =
  | { readonly state: 'linked'; readonly from: number; readonly to: number }
  | { readonly state: 'broken'; readonly seq: number }

/** A check on its way: `chain` is that of the last entry, '' where it is not known. */
export interface ChainCheck {
  readonly verified: Verified
  readonly chain: string
}

/** Begins behind a position: what led to it is taken as it stands. */
export function beginCheck({ seq, chain }: Position): ChainCheck {
  return { verified: { state: 'linked', from: seq + 1, to: seq }, chain }
}

/**
 * Pure: the check after the next entry. An entry that was read as JSON gives the same bytes when it is written again, so its
 * digest can be taken of it. A taken-down one carries the digest of what it stands for. Once broken it stays so.
 */
export function checkEntry({ verified, chain }: ChainCheck, entry: Entry): ChainCheck {
  const { chain: given, ...unchained } = entry
  if (verified.state === 'broken') return { verified, chain: given }
  const { from } = verified
  if (chain === '') return beginCheck({ epoch: '', seq: entry.seq, chain: given })
  const digest = entry.type === 'purged' ? entry.digest : sha1Hex(JSON.stringify(unchained))
  const isLinked = given === sha1Hex(chain + digest)
  return {
    verified: isLinked ? { state: 'linked', from, to: entry.seq } : { state: 'broken', seq: entry.seq },
    chain: given,
  }
}

/** By a library: `crypto.subtle` is kept from pages that came over plain http, and answers later than the entry is shown. */
function sha1Hex(text: string): string {
  return bytesToHex(sha1(utf8ToBytes(text)))
}
