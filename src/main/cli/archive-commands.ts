import type { Command } from 'commander'
import { Refusal } from '../../foundation/errors.ts'
import { EXIT, readEventId } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { exportEvent } from './export-event.ts'
import { type ImportOptions, importFile } from './import-file.ts'
import { verifyArchive } from './verify-archive.ts'

export const ABOUT_REDIS = '\nIt speaks to Redis itself (REDIS_URL, or the one that npm start runs).\n'

export interface ArchiveOptions {
  readonly json?: true
}

/** `export`, `import` and `verify`: whole events as files. */
export function addArchiveCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  dateline
    .command('export')
    .description('Writes an event as an archive: its entries as committed, and all that is kept beside them.')
    .argument('<event>', "the event's id", readEventId)
    .argument('[file]', 'where to, - for standard output (default: <event>.ndjson.gz)')
    .option('--json', 'print what was written as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (event: string, file: string | undefined, options: ArchiveOptions) =>
      end(await told(options, context, () => exportEvent(event, file ?? `${event}.ndjson.gz`, options, context))),
    )
  dateline
    .command('import')
    .description(
      'Takes in an archive: all of it, or nothing. The event gets a new epoch, and keeps its entries as they are.',
    )
    .argument('<file>', 'the archive, - for standard input')
    .option('--replace', 'put it in the place of the event, where there is one: this is how to restore')
    .option('--json', 'print what was taken in as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + exitCodes)
    .action(async (file: string, options: ImportOptions) =>
      end(await told(options, context, () => importFile(file, options, context))),
    )
  dateline
    .command('verify')
    .description('Checks an archive, or an event as it stands: chain, schema, HTML, and that all fits together.')
    .argument('<event or file>', 'an id; or a file, which has a dot or a slash in its name; - for standard input')
    .option('--json', 'print what was found as JSON')
    .copyInheritedSettings(dateline)
    .addHelpText('after', exitCodes)
    .action(async (what: string, options: ArchiveOptions) =>
      end(await told(options, context, () => verifyArchive(what, options, context))),
    )
}

/** What was refused is told as a sentence, or as JSON with the line and the fault. */
export async function told(
  { json }: ArchiveOptions,
  { stdout, stderr }: CliContext,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (isOfReader(error)) return EXIT.notDone
    if (!(error instanceof Refusal)) throw error
    const { code, message, extra } = error
    if (json === true) stdout.write(`${JSON.stringify({ refused: code, ...extra, detail: message }, undefined, 2)}\n`)
    else stderr.write(`${message}\n`)
    return EXIT.notDone
  }
}

/** Who reads standard output went away: there is nobody to tell. */
function isOfReader(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE'
}
