import type { ArchivePart } from '../../protocol/archive.ts'
import type { StateKeys } from '../../redis/keys.ts'

/** The parts of an archive that stand in Redis under a key of their own, which has the part's name. */
export const STORED_PARTS = [
  { part: 'drafts', type: 'hash' },
  { part: 'desk', type: 'hash' },
  { part: 'outbox', type: 'hash' },
  { part: 'outboxTimes', type: 'zset' },
  { part: 'passed', type: 'set' },
  { part: 'outcomes', type: 'hash' },
  { part: 'dead', type: 'hash' },
  { part: 'held', type: 'hash' },
  { part: 'superseded', type: 'hash' },
  { part: 'discarded', type: 'hash' },
  { part: 'anew', type: 'hash' },
] as const satisfies readonly { part: ArchivePart & keyof StateKeys; type: 'hash' | 'zset' | 'set' }[]

export type StoredPart = (typeof STORED_PARTS)[number]['part']

/** A field and its value: of a sorted set its score, of a set nothing. */
export type Field = readonly [field: string, value: string]

/** Pure: the order of an archive's fields: accept numbers by their size, then names by their code units. */
export function compareFields(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)]
  if (Number.isInteger(first) && Number.isInteger(second)) return first - second
  return a < b ? -1 : a > b ? 1 : 0
}

/** What is read of an event at a time: small, so that no text that is made of it is large. V8 lets go of large texts late. */
export const COPY_PAGE = 40

export function* pagesOf(names: readonly string[]): Generator<string[]> {
  for (let from = 0; from < names.length; from += COPY_PAGE) yield names.slice(from, from + COPY_PAGE)
}
