import { link, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { archiveName } from '../../feed/archive/archive-name.ts'
import type { Archives } from '../../feed/archive/archives.ts'
import type { EventIndex } from '../../feed/event-index.ts'
import type { Logger } from '../../foundation/logger.ts'
import { partOf, removeStaleParts, renameSafely, syncFolder, writeWhole } from '../../foundation/write-whole.ts'
import { BACKUP_FORMAT, BACKUP_VERSION, type BackedUpEvent, type BackupManifest } from '../../protocol/backup.ts'
import { planExport, writeArchive } from '../archive/export-archive.ts'
import { type Backup, backupName, listBackups, MANIFEST_FILE, removeOldBackups } from './backups.ts'

export interface BackupNeeds {
  readonly index: Pick<EventIndex, 'ids'>
  readonly archives: Pick<Archives, 'copy' | 'storedAs'>
  readonly log: Logger
}

export interface BackupOptions {
  readonly dir: string
  /** How many of the newest are kept. */
  readonly keep: number
  /** Aborted, nothing of this backup is left. */
  readonly signal: AbortSignal
  /** How many events of how many are in it. */
  readonly progress?: (done: number, total: number) => void
}

export interface MadeBackup extends Backup {
  /** Older ones that are gone now. */
  readonly removed: readonly string[]
}

/**
 * Writes all events into a folder of `dir`, each as an archive of its own moment. The folder is there under its name when all
 * of it is whole and safe on the disk. An event that cannot be read is told in the manifest, and does not keep the others.
 * Rejects when none can be read. Older backups are removed as removeOldBackups says.
 */
export async function makeBackup(needs: BackupNeeds, options: BackupOptions, now: Date): Promise<MadeBackup> {
  const { dir, keep } = options
  const name = backupName(now)
  const [folder, part] = [join(dir, name), partOf(join(dir, name))]
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await removeStaleParts(dir, now)
  const [last] = await listBackups(dir)
  try {
    await mkdir(part, { mode: 0o700 })
    const manifest = await writeEvents(needs, options, part, last, now)
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`
    await writeWhole(join(part, MANIFEST_FILE), to => pipeline(Readable.from([text]), to))
    await syncFolder(part)
    await renameSafely(part, folder)
    return { name, folder, manifest, removed: await removeOldBackups(dir, keep) }
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw error
  }
}

async function writeEvents(
  needs: BackupNeeds,
  { signal, progress = () => undefined }: BackupOptions,
  folder: string,
  last: Backup | undefined,
  now: Date,
): Promise<BackupManifest> {
  const { index, log } = needs
  const events: BackedUpEvent[] = []
  const failed: BackupManifest['failed'] = []
  const ids = await index.ids()
  for (const [done, eventId] of ids.entries()) {
    progress(done, ids.length)
    try {
      const written = await writeEvent(needs, eventId, folder, last, signal)
      if (written !== undefined) events.push(written)
    } catch (err) {
      signal.throwIfAborted()
      log.error({ err, eventId }, 'event is missing in the backup')
      failed.push({ eventId, reason: err instanceof Error ? err.message : String(err) })
    }
  }
  progress(ids.length, ids.length)
  const [first] = failed
  if (events.length === 0 && first !== undefined) throw new Error(`no event can be read: ${first.reason}`)
  return { format: BACKUP_FORMAT, version: BACKUP_VERSION, at: now.toISOString(), events, failed }
}

/** Undefined when there is no such event: only its id was reserved. */
async function writeEvent(
  { archives }: BackupNeeds,
  eventId: string,
  folder: string,
  last: Backup | undefined,
  signal: AbortSignal,
): Promise<BackedUpEvent | undefined> {
  signal.throwIfAborted()
  const file = `${eventId}.ndjson.gz`
  const path = join(folder, file)
  const before = last?.manifest.events.find(event => event.eventId === eventId)
  const storedAs = await archives.storedAs(eventId)
  if (before !== undefined && storedAs === archiveName(eventId, before.sha256)) {
    // The name of an archive in the store says what is in it: it need not be read.
    if ((await linkUnchanged(last, before, path)) !== undefined) return { ...before, stored: true }
  }
  const copy = await archives.copy(eventId)
  if (copy === undefined) return undefined
  const goOn = () => signal.throwIfAborted()
  try {
    const archive = await planExport(copy, goOn)
    const { counts, chain, sha256 } = archive.manifest
    const linked = before?.sha256 === sha256 ? await linkUnchanged(last, before, path) : undefined
    const bytes = linked ?? (await writeWhole(path, to => writeArchive(archive, to, goOn))).bytes
    return { eventId, file, entries: counts.entries, chain, sha256, bytes, stored: copy.storedAs !== undefined }
  } finally {
    await copy.drop()
  }
}

/** An event that has not changed shares its file with the backup before. Undefined where that cannot be. */
async function linkUnchanged(last: Backup | undefined, same: BackedUpEvent, path: string): Promise<number | undefined> {
  if (last === undefined) return undefined
  try {
    const before = join(last.folder, same.file)
    if ((await stat(before)).size !== same.bytes) return undefined
    await link(before, path)
    return same.bytes
  } catch {
    return undefined // gone, or not a disk that knows links: it is written again
  }
}
