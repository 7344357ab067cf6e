import { createHash } from 'node:crypto'

const BITS = 64
const SHINGLE = 2

/**
 * 64-bit SimHash of a text's words, in pairs, as 16 hex digits: texts that share most of their words differ in few bits
 * (Charikar 2002, "Similarity Estimation Techniques from Rounding Algorithms"). Case and punctuation make no difference.
 */
export function simHash(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const votes = new Int32Array(BITS)
  const count = Math.max(1, words.length - SHINGLE + 1)
  for (let i = 0; i < count; i++) {
    const hash = createHash('md5')
      .update(words.slice(i, i + SHINGLE).join(' '))
      .digest()
      .readBigUInt64BE()
    for (let bit = 0; bit < BITS; bit++) votes[bit] = (votes[bit] ?? 0) + ((hash >> BigInt(bit)) & 1n ? 1 : -1)
  }
  let result = 0n
  votes.forEach((vote, bit) => {
    if (vote > 0) result |= 1n << BigInt(bit)
  })
  return result.toString(16).padStart(BITS / 4, '0')
}

/** In how many of 64 bits two fingerprints differ. */
export function distance(a: string, b: string): number {
  let differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let count = 0
  for (; differing > 0n; differing &= differing - 1n) count++
  return count
}
