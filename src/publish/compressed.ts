import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'

/** In the order in which they are chosen where a client takes both. */
export const ENCODINGS = ['br', 'gzip'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Smaller ones fit into a packet or two as they are. */
export const MIN_COMPRESSED_BYTES = 2_048
const MAX_CACHED_BYTES = 32 * 1_048_576
/** The best that costs no more than a few milliseconds for a page. */
const BROTLI_QUALITY = 5
const GZIP_LEVEL = 6

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Texts compressed once, for however many readers ask at the same time or soon after; bounded in memory. */
export interface Compressed {
  of(text: string, encoding: Encoding): Promise<Buffer>
}

export function createCompressed(maxBytes = MAX_CACHED_BYTES): Compressed {
  const kept = new LRUCache<string, Buffer>({ maxSize: maxBytes, sizeCalculation: bytes => bytes.length })
  const underWay = new Map<string, Promise<Buffer>>()

  async function compress(text: string, encoding: Encoding, key: string): Promise<Buffer> {
    const bytes = await (encoding === 'br'
      ? brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
      : zip(text, { level: GZIP_LEVEL }))
    kept.set(key, bytes)
    return bytes
  }

  return {
    async of(text, encoding) {
      // By what is said, not by who asked how: addresses that differ only in rubbish share it.
      const key = `${encoding} ${createHash('sha1').update(text).digest('base64')}`
      const known = kept.get(key)
      if (known !== undefined) return known
      const begun = underWay.get(key)
      if (begun !== undefined) return await begun
      const compressing = compress(text, encoding, key).finally(() => underWay.delete(key))
      underWay.set(key, compressing)
      return await compressing
    },
  }
}
