import { type Command, InvalidArgumentError } from 'commander'
import { readEventId } from '../command-line.ts'
import { ABOUT_REDIS, type ArchiveOptions, told } from './archive-commands.ts'
import { type ArchiveEventsOptions, archiveEvents } from './archive-events.ts'
import type { CliContext } from './command.ts'
import { restoreStored } from './restore-stored.ts'

const UNIT_MS = { d: 24 * 3_600_000, h: 3_600_000 } as const

/** `archive` and `restore-event`: into the archive store, and out of it. */
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
}

export function collectEventIds(text: string, before: string[] = []): string[] {
  return [...before, readEventId(text)]
}

/** In ms. */
function readAge(text: string): number {
  const match = /^(\d{1,6})([dh])$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Must be days or hours, such as 30d or 12h.')
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
