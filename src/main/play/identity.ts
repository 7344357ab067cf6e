import { createHash } from 'node:crypto'

/** Names one item of one file for good, so that playing the file again adds nothing. */
export interface Identity {
  /** Idempotency-Key: the server answers a repeat within a day as it answered the first time. */
  readonly key: string
  /** The id the update gets, so that a repeat after that day is still known to be there. */
  readonly updateId: string
}

/** Pure: the same bytes, event and item always have the same identity, and no others have it. */
export function identityOf(file: Uint8Array, eventId: string, itemKey: string): Identity {
  const content = createHash('sha256').update(file).digest('hex').slice(0, 32)
  const key = `play:${content}:${itemKey}`
  return { key, updateId: nameBasedUuid(`${eventId}/${key}`) }
}

const NAMESPACE = Buffer.from('2f1c5c1a6d0b4f5e9a7e3c9f0b64d1e8', 'hex')

/** RFC 9562 version 5: made from a name, in a namespace of our own. */
function nameBasedUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
