import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Entry } from '../../src/protocol/entry.ts'

/**
 * Computes the chain of entries anew, as anyone can from their JSON, and expects it to be the one that they carry and
 * their seqs to have no hole. Answers the chain of the last one.
 */
export function expectLinked(chainBefore: string, entries: readonly Entry[]): string {
  let chain = chainBefore
  let seq = entries[0]?.seq ?? 0
  for (const entry of entries) {
    const { chain: given, ...unchained } = entry
    chain = sha1(chain + (entry.type === 'purged' ? entry.digest : sha1(JSON.stringify(unchained))))
    expect({ seq: entry.seq, chain: given }).toEqual({ seq, chain })
    seq += 1
  }
  return chain
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
