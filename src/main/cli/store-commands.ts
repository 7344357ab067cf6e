import { type Command, InvalidArgumentError } from 'commander'
import { readEventId } from '../command-line.ts'
import { ABOUT_REDIS, type ArchiveOptions, told } from './archive-commands.ts'
import { type ArchiveEventsOptions, archiveEvents } from './archive-events.ts'
import type { CliContext } from './command.ts'
import { type BackupOptions, backUp } from './make-backup.ts'
import { type RestoreBackupOptions, restoreBackup } from './restore-backup.ts'
import { restoreStored } from './restore-stored.ts'

const UNIT_MS = { d: 24 * 3_600_000, h: 3_600_000 } as const

/** `archive` and `restore-event`: into the archive store, and out of it. `backup` and `restore`: all events, and from there. */
export function addStoreCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  dateline
    .command('archive')
    .description(
      'Moves ended events out of Redis into the archive store (ARCHIVE_DIR), from where they are still read.',
    )
    .argument('[events...]', 'their ids', collectEventIds)
    .option('--older-than <age>', 'all whose coverage ended before that: 30d, 12h', readAge)
    .option('--dry-run', 'only show which')
    .option('--json', 'print what was done as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (events: string[], options: ArchiveEventsOptions) =>
      end(await told(options, context, () => archiveEvents(events, options, context))),
    )
  dateline
    .command('restore-event')
    .description('Takes an event out of the archive store back into Redis: ended, and under a new epoch.')
    .argument('<event>', "the event's id", readEventId)
    .option('--json', 'print what was taken in as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (event: string, options: ArchiveOptions) =>
      end(await told(options, context, () => restoreStored(event, options, context))),
    )
  dateline
    .command('backup')
    .description('Writes all events into a new folder of BACKUP_DIR, and removes the oldest (BACKUP_KEEP).')
    .option('--list', 'only show which backups there are')
    .option('--json', 'print what is in it as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (options: BackupOptions) => end(await told(options, context, () => backUp(options, context))))
  dateline
    .command('restore')
    .description('Takes events in again from a backup, each under a new epoch. Its viewers begin anew.')
    .argument('<backup>', 'its name in BACKUP_DIR, latest, or the path of its folder')
    .argument('[events...]', 'their ids (default: all that are in it)', collectEventIds)
    .option('--replace', 'also in the place of events that are there: what they have since is lost')
    .option('--json', 'print what was done as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (backup: string, events: string[], options: RestoreBackupOptions) =>
      end(await told(options, context, () => restoreBackup(backup, events, options, context))),
    )
}

function collectEventIds(text: string, before: string[] = []): string[] {
  return [...before, readEventId(text)]
}

/** In ms. */
function readAge(text: string): number {
  const match = /^(\d{1,6})([dh])$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Must be days or hours, such as 30d or 12h.')
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
