const BITS = 32

/**
 * 64-bit SimHash of words and of their pairs, as 16 hex digits: texts that share most of both differ in few bits
 * (Charikar 2002, "Similarity Estimation Techniques from Rounding Algorithms").
 */
export function simHash(words: readonly string[]): string {
  const votes = new Int32Array(2 * BITS)
  words.forEach((word, i) => {
    vote(votes, word)
    if (i > 0) vote(votes, `${words[i - 1]} ${word}`)
  })
  return toHex(majority(votes, 0)) + toHex(majority(votes, BITS))
}

/** In how many of 64 bits two fingerprints differ. */
export function distance(a: string, b: string): number {
  return differingBits(a.slice(0, 8), b.slice(0, 8)) + differingBits(a.slice(8), b.slice(8))
}

/** A 64-bit hash of a text, as 16 hex digits: for telling apart, not for secrets. */
export function hashOf(text: string): string {
  const [high, low] = hash(text)
  return toHex(high) + toHex(low)
}

function vote(votes: Int32Array, feature: string): void {
  const [high, low] = hash(feature)
  for (let bit = 0; bit < BITS; bit++) {
    votes[bit] = (votes[bit] ?? 0) + ((high >>> bit) & 1) * 2 - 1
    votes[BITS + bit] = (votes[BITS + bit] ?? 0) + ((low >>> bit) & 1) * 2 - 1
  }
}

function majority(votes: Int32Array, from: number): number {
  let bits = 0
  for (let bit = 0; bit < BITS; bit++) if ((votes[from + bit] ?? 0) > 0) bits |= 1 << bit
  return bits
}

function differingBits(a: string, b: string): number {
  let count = 0
  for (let left = Number.parseInt(a, 16) ^ Number.parseInt(b, 16); left !== 0; left &= left - 1) count++
  return count
}

/** Two FNV-1a walks with different primes, each finished as MurmurHash3 does, so that every bit depends on every letter. */
function hash(text: string): [high: number, low: number] {
  let high = 0x811c9dc5
  let low = 0x1b873593
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995)
    low ^= low >>> 15
  }
  return [finish(high), finish(low)]
}

function finish(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

function toHex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0')
}
