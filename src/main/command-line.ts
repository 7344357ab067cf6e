import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Config } from '../foundation/config.ts'
import { createTokens, findSecret, type Role } from '../foundation/tokens.ts'
import { LanguageTag, TimeZone } from '../protocol/text.ts'
import { EventId } from '../protocol/update.ts'

/** Where a command writes to. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** What every command ends with. */
export const EXIT = { done: 0, notDone: 1, usage: 2 } as const

/** Wrong usage, as a sentence that says what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Relative to where the user stands. Throws UsageError. */
export async function readBytes(config: Config, path: string): Promise<Uint8Array> {
  const whole = resolve(config.cwd, path)
  try {
    return await readFile(whole)
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException
    throw new UsageError(`Cannot read ${whole} (${code}).`, { cause })
  }
}

/** The address of the server that a command speaks to: DATELINE_URL, or the one of this configuration. */
export function serverUrl({ cli, http: { host, port } }: Config): string {
  return cli.url ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
}

/**
 * DATELINE_TOKEN, or a token with these roles made with the secret that a development server has. Throws UsageError in
 * production.
 */
export async function developmentToken(
  { environment, auth, cli }: Config,
  name: string,
  roles: readonly Role[] = ['editor'],
): Promise<string> {
  if (cli.token !== undefined) return cli.token
  if (environment === 'production') {
    throw new UsageError(`In production, give a token with the role ${roles.join(', ')}: --token or DATELINE_TOKEN.`)
  }
  const tokens = createTokens(await findSecret(auth))
  return tokens.sign({ sub: name.toLowerCase(), name, roles }, '24h')
}

export function readEventId(text: string): string {
  const id = EventId.safeParse(text)
  if (!id.success) throw new InvalidArgumentError(id.error.issues[0]?.message ?? 'Must be an event id.')
  return id.data
}

export function readUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('Must be an http or https URL.')
  return text
}

export function readLanguage(text: string): string {
  const tag = LanguageTag.safeParse(text)
  if (!tag.success) throw new InvalidArgumentError(tag.error.issues[0]?.message ?? 'Must be a language tag.')
  return tag.data
}

export function readZone(text: string): string {
  const zone = TimeZone.safeParse(text)
  if (!zone.success) throw new InvalidArgumentError(zone.error.issues[0]?.message ?? 'Must be a time zone.')
  return zone.data
}
