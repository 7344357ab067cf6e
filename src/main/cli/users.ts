import { z } from 'zod'
import type { UserChange } from '../../feed/access/users.ts'
import { Refusal } from '../../foundation/errors.ts'
import { createTokens, findSecret } from '../../foundation/tokens.ts'
import { MAX_TOKEN_LENGTH, User } from '../../protocol/access.ts'
import { EXIT, UsageError } from '../command-line.ts'
import type { Store } from '../open-store.ts'
import type { CliContext } from './command.ts'
import { revokedText } from './revoke-tokens.ts'
import { terminalActor } from './terminal-actor.ts'
import { columns, oneLine } from './terminal-text.ts'
import { withStore } from './with-store.ts'

export interface UserOptions {
  readonly json?: true
}
export interface AddUserOptions extends UserOptions {
  readonly role: User['roles']
  readonly name?: string
  readonly event?: readonly string[]
}
export interface SetUserOptions extends UserOptions, Partial<Omit<AddUserOptions, 'json'>> {
  readonly allEvents?: true
}
export interface UserTokenOptions extends UserOptions {
  readonly expires: string
}
export interface EndUserOptions extends UserOptions {
  readonly reason?: string
}

const Given = User.pick({ name: true, events: true }).partial()

/** `users list`. Each of these resolves with the exit code, and throws UsageErrors and Refusals. */
export async function listUsers({ json }: UserOptions, context: CliContext): Promise<number> {
  const { stdout } = context
  return await withStore(context, async ({ users }) => {
    const all = await users.list()
    if (json === true) stdout.write(`${JSON.stringify({ users: all }, undefined, 2)}\n`)
    else stdout.write(all.length === 0 ? 'There are no users.\n' : columns(all.map(userRow)))
    return EXIT.done
  })
}

export async function addUser(sub: string, options: AddUserOptions, context: CliContext): Promise<number> {
  const { role: roles, name = sub, event: events } = options
  refuseWrong({ name, events })
  const draft = { sub, name, roles, ...(events === undefined ? {} : { events: [...events] }) }
  return await withStore(context, async ({ users }) => {
    const user = await users.add(draft, deed('user-added', draft), new Date())
    if (user === undefined) throw new UsageError(`There is a user ${sub} already: change them with set.`)
    return tell(options, context, user, `Added: ${userText(user)}`)
  })
}

/** Whoever's rights are changed needs a new token: one that was issued before may have more. */
export async function setUser(sub: string, options: SetUserOptions, context: CliContext): Promise<number> {
  const { role: roles, name, event, allEvents } = options
  if (event !== undefined && allEvents === true) throw new UsageError('Give --event or --all-events, not both.')
  const events = allEvents === true ? null : event
  const changes = Object.fromEntries(Object.entries({ name, roles, events }).filter(([, value]) => value !== undefined))
  if (Object.keys(changes).length === 0)
    throw new UsageError('Give what to change: --role, --event, --all-events, --name.')
  refuseWrong({ name, events: event })
  return await withStore(context, async store => {
    const user = await store.users.change(sub, changes, deed('user-changed', { sub, ...changes }), new Date())
    const isOther = roles !== undefined || events !== undefined
    const revoked = isOther ? await revokeAll(store, sub, 'Their rights were changed.') : undefined
    return tell(options, context, user, `Changed: ${userText(user)}`, revoked)
  })
}

