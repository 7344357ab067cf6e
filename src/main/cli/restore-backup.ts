import { basename, join, resolve } from 'node:path'
import { type Backup, listBackups, readBackup } from '../../ops/backup/backups.ts'
import { type Restored, restoreFromBackup } from '../../ops/backup/restore-backup.ts'
import type { BackedUpEvent } from '../../protocol/backup.ts'
import { EXIT, UsageError } from '../command-line.ts'
import { isSafeHtml } from '../safe-html.ts'
import type { ArchiveOptions } from './archive-commands.ts'
import { showArchiveProgress } from './archive-progress.ts'
import type { CliContext } from './command.ts'
import { terminalActor } from './terminal-actor.ts'
import { withStore } from './with-store.ts'

export interface RestoreBackupOptions extends ArchiveOptions {
  readonly replace?: true
}

/** `restore BACKUP [EVENT...]`: resolves with the exit code. One event that is refused does not keep the others. */
export async function restoreBackup(
  which: string,
  named: readonly string[],
  options: RestoreBackupOptions,
  context: CliContext,
): Promise<number> {
  const { stdout, stderr, signal } = context
  const backup = await findBackup(which, context)
  const events = chosen(backup, named)
  return await withStore(context, async (store, log) => {
    const needs = { ...store, isSafeHtml, log }
    const results: Restored[] = []
    for (const event of events) {
      if (signal.aborted) break
      const shown = showArchiveProgress(stderr)
      const progress = (what: string) => {
        const show = shown.of(what)
        return (done: number, total: number) => {
          signal.throwIfAborted()
          show(done, total)
        }
      }
      const replace = options.replace === true
      const result = await restoreFromBackup(needs, backup, event, { ...terminalActor(), replace, progress })
      shown.end()
      results.push(result)
      if (options.json !== true) stdout.write(`${sentenceOf(result)}\n`)
    }
    if (options.json === true) {
      stdout.write(`${JSON.stringify({ backup: backup.name, events: results }, undefined, 2)}\n`)
    }
    const isDone = results.length === events.length && results.every(({ result }) => result !== 'refused')
    return isDone ? EXIT.done : EXIT.notDone
  })
}

/** By its name in BACKUP_DIR, as `latest`, or by the path of its folder. */
async function findBackup(which: string, { config }: CliContext): Promise<Backup> {
  const found =
    which === 'latest'
      ? (await listBackups(config.backup.dir))[0]
      : ((await readBackup(join(config.backup.dir, which), which)) ??
        (await readBackup(resolve(config.cwd, which), basename(which))))
  if (found !== undefined) return found
  throw new UsageError(`There is no backup ${which} in ${config.backup.dir}, nor a folder with one of that name.`)
}

function chosen({ name, manifest }: Backup, named: readonly string[]): readonly BackedUpEvent[] {
  if (named.length === 0) return manifest.events
  return named.map(id => {
    const found = manifest.events.find(({ eventId }) => eventId === id)
    if (found === undefined) throw new UsageError(`The event ${id} is not in the backup ${name}.`)
    return found
  })
}

function sentenceOf(told: Restored): string {
  if (told.result === 'refused') return `${told.eventId}: not restored. ${told.detail}`
  const where = told.stored ? ', in the archive store' : ''
  const instead = told.result === 'replaced' ? ', in the place of the one that was there' : ''
  return `${told.eventId}: ${told.entries} entries were restored${where}${instead}`
}
