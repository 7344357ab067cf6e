import { type Command, InvalidArgumentError } from 'commander'
import { Reason, Sub } from '../../protocol/access.ts'
import { EventId } from '../../protocol/update.ts'
import { ABOUT_REDIS, told } from './archive-commands.ts'
import type { CliContext } from './command.ts'
import { readRoles, readTime } from './token-command.ts'
import type { AddUserOptions, EndUserOptions, SetUserOptions, UserOptions, UserTokenOptions } from './users.ts'

type Run<Options> = (users: typeof import('./users.ts'), sub: string, options: Options) => Promise<number>

/** `users`: who is in the newsroom, where no identity provider knows it. */
export function addUserCommands(
  dateline: Command,
  context: CliContext,
  exitCodes: string,
  end: (exitCode: number) => void,
): void {
  const users = dateline
    .command('users')
    .description('Keeps who is in the newsroom and in which role, for those without an identity provider.')
    .addHelpText('after', ABOUT_REDIS + exitCodes)

  const run = <Options extends UserOptions>(
    options: Options,
    work: (loaded: typeof import('./users.ts')) => Promise<number>,
  ) => told(options, context, async () => await work(await import('./users.ts'))).then(end)
  const command = (name: string, description: string) =>
    users.command(name).description(description).option('--json', 'print JSON').addHelpText('after', exitCodes)
  const aboutOne = <Options extends UserOptions>(name: string, description: string, act: Run<Options>) =>
    command(name, description)
      .argument('<sub>', 'whom it is about, as in their tokens', readSub)
      .action((sub: string, options: Options) => run(options, loaded => act(loaded, sub, options)))

  command('list', 'Lists all.').action((options: UserOptions) =>
    run(options, loaded => loaded.listUsers(options, context)),
  )
  aboutOne<AddUserOptions>('add', 'Adds somebody.', (loaded, sub, options) => loaded.addUser(sub, options, context))
    .requiredOption('--role <roles>', 'one or more of contributor, editor, ops, separated by commas', readRoles)
    .option('--name <name>', 'the name shown as author (default: the sub)')
    .option('--event <ids>', 'only for these events, separated by commas; may be repeated', readEvents)
  aboutOne<SetUserOptions>(
    'set',
    'Changes what somebody may do, or their name. With other rights, all tokens issued until then are revoked.',
    (loaded, sub, options) => loaded.setUser(sub, options, context),
  )
    .option('--role <roles>', 'their roles from now on', readRoles)
    .option('--event <ids>', 'only for these events from now on, separated by commas; may be repeated', readEvents)
    .option('--all-events', 'for all events from now on')
    .option('--name <name>', 'their name from now on')
  aboutOne<UserTokenOptions>('token', 'Prints a token with the rights that somebody has.', (loaded, sub, options) =>
    loaded.issueToken(sub, options, context),
  ).option('--expires <time>', 'how long it holds, such as 30m, 8h or 7d', readTime, '8h')
  aboutOne<EndUserOptions>(
    'block',
    'Revokes all tokens of somebody at once, and issues no more.',
    (loaded, sub, options) => loaded.blockUser(sub, options, context),
  ).option('--reason <text>', 'why, for the audit trail', readReason)
  aboutOne<UserOptions>(
    'unblock',
    'Lets tokens be issued again; those that were revoked stay so.',
    (loaded, sub, options) => loaded.unblockUser(sub, options, context),
  )
  aboutOne<EndUserOptions>(
    'remove',
    'Revokes all tokens of somebody at once, and forgets them.',
    (loaded, sub, options) => loaded.removeUser(sub, options, context),
  ).option('--reason <text>', 'why, for the audit trail', readReason)
}

function readSub(text: string): string {
  const sub = Sub.safeParse(text)
  if (!sub.success) throw new InvalidArgumentError(sub.error.issues[0]?.message ?? 'Must be a sub.')
  return sub.data
}

function readReason(text: string): string {
  const reason = Reason.safeParse(text)
  if (!reason.success) throw new InvalidArgumentError(reason.error.issues[0]?.message ?? 'Must be a sentence.')
  return reason.data
}

function readEvents(text: string, before: readonly string[] = []): string[] {
  const ids = text.split(',').map(id => EventId.safeParse(id.trim()))
  return [
    ...before,
    ...ids.map(id => {
      if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'Must be ids of events.')
      return id.data
    }),
  ]
}
