import { archiveName } from '../../feed/archive/archive-name.ts'
import { setStatus } from '../../feed/archive/set-status.ts'
import { Refusal } from '../../foundation/errors.ts'
import { archiveFault } from './archive-fault.ts'
import { type Imported, type ImportNeeds, importArchive } from './import-archive.ts'
import { readStored } from './read-archive.ts'
import type { StoreEventNeeds, StoreEventOptions } from './store-event.ts'

/**
 * Takes an event back out of the archive store: under a new epoch, ended as it was, so that editors can open it again. Its
 * archive stays in the store. All of it happens, or nothing. Throws event-not-found, not-stored, and unavailable.
 */
export async function restoreEvent(
  needs: StoreEventNeeds & Pick<ImportNeeds, 'reader'>,
  eventId: string,
  { by, requestId, progress = () => () => undefined }: StoreEventOptions,
): Promise<Imported> {
  const { archives, archiveStore, reader } = needs
  const storedAs = await archives.storedAs(eventId)
  if (storedAs === undefined) {
    if ((await reader.head(eventId)) === undefined) {
      throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    }
    throw new Refusal('not-stored', `The event ${eventId} is not in the archive store.`)
  }
  const lines = await readStored(archiveStore, storedAs)
  // Its HTML was checked when it was put there. What a later release would write otherwise is no reason to refuse it.
  const imported = await importArchive({ ...needs, isSafeHtml: () => true }, lines, {
    ...{ replace: { storedAs }, by, requestId, progress: progress(`Restoring ${eventId}`) },
    mayImport({ sha256 }) {
      if (storedAs === archiveName(eventId, sha256)) return
      throw archiveFault('manifest', 1, `This is not the archive of ${eventId} that was put into the store.`)
    },
  })
  await setStatus(needs, { eventId, from: ['archived'], to: 'ended', by, requestId }, new Date())
  return imported
}
