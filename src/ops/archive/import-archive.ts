import type { Archives } from '../../feed/archive/archives.ts'
import type { EventStaging, Replace } from '../../feed/archive/event-staging.ts'
import type { AuditEntry, AuditTrail } from '../../feed/audit-trail.ts'
import type { FeedReader } from '../../feed/feed-reader.ts'
import type { Replays } from '../../feed/replays.ts'
import { Refusal } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/logger.ts'
import type { ArchiveManifest, ArchivePart } from '../../protocol/archive.ts'
import type { Position } from '../../protocol/position.ts'
import { type CheckedArchive, checkArchive } from './check-archive.ts'
import type { Progress } from './export-archive.ts'

export interface ImportNeeds {
  readonly archives: Archives
  readonly reader: Pick<FeedReader, 'head'>
  readonly replays: Pick<Replays, 'list' | 'remove'>
  readonly audit: Pick<AuditTrail, 'record'>
  isSafeHtml(html: string): boolean
  readonly log: Logger
}

export interface ImportOptions {
  readonly replace: Replace
  readonly by: AuditEntry['by']
  readonly requestId: string
  /** Throws where this archive is not the one that is wanted, or its event is not this sender's to change. */
  mayImport?(manifest: ArchiveManifest): void
  readonly progress?: Progress
}

export interface Imported extends CheckedArchive {
  /** Where the event stood that it took the place of. */
  readonly replaced: Position | undefined
}

/**
 * Takes in an archive: all of it, under a new epoch, or nothing. It is put together where nobody reads it; when the last line
 * was checked it comes into force in one step. Whoever dies meanwhile leaves nothing behind for longer than a minute.
 * Throws archive-broken, too-large, event-exists, and unavailable.
 */
export async function importArchive(
  needs: ImportNeeds,
  lines: AsyncIterable<string>,
  options: ImportOptions,
): Promise<Imported> {
  const { archives, reader, isSafeHtml, log } = needs
  let staging: EventStaging | undefined
  try {
    const checked = await checkArchive(lines, isSafeHtml, {
      async manifest(manifest) {
        const { eventId } = manifest
        options.mayImport?.(manifest)
        if (options.replace === false && (await reader.head(eventId)) !== undefined) throw eventExists(eventId)
        staging = archives.stage(eventId)
      },
      entries: async batch => staging?.entries(batch),
      fields: async (part, batch) => {
        if (isKept(part)) await staging?.fields(part, batch)
      },
      ...(options.progress === undefined ? {} : { progress: options.progress }),
    })
    return { ...checked, replaced: await adopt(needs, options, checked, staging) }
  } finally {
    await staging?.drop().catch((err: unknown) => log.warn({ err }, 'an import was not cleared away; it expires'))
  }
}

/** Puts it in force, and says so in the audit trail. */
async function adopt(
  { reader, replays, audit, log }: ImportNeeds,
  { replace, by, requestId }: ImportOptions,
  { manifest, end }: CheckedArchive,
  staging: EventStaging | undefined,
): Promise<Position | undefined> {
  const { eventId, sha256 } = manifest
  const replaced = await reader.head(eventId)
  const answer = await staging?.adopt(end, replace)
  if (answer === 'event-exists') throw eventExists(eventId)
  if (answer !== 'adopted') throw new Refusal('unavailable', 'The store was away for too long. Import it again.')
  // They were replays of the feed that is gone.
  for (const { id } of await replays.list(eventId)) await replays.remove(eventId, id)
  const detail = { entries: manifest.counts.entries, sha256, ...(replaced === undefined ? {} : { replaced }) }
  await audit.record(eventId, { by, action: 'archive-imported', requestId, detail }, new Date())
  log.info({ requestId, eventId, sub: by.sub, ...detail }, 'archive was imported')
  return replaced
}

function isKept(part: ArchivePart): part is Exclude<ArchivePart, 'counters' | 'media'> {
  return part !== 'counters' && part !== 'media'
}

function eventExists(eventId: string): Refusal {
  return new Refusal(
    'event-exists',
    `There is an event ${eventId} already. To put the archive in its place, replace it.`,
  )
}
