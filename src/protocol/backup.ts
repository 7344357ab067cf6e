import { z } from 'zod'
import { Instant } from './time.ts'
import { EventId } from './update.ts'

export const BACKUP_FORMAT = 'dateline-backup'
export const BACKUP_VERSION = 1

const BackedUp = z.strictObject({
  eventId: EventId,
  /** Of its archive, beside the manifest. */
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,100}$/),
  entries: z.int().positive(),
  chain: z.string().regex(/^[0-9a-f]{40}$/),
  /** As the archive's own manifest says it. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the file. */
  bytes: z.int().positive(),
  /** It was in the archive store, and goes back there when it is restored. */
  stored: z.boolean(),
})

/** `manifest.json` of a backup: what is in it, each event as it stood at a moment of its own after `at`. */
export const BackupManifest = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  version: z.literal(BACKUP_VERSION),
  /** When it was begun. */
  at: Instant,
  events: z.array(BackedUp),
  /** Events that could not be read, and why. */
  failed: z.array(z.strictObject({ eventId: EventId, reason: z.string() })),
})
export type BackupManifest = z.infer<typeof BackupManifest>
export type BackedUpEvent = BackupManifest['events'][number]
