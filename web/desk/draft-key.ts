/**
 * Pure: 128 bits of a text as 32 hex digits, the same on every page: an Idempotency-Key that is derived from what is sent,
 * so that sending it twice is sending it once. No seal: whoever wants two texts with one key can make them, and is then
 * refused. (The browser's own digests are kept from pages that came over plain http.)
 */
export function draftKey(text: string): string {
  return SEEDS.map(seed => hash32(text, seed).toString(16).padStart(8, '0')).join('')
}

const SEEDS = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f] as const

/** MurmurHash3 (x86, 32 bits) over UTF-16 code units, two to a block. */
function hash32(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i += 2) {
    const block = text.charCodeAt(i) | ((i + 1 < text.length ? text.charCodeAt(i + 1) : 0) << 16)
    const mixed = Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)
    hash = (Math.imul(rotate(hash ^ mixed, 13), 5) + 0xe6546b64) | 0
  }
  hash ^= text.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by))
}
