import { archiveName } from '../../feed/archive/archive-name.ts'
import type { EventCopy } from '../../feed/archive/event-copy.ts'
import { type SetStatusNeeds, setStatus } from '../../feed/archive/set-status.ts'
import type { AuditEntry } from '../../feed/audit-trail.ts'
import { Refusal } from '../../foundation/errors.ts'
import { checkArchive } from './check-archive.ts'
import { type ArchiveExport, planExport, writeArchive } from './export-archive.ts'
import type { ImportNeeds } from './import-archive.ts'
import { readStored } from './read-archive.ts'
import type { ArchiveStore } from './store/archive-store.ts'

export interface StoreEventNeeds extends Omit<ImportNeeds, 'reader'>, SetStatusNeeds {
  readonly archiveStore: ArchiveStore
}

export interface StoreEventOptions {
  readonly by: AuditEntry['by']
  readonly requestId: string
  /** Each piece of the work tells of itself. */
  readonly progress?: (what: string) => (done: number, total: number) => void
}

export type Stored =
  | { readonly result: 'moved'; readonly name: string; readonly entries: number; readonly bytes: number }
  | { readonly result: 'was-there'; readonly name: string }

/** The event may be changed by ops while its archive is made, though it takes no updates. */
const MAX_ATTEMPTS = 3
/** An older archive of an event is kept for so long, should Redis come back with an older state that needs it. */
const OLD_ARCHIVES_MS = 7 * 24 * 3_600_000

/**
 * Moves an ended event out of Redis into the archive store, from where it is served on. It is let go when its archive is whole
 * and safe there, and was read back and checked line by line; then in one step. Whoever dies before has moved nothing, and
 * it can be done again. Throws event-not-found, event-open, and unavailable while something of it is under way.
 */
export async function storeEvent(needs: StoreEventNeeds, eventId: string, options: StoreEventOptions): Promise<Stored> {
  const { archives } = needs
  const there = await archives.storedAs(eventId)
  if (there !== undefined) return { result: 'was-there', name: there }
  const { by, requestId } = options
  await setStatus(needs, { eventId, from: ['ended'], to: 'archived', by, requestId }, new Date())
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const copy = await archives.copy(eventId)
    if (copy === undefined) throw new Refusal('event-not-found', `There is no event ${eventId}.`)
    try {
      if (copy.storedAs !== undefined) return { result: 'was-there', name: copy.storedAs }
      const moved = await moveCopy(needs, copy, options)
      if (moved !== undefined) return moved
    } finally {
      await copy.drop()
    }
  }
  throw new Refusal('unavailable', `The event ${eventId} changes too fast to be archived. Try again.`)
}

/** Undefined when the event has changed since it was copied. */
async function moveCopy(
  needs: StoreEventNeeds,
  copy: EventCopy,
  { by, requestId, progress = () => () => undefined }: StoreEventOptions,
): Promise<Stored | undefined> {
  const { archives, archiveStore, replays, audit, log } = needs
  const { eventId } = copy
  if (copy.head !== copy.accepted || copy.sizes.outbox > 0) {
    throw new Refusal('unavailable', `Something that was accepted for ${eventId} is still under way. Try again.`)
  }
  const archive = await planExport(copy, progress(`Reading ${eventId}`))
  const name = archiveName(eventId, archive.manifest.sha256)
  const { bytes } = await archiveStore.put(name, to => writeArchive(archive, to, progress(`Writing ${eventId}`)))
  await expectWhole(needs, name, archive, progress(`Checking ${eventId}`))
  for (const { id } of await replays.list(eventId)) await replays.remove(eventId, id)
  if ((await archives.moveOut(copy, name)) === 'changed') return undefined
  const detail = { name, entries: copy.seq, bytes, sha256: archive.manifest.sha256 }
  await audit.record(eventId, { by, action: 'event-archived', requestId, detail }, new Date())
  log.info({ requestId, eventId, sub: by.sub, ...detail }, 'event was moved to the archive store')
  await removeOlder(needs, eventId, name)
  return { result: 'moved', name, entries: copy.seq, bytes }
}

async function expectWhole(
  { archiveStore, isSafeHtml }: StoreEventNeeds,
  name: string,
  { manifest }: ArchiveExport,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const checked = await checkArchive(await readStored(archiveStore, name), isSafeHtml, { progress })
  if (checked.manifest.sha256 === manifest.sha256) return
  throw new Error(`${name} in ${archiveStore.place} is not what was put there`)
}

/** What was archived before the event was restored, changed and archived again. */
async function removeOlder({ archiveStore, log }: StoreEventNeeds, eventId: string, name: string): Promise<void> {
  const now = Date.now()
  for (const older of await archiveStore.list(`${eventId}.`)) {
    if (older.name === name || now - older.storedAt.getTime() < OLD_ARCHIVES_MS) continue
    await archiveStore.remove(older.name)
    log.info({ eventId, archive: older.name }, 'older archive was removed')
  }
}
