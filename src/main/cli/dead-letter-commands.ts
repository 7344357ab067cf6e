import { type Command, InvalidArgumentError } from 'commander'
import { readEventId } from '../command-line.ts'
import type { CliContext } from './command.ts'
import {
  type DiscardOptions,
  discardLetters,
  type ListLettersOptions,
  listLetters,
  type RetryOptions,
  retryLetters,
  showLetter,
} from './dead-letters.ts'
import { withServer } from './server.ts'

/** `dead-letters`: what could not be published. For ops. */
export function addDeadLetterCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  const letters = dateline
    .command('dead-letters')
    .description('Lists what could not be published, and tries it again or discards it.')
    .addHelpText('after', exitCodes)
  const sub = (name: string, description: string) =>
    withServer(letters.command(name).description(description), context)
      .option('--json', 'print JSON')
      .addHelpText('after', exitCodes)

  sub('list', 'Lists the dead letters of an event, or of all.')
    .argument('[event]', "the event's id", readEventId)
    .action(async (event: string | undefined, options: ListLettersOptions) =>
      end(await listLetters(event, options, context)),
    )
  sub('show', 'Shows one: what was sent, the step that broke, its error, and how often it was tried.')
    .argument('<event>', "the event's id", readEventId)
    .argument('<number>', 'its accept number', readNumber)
    .action(async (event: string, number: number, options: ListLettersOptions) =>
      end(await showLetter(event, number, options, context)),
    )
  sub('retry', 'Accepts some or all anew, and tells what each is now. A new number tells where to look.')
    .argument('<event>', "the event's id", readEventId)
    .argument('[numbers...]', 'their accept numbers', readNumbers)
    .option('--all', 'all of the event')
    .option('--draft <file>', 'with one number: a merge patch of what was sent, as JSON')
    .option('--over <version>', 'with one number: also over this version, which was accepted later', readNumber)
    .action(async (event: string, numbers: number[] | undefined, options: RetryOptions) =>
      end(await retryLetters(event, numbers ?? [], options, context)),
    )
  sub('discard', 'Takes some off the list. They are kept whole, with who did it, when and why.')
    .argument('<event>', "the event's id", readEventId)
    .argument('<numbers...>', 'their accept numbers', readNumbers)
    .requiredOption('--reason <sentence>', 'why: it is kept with them')
    .action(async (event: string, numbers: number[], options: DiscardOptions) =>
      end(await discardLetters(event, numbers, options, context)),
    )
}

function readNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Must be a whole number, 1 or more.')
}

function readNumbers(text: string, before: readonly number[] = []): number[] {
  return [...before, readNumber(text)]
}
