import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { partOf, renameSafely } from '../../foundation/write-whole.ts'
import { BackupManifest } from '../../protocol/backup.ts'

export interface Backup {
  /** Of its folder: when it was begun. */
  readonly name: string
  readonly folder: string
  readonly manifest: BackupManifest
}

export const MANIFEST_FILE = 'manifest.json'
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/

export function backupName(at: Date): string {
  return at.toISOString().replaceAll(/[:.]/g, '-')
}

/** The backups in a folder, newest first. What is no backup, or is not whole, is left out. */
export async function listBackups(dir: string): Promise<Backup[]> {
  const names = (await namesIn(dir)).filter(name => NAME.test(name)).sort()
  const found = await Promise.all(names.reverse().map(name => readBackup(join(dir, name), name)))
  return found.filter(backup => backup !== undefined)
}

/** The backup in this folder; undefined when there is none that can be read. */
export async function readBackup(folder: string, name: string): Promise<Backup | undefined> {
  try {
    const manifest = BackupManifest.parse(JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')))
    return { name, folder, manifest }
  } catch {
    return undefined // it was not made by makeBackup, or was damaged since
  }
}

/**
 * Removes all but the newest `keep`, each in one step; but none that has an event, or entries of one, which the newest lacks:
 * an empty Redis never drives out what could bring it back. Returns the names of those that are gone.
 */
export async function removeOldBackups(dir: string, keep: number): Promise<string[]> {
  const [newest, ...others] = await listBackups(dir)
  if (newest === undefined) return []
  const old = others.slice(keep - 1).filter(backup => lacksNothing(newest, backup))
  for (const { folder } of old) {
    const going = partOf(folder)
    await renameSafely(folder, going)
    await rm(going, { recursive: true, force: true })
  }
  return old.map(({ name }) => name)
}

function lacksNothing(newest: Backup, than: Backup): boolean {
  const entries = new Map(newest.manifest.events.map(event => [event.eventId, event.entries]))
  return than.manifest.events.every(event => (entries.get(event.eventId) ?? 0) >= event.entries)
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
