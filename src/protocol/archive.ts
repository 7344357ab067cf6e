import { z } from 'zod'
import { EventId } from './update.ts'

export const ARCHIVE_FORMAT = 'dateline-archive'

/** Grows when what stood in an older archive would be read otherwise. */
export const ARCHIVE_VERSION = 1

/**
 * The parts of an archive behind its entries, in this order: what does not follow from the entries. Each is a line
 * `["<part>","<field>","<value>"]`, sorted by field; the value is what stands in Redis, as it is.
 */
export const ARCHIVE_PARTS = [
  /** `accepted` and `head`: see the hash `meta`. */
  'counters',
  /** updateId -> what stands for a retracted update. */
  'tombstones',
  /** updateId, `event` or `normalization` -> what was last accepted. */
  'drafts',
  /** updateId -> what editors typed and what was done to it. */
  'desk',
  /** accept number -> submission that has not ended, and when it was accepted, in ms. */
  'outbox',
  'outboxTimes',
  /** accept number -> nothing: it was passed over, and may enter late. */
  'passed',
  /** accept number -> where it went. */
  'outcomes',
  /** accept number -> the reason, a newline, and the submission. */
  'dead',
  'held',
  'superseded',
  'discarded',
  'anew',
  /** url -> seq of the first entry that has it; in the order of the entries. */
  'media',
] as const
export type ArchivePart = (typeof ARCHIVE_PARTS)[number]

const Count = z.int().nonnegative()
/** An archive of an older release does not count the parts that came since: it has none of them. */
const CountOrNone = Count.default(0)
const parts = Object.fromEntries(ARCHIVE_PARTS.map(part => [part, CountOrNone])) as Record<
  ArchivePart,
  typeof CountOrNone
>

/** The first line of an archive. It has nothing that differs between two exports of the same event: no time, no epoch. */
export const ArchiveManifest = z.strictObject({
  format: z.literal(ARCHIVE_FORMAT),
  version: z.literal(ARCHIVE_VERSION),
  eventId: EventId,
  counts: z.strictObject({
    entries: z.int().positive(),
    /** Of them readers see so many updates and key events. */
    updates: Count,
    keyEvents: Count,
    ...parts,
  }),
  /** Of the last entry. */
  chain: z.string().regex(/^[0-9a-f]{40}$/),
  /** Over all lines after this one, each with its newline. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ArchiveManifest = z.infer<typeof ArchiveManifest>

/** What is wrong with an archive, beside the line where. */
export type ArchiveFault =
  | 'not-gzip'
  | 'cut'
  | 'damaged'
  | 'trailing-bytes'
  | 'bomb'
  | 'line-too-long'
  | 'not-utf-8'
  | 'byte-order-mark'
  | 'carriage-return'
  | 'not-json'
  | 'not-canonical'
  | 'manifest'
  | 'version'
  | 'hole'
  | 'repeat'
  | 'chain'
  | 'schema'
  | 'wrong-event'
  | 'time'
  | 'accept-number'
  | 'update-version'
  | 'unsafe-html'
  | 'unsafe-link'
  | 'part'
  | 'order'
  | 'contradiction'
  | 'count'
  | 'trailing-lines'
  | 'sha256'
