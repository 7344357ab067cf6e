import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../../foundation/errors.ts'
import type { BackedUpEvent } from '../../protocol/backup.ts'
import { archiveFault } from '../archive/archive-fault.ts'
import { type ImportNeeds, importArchive } from '../archive/import-archive.ts'
import { readArchive } from '../archive/read-archive.ts'
import { type StoreEventNeeds, type StoreEventOptions, storeEvent } from '../archive/store-event.ts'
import type { Backup } from './backups.ts'

export interface RestoreOptions extends StoreEventOptions {
  /** Whether events that are there are replaced. */
  readonly replace: boolean
}

export type Restored =
  | {
      readonly eventId: string
      readonly result: 'restored' | 'replaced'
      readonly entries: number
      readonly stored: boolean
    }
  | { readonly eventId: string; readonly result: 'refused'; readonly refused: string; readonly detail: string }

/**
 * Takes an event of a backup in again: all of it, under a new epoch, or nothing. Viewers of it are restarted by that. One that
 * was in the archive store goes back there. What is refused is told.
 */
export async function restoreFromBackup(
  needs: StoreEventNeeds & ImportNeeds,
  { folder }: Pick<Backup, 'folder'>,
  event: BackedUpEvent,
  options: RestoreOptions,
): Promise<Restored> {
  const { eventId } = event
  const { replace, by, requestId, progress = () => () => undefined } = options
  try {
    const lines = readArchive(createReadStream(join(folder, event.file)), Number.POSITIVE_INFINITY)
    const { manifest, replaced } = await importArchive(needs, lines, {
      ...{ replace, by, requestId, progress: progress(`Restoring ${eventId}`) },
      mayImport(found) {
        if (found.eventId === eventId && found.sha256 === event.sha256) return
        throw archiveFault('manifest', 1, `This is not the archive of ${eventId} that the backup names.`)
      },
    })
    if (event.stored) await storeEvent(needs, eventId, options)
    const result = replaced === undefined ? 'restored' : 'replaced'
    return { eventId, result, entries: manifest.counts.entries, stored: event.stored }
  } catch (error) {
    if (error instanceof Refusal) return { eventId, result: 'refused', refused: error.code, detail: error.message }
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { eventId, result: 'refused', refused: 'not-found', detail: `${event.file} is not in the backup.` }
  }
}