/** The token alone; with `--json` also what it says. */
export async function issueToken(sub: string, options: UserTokenOptions, context: CliContext): Promise<number> {
  const { expires, json } = options
  const { config, stdout } = context
  const tokens = createTokens(await findSecret(config.auth), config.auth)
  return await withStore(context, async ({ users, audit }) => {
    const user = await users.find(sub)
    if (user.state === 'blocked') throw new Refusal('not-allowed', `${sub} is blocked: unblock them first.`)
    const { name, roles, events } = user
    const claims = { sub, name, roles, ...(events === undefined ? {} : { events }) }
    const token = await tokens.sign(claims, expires)
    if (token.length > MAX_TOKEN_LENGTH)
      throw new Refusal('too-large', `A token for so many events of ${sub} is too long.`)
    const { tokenId: jti, expiresAt } = await tokens.verify(token)
    const until = new Date(expiresAt).toISOString()
    await audit.recordForAll(deed('user-token-issued', { sub, jti, expiresAt: until }), new Date())
    // Blocked or changed from now on, they have this one revoked with the others.
    if ((await users.find(sub)).changedAt !== user.changedAt) {
      throw new Refusal('unavailable', `${sub} was changed meanwhile. Try again.`)
    }
    stdout.write(json === true ? `${JSON.stringify({ token, ...claims, jti, expiresAt: until })}\n` : `${token}\n`)
    return EXIT.done
  })
}

export async function blockUser(sub: string, options: EndUserOptions, context: CliContext): Promise<number> {
  return await withStore(context, async store => {
    const { user, revoked } = await block(store, sub, options)
    return tell(options, context, user, `Blocked: ${userText(user)}`, revoked)
  })
}

export async function unblockUser(sub: string, options: UserOptions, context: CliContext): Promise<number> {
  return await withStore(context, async ({ users }) => {
    const user = await users.change(sub, { state: 'active' }, deed('user-unblocked', { sub }), new Date())
    return tell(options, context, user, `Not blocked any more: ${userText(user)}`)
  })
}

/** Blocked first: wherever this is interrupted, repeating it does the rest. */
export async function removeUser(sub: string, options: EndUserOptions, context: CliContext): Promise<number> {
  return await withStore(context, async store => {
    const { revoked } = await block(store, sub, options)
    const user = await store.users.remove(sub, deed('user-removed', { sub, ...reasonIn(options) }), new Date())
    return tell(options, context, user, `Removed: ${userText(user)}`, revoked)
  })
}

/** No token is issued from then on; then those that were are revoked. Repeating it does both again. */
async function block(store: Store, sub: string, options: EndUserOptions) {
  const said = deed('user-blocked', { sub, ...reasonIn(options) })
  const user = await store.users.change(sub, { state: 'blocked' }, said, new Date())
  return { user, revoked: await revokeAll(store, sub, options.reason ?? 'They were blocked.') }
}

function revokeAll({ revocations }: Store, sub: string, reason: string) {
  return revocations.revoke({ sub, reason }, terminalActor(), new Date())
}

function deed(action: string, detail: object) {
  return { ...terminalActor(), action, detail: { ...detail } }
}

function reasonIn({ reason }: EndUserOptions): { reason?: string } {
  return reason === undefined ? {} : { reason }
}

function refuseWrong(given: Pick<UserChange, 'name' | 'events'>): void {
  const checked = Given.safeParse(given)
  if (!checked.success) throw new UsageError(z.prettifyError(checked.error))
}

function tell(
  { json }: UserOptions,
  { stdout }: CliContext,
  user: User,
  sentence: string,
  revoked?: Parameters<typeof revokedText>[0],
): number {
  const all = { ...user, ...(revoked === undefined ? {} : { revokedUntil: revoked.at }) }
  if (json === true) stdout.write(`${JSON.stringify(all, undefined, 2)}\n`)
  else
    stdout.write([sentence, ...(revoked === undefined ? [] : [revokedText(revoked)])].map(line => `${line}\n`).join(''))
  return EXIT.done
}

function userText(user: User): string {
  return userRow(user)
    .filter(cell => cell !== '')
    .join(', ')
}

function userRow({ sub, name, roles, events, state }: User): string[] {
  return [
    oneLine(sub),
    oneLine(name),
    roles.join('+'),
    events?.join(' ') ?? 'all events',
    state === 'blocked' ? state : '',
  ]
}
