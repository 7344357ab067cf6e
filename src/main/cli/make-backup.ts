import { resolve } from 'node:path'
import { Refusal } from '../../foundation/errors.ts'
import { listBackups } from '../../ops/backup/backups.ts'
import { makeBackup } from '../../ops/backup/make-backup.ts'
import { EXIT, UsageError } from '../command-line.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { withStore } from './with-store.ts'

export interface BackupOptions extends ArchiveOptions {
  /** Only tell which there are. */
  readonly list?: true
}

/** `backup`: resolves with the exit code, which is 0 only when every event is in it. */
export async function backUp(options: BackupOptions, context: CliContext): Promise<number> {
  if (options.list === true) return await tellBackups(options, context)
  const { config, stdout, stderr, signal } = context
  const { keep } = config.backup
  const dir = resolve(config.backup.dir)
  return await withStore(context, async (store, log) => {
    const shown = showArchiveProgress(stderr)
    try {
      const progress = shown.of('Backing up', 'events')
      const made = await makeBackup({ ...store, log }, { dir, keep, signal, progress }, new Date()).catch(cannotWrite)
      shown.end()
      const { name, folder, manifest, removed } = made
      const { events, failed } = manifest
      if (options.json === true) {
        stdout.write(`${JSON.stringify({ backup: name, folder, events, failed, removed }, undefined, 2)}\n`)
      } else {
        stdout.write(`${events.length} events are in ${folder}\n`)
        for (const { eventId, reason } of failed) stderr.write(`${eventId} is not in it: ${reason}\n`)
      }
      return failed.length === 0 ? EXIT.done : EXIT.notDone
    } finally {
      shown.end()
    }
  })
}

async function tellBackups({ json }: BackupOptions, { config, stdout }: CliContext): Promise<number> {
  const found = (await listBackups(config.backup.dir)).map(({ name, manifest: { at, events, failed } }) => {
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0)
    return { backup: name, at, events: events.length, failed: failed.length, bytes }
  })
  if (json === true) stdout.write(`${JSON.stringify({ backups: found }, undefined, 2)}\n`)
  else if (found.length === 0) stdout.write(`There are no backups in ${config.backup.dir}.\n`)
  for (const { backup, events, failed, bytes } of json === true ? [] : found) {
    stdout.write(`${backup}  ${events} events, ${bytes} bytes${failed === 0 ? '' : `, ${failed} could not be read`}\n`)
  }
  return EXIT.done
}

function cannotWrite(cause: unknown): never {
  const { code, syscall, path } = cause as NodeJS.ErrnoException
  if (syscall === 'mkdir' || syscall === 'open') throw new UsageError(`Cannot write ${path} (${code}).`, { cause })
  if (code === 'ENOSPC')
    throw new Refusal('unavailable', 'The disk is full. Nothing of this backup was kept.', { cause })
  throw cause
}
