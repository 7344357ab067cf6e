import { type Command, InvalidArgumentError, Option } from 'commander'
import { MAX_WAIT_SECONDS } from '../../foundation/http/preferences.ts'
import { EVENT_STATUSES } from '../../protocol/event.ts'
import { readEventId } from '../command-line.ts'
import type { CliContext } from './command.ts'
import { type ListOptions, listEvents, type ShowOptions, showEvent } from './list-events.ts'
import { type PostOptions, postUpdate } from './post-update.ts'
import { gatewayOption, withServer } from './server.ts'
import { readStart, type TailOptions, tailEvent } from './tail-event.ts'

/** Seconds for which a submission's end is waited for by default, and a post repeated. */
const WAIT_S = 10
const RETRY_S = 60

/** `events`, `post` and `tail`: what editors and readers do, at a terminal. */
export function addEventCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  const events = dateline
    .command('events')
    .description('Lists the events, or shows one.')
    .addHelpText('after', exitCodes)
  withServer(events.command('list', { isDefault: true }).description('Lists the events, newest first.'), context)
    .addOption(new Option('--status <status>', 'only those with this status').choices(EVENT_STATUSES))
    .option('--json', 'print them as JSON')
    .addHelpText('after', exitCodes)
    .action(async (options: ListOptions) => end(await listEvents(options, context)))
  withServer(events.command('show').description('Shows an event and where its feed stands.'), context)
    .argument('<event>', "the event's id", readEventId)
    .option('--json', 'print it as JSON')
    .addHelpText('after', exitCodes)
    .action(async (event: string, options: ShowOptions) => end(await showEvent(event, options, context)))
  withServer(dateline.command('post').description('Posts an update, and tells what became of it.'), context)
    .argument('<event>', "the event's id", readEventId)
    .argument('[text]', 'its words; - or nothing: standard input')
    .option('--headline <headline>', 'its headline')
    .option('--key-event', 'one of the moments that matter')
    .option('--breaking', 'breaking news')
    .option('--happened-at <time>', "when it happened: RFC 3339, or a local time of the event's zone (default: now)")
    .addOption(
      new Option('--format <format>', 'how the words are written')
        .choices(['text', 'markdown', 'html'])
        .default('text'),
    )
    .option(
      '--wait <seconds>',
      'wait so long for its end; 0: be content with its acceptance',
      seconds(MAX_WAIT_SECONDS),
      WAIT_S,
    )
    .option('--retry-for <seconds>', 'repeat so long while Dateline cannot take it', seconds(3_600), RETRY_S)
    .option('--idempotency-key <key>', 'repeats an earlier post under its key: it is published once')
    .option('--json', 'print what became of it as JSON')
    .addHelpText('after', exitCodes)
    .action(async (event: string, text: string | undefined, options: PostOptions) =>
      end(await postUpdate(event, text, options, context)),
    )
  withServer(dateline.command('tail').description("Shows an event's entries as they come, until Ctrl-C."), context)
    .argument('<event>', "the event's id", readEventId)
    .option('--from <seq>', 'the first entry to show; start: all of them; now: only those to come', readStart, 'now')
    .addOption(gatewayOption())
    .option('--json', 'print each entry as its line of JSON')
    .addHelpText('after', exitCodes)
    .action(async (event: string, options: TailOptions) => end(await tailEvent(event, options, context)))
}

function seconds(most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= 0 && value <= most) return value
    throw new InvalidArgumentError(`Must be 0 to ${most}.`)
  }
}
