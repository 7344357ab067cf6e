import { type Command, InvalidArgumentError } from 'commander'
import { readEventId } from '../command-line.ts'
import { ABOUT_REDIS, told } from './archive-commands.ts'
import { type AuditOptions, auditEvent } from './audit-event.ts'
import type { CliContext } from './command.ts'

const EXIT_CODES = `
Exit codes:
  0  nothing is missing or doubled, and the chain is whole
  1  something is, or Redis did not answer; with --watch, as of the last look
  2  wrong usage`

/** Numbers told one by one, at most. */
const MAX_LIMIT = 1_000

/** `audit`: where every accept number went, and when. */
export function addAuditCommand(dateline: Command, context: CliContext, end: (exitCode: number) => void): void {
  dateline
    .command('audit')
    .description('Follows each accept number of an event to its entry and to the gateways, and says what is missing.')
    .argument('<event>', "the event's id", readEventId)
    .option('--limit <number>', 'tell so many of the newest numbers one by one', readLimit, 20)
    .option('--watch', 'look again every 2 s, until Ctrl-C')
    .option('--json', 'print what was found as JSON; with --watch a line each time')
    .copyInheritedSettings(dateline)
    .addHelpText('after', ABOUT_REDIS + EXIT_CODES)
    .action(async (event: string, options: AuditOptions) =>
      end(await told(options, context, () => auditEvent(event, options, context))),
    )
}

function readLimit(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : -1
  if (number < 0 || number > MAX_LIMIT) throw new InvalidArgumentError(`Must be a number from 0 to ${MAX_LIMIT}.`)
  return number
}
