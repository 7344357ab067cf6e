import type { Readable, Writable } from 'node:stream'

export interface StoredObject {
  readonly name: string
  readonly bytes: number
  readonly storedAt: Date
}

/** Where archives are kept for good, by their names: a-z, 0-9, dots and hyphens. Whoever has Dateline's data may read them. */
export interface ArchiveStore {
  /** Where that is, for people. */
  readonly place: string
  /** Keeps what `write` writes. It is there, whole and safe, when this resolves; else what was there before. */
  put(name: string, write: (to: Writable) => Promise<void>): Promise<{ bytes: number }>
  /** Its bytes. Rejects with NotStored when it is not there. */
  get(name: string): Promise<Readable>
  /** All whose names begin so, in no order. */
  list(prefix: string): Promise<StoredObject[]>
  /** One that is not there is gone as well. */
  remove(name: string): Promise<void>
}

/** There is nothing under this name. */
export class NotStored extends Error {
  override readonly name = 'NotStored'
}
