import { Command, CommanderError } from 'commander'
import { ProblemError } from '../../client/index.ts'
import type { Config } from '../../foundation/config.ts'
import {
  EXIT,
  type Output,
  readEventId,
  readLanguage,
  readUrl,
  readZone,
  serverUrl,
  UsageError,
} from '../command-line.ts'
import { BriefingError } from '../play/decode-text.ts'
import { sentenceOf } from '../play/play-briefing.ts'
import { addArchiveCommands, told } from './archive-commands.ts'
import { addAuditCommand } from './audit-command.ts'
import { addCompletion } from './completion.ts'
import { addDeadLetterCommands } from './dead-letter-commands.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addEventCommands } from './event-commands.ts'
import type { ImportOptions } from './import-page.ts'
import { addOpsCommands } from './ops-commands.ts'
import type { RenormalizeOptions } from './renormalize.ts'
import { addReplayCommands } from './replay-commands.ts'
import { addStoreCommands } from './store-commands.ts'
import { runToken, type TokenOptions, withTokenOptions } from './token-command.ts'
import { addUserCommands } from './user-commands.ts'

export interface CliContext {
  readonly config: Config
  /** The same, with the address of the Redis that is running. */
  configWithRedis(): Promise<Config>
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  /** stdout is a terminal that shows colours, and nobody asked for none. */
  readonly isColoured: boolean
  /** Aborted, nothing more is begun. */
  readonly signal: AbortSignal
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  not done, or only in part: refused, not confirmed, or the server or Redis did not answer
  2  wrong usage, or a file that cannot be read`

/** `dateline COMMAND`: resolves with the exit code. */
export async function runDateline(args: readonly string[], context: CliContext): Promise<number> {
  const { stderr, signal } = context
  let exitCode: number = EXIT.done
  try {
    await command(context, code => {
      exitCode = code
    }).parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (signal.aborted) return EXIT.notDone
    if (error instanceof UsageError || error instanceof BriefingError) return tell(error.message, EXIT.usage)
    if (error instanceof ProblemError) return tell(`${sentenceOf(error.problem)}.`, EXIT.notDone)
    throw error
  }

  function tell(sentence: string, code: number): number {
    stderr.write(`${sentence}\n`)
    return code
  }
}

function command(context: CliContext, end: (exitCode: number) => void): Command {
  const { config, stdout, stderr } = context
  const dateline = new Command('dateline')
    .description('What editors and ops do from a terminal.')
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
  dateline
    .command('import-article')
    .description('Shows the event and the updates that a copied page makes, and what it leaves out.')
    .argument('<file>', 'the page, as text or as HTML (.html, .htm)')
    .option('--language <tag>', 'its language (default: told from the words)', readLanguage)
    .option('--zone <zone>', 'the time zone of times that name none (default: UTC)', readZone)
    .option('--json', 'print the drafts as JSON, as POST /v1/events/import answers them')
    .option('--post', 'confirm: post the event, then the updates; doing it again adds nothing')
    .option('--event <id>', 'with --post: the event to post to (default: by the headline)', readEventId)
    .option('--url <url>', 'with --post: where Dateline is', readUrl, serverUrl(config))
    .option('--token <token>', "with --post: an editor's bearer token (default in development: one made here)")
    .copyInheritedSettings(dateline)
    .addHelpText('after', EXIT_CODES)
    .action(async (file: string, options: ImportOptions) => {
      // What reads pages takes a second to load: nobody else waits for it.
      const { importPage } = await import('./import-page.ts')
      end(await importPage(file, options, context))
    })
  dateline
    .command('renormalize')
    .description("Runs what was typed for an event's updates through today's steps, and shows what readers would see.")
    .argument('<event>', "the event's id", readEventId)
    .option('--dry-run', 'only show it')
    .option('--yes', 'append the revisions without asking')
    .option('--json', 'print JSON; nothing is asked then')
    .copyInheritedSettings(dateline)
    .addHelpText('after', `\nIt speaks to Redis itself (REDIS_URL, or the one that npm start runs).\n${EXIT_CODES}`)
    .action(async (event: string, options: RenormalizeOptions) => {
      const { renormalize } = await import('./renormalize.ts')
      end(await renormalize(event, options, context))
    })
  addArchiveCommands(dateline, context, EXIT_CODES, end)
  addStoreCommands(dateline, context, EXIT_CODES, end)
  addEventCommands(dateline, context, EXIT_CODES, end)
  addAuditCommand(dateline, context, end)
  addReplayCommands(dateline, context, EXIT_CODES, end)
  addOpsCommands(dateline, context, EXIT_CODES, end)
  addDeadLetterCommands(dateline, context, EXIT_CODES, end)
  addDoctorCommand(dateline, context, end)
  addUserCommands(dateline, context, EXIT_CODES, end)
  withTokenOptions(dateline.command('token'))
    .addHelpText('after', EXIT_CODES)
    .action(async (options: TokenOptions) => end(await told(options, context, () => runToken(options, context))))
  // The last one: it completes what was added before.
  addCompletion(dateline, context)
  return dateline
}
